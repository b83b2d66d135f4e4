"""The places that a text may have, kind by kind: what each means, and an invented example of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.mail.domain.render import BUTTON, places, text_for
from conference.mail.enums import Kind


@dataclass(frozen=True)
class Place:
    meaning: str | Promise
    fr: str
    en: str

    def example(self, language: str) -> str:
        return self.en if language == "en" else self.fr


_DATES_FR = (
    "- **Première fin de semaine**\u00a0: samedi 16\u00a0janvier 2027, de\u00a09\u00a0h\u00a030 à\u00a017\u00a0h, 12 rue des Tilleuls, Lyon\n"
    "- **Délibération**\u00a0: samedi 6\u00a0février 2027, de\u00a09\u00a0h\u00a030 à\u00a018\u00a0h, 12 rue des Tilleuls, Lyon"
)
_DATES_EN = (
    "- **First weekend**: Saturday 16\u00a0January 2027, 9.30\u00a0am to 5\u00a0pm, 12 rue des Tilleuls, Lyon\n"
    "- **Deliberation**: Saturday 6\u00a0February 2027, 9.30\u00a0am to 6\u00a0pm, 12 rue des Tilleuls, Lyon"
)

PLACES: dict[str, Place] = {
    "first_name": Place(_("the person’s first name"), "Camille", "Camille"),
    "conference": Place(_("the title of the conference"), "L’eau de notre vallée", "The water of our valley"),
    "question": Place(
        _("the question put to the citizens"),
        "Comment partager l’eau de notre vallée quand elle vient à manquer\u00a0?",
        "How should we share the water of our valley when it runs short?",
    ),
    "commissioner": Place(_("who commissions the conference"), "Conseil départemental", "The county council"),
    "organiser": Place(_("who organises the conference"), "Bureau des conférences", "Office of conferences"),
    "contact": Place(
        _("the contact: name, address, telephone"),
        "Claire Fontaine · contact@example.org · 01\u00a099\u00a000\u00a000\u00a000",
        "Claire Fontaine · contact@example.org · +33\u00a01\u00a099\u00a000\u00a000\u00a000",
    ),
    BUTTON: Place(_("the button with the personal link, in a paragraph of its own"), "", ""),
    "deadline": Place(
        _("the day and hour by which the answer is needed"),
        "vendredi 4\u00a0décembre 2026 à\u00a018\u00a0h",
        "Friday 4\u00a0December 2026 at\u00a06\u00a0pm",
    ),
    "seat_dates": Place(_("the list of the sessions, in a paragraph of its own"), _DATES_FR, _DATES_EN),
    "allowance": Place(_("what a citizen receives for each day"), "90\u00a0€ par jour.", "€90 a day."),
    "support": Place(
        _("travel, lodging, meals, childcare, access"),
        "Train, hôtel et repas sont réservés et payés pour vous.",
        "Train, hotel and meals are booked and paid for you.",
    ),
    "why": Place(
        _("why this person: drawn by lot, from how many"),
        "Vous avez été tiré au sort parmi 412 volontaires, pour que le panel reflète la diversité de la population.",
        "You were drawn by lot from 412 volunteers, so that the panel reflects the diversity of the population.",
    ),
    "chance": Place(_("the probability that this person would be drawn"), "4\u00a0%", "4%"),
    "deadline_confirm": Place(_("how long the person has to confirm"), "7 jours", "7 days"),
    "erase_on": Place(_("the day on which personal data are erased"), "30\u00a0juin 2027", "30\u00a0June 2027"),
    "reference": Place(_("the person’s reference"), "V-0042", "V-0042"),
    "session": Place(_("the title of the session"), "Première fin de semaine", "First weekend"),
    "session_date": Place(
        _("the day and hours of the session"),
        "samedi 16\u00a0janvier 2027, de\u00a09\u00a0h\u00a030 à\u00a017\u00a0h",
        "Saturday 16\u00a0January 2027, 9.30\u00a0am to 5\u00a0pm",
    ),
    "place": Place(_("where the session takes place"), "12 rue des Tilleuls, Lyon", "12 rue des Tilleuls, Lyon"),
    "change": Place(_("what changed, in words"), "a changé", "has changed"),
    "pool": Place(_("how many people took part in the draw"), "412", "412"),
    "seats": Place(_("how many seats the panel has"), "18", "18"),
    "pledge": Place(
        _("what the commissioner has promised to answer, and by when"),
        "Le commanditaire répondra publiquement à chaque recommandation dans les trois mois.",
        "The commissioner will answer each recommendation in public within three months.",
    ),
    "sessions": Place(
        _("when the expert speaks, on what and for how long, in a paragraph of its own"),
        "- samedi 16\u00a0janvier 2027, de\u00a09\u00a0h\u00a030 à\u00a017\u00a0h · 12 rue des Tilleuls, Lyon · exposé de 15 minutes",
        "- Saturday 16\u00a0January 2027, 9.30\u00a0am to 5\u00a0pm · 12 rue des Tilleuls, Lyon · a talk of 15 minutes",
    ),
    "questions": Place(
        _("the questions that the expert has not answered yet, as a list in a paragraph of its own"),
        "- Qui surveille la qualité de l’eau, et qui paie\u00a0?\n- Que sait-on des effets à long terme\u00a0?",
        "- Who watches the quality of the water, and who pays?\n- What is known of long-term effects?",
    ),
    "changes": Place(
        _("what changed for this person, as a list in a paragraph of its own"),
        "- **Ouverture par les trois experts**\u00a0: à\u00a010\u00a0h\u00a015, et non plus à\u00a09\u00a0h\u00a045 (samedi 13\u00a0mars 2027)",
        "- **Opening by the three experts**: at\u00a010.15\u00a0am, no longer at\u00a09.45\u00a0am (Saturday 13\u00a0March 2027)",
    ),
    "programme": Place(
        _("what this person leads or speaks in, as a list in a paragraph of its own"),
        "- samedi 13\u00a0mars 2027, de\u00a010\u00a0h\u00a015 à\u00a010\u00a0h\u00a035\u00a0: Ouverture par les trois experts, grande salle",
        "- Saturday 13\u00a0March 2027, 10.15\u00a0am to 10.35\u00a0am: Opening by the three experts, great hall",
    ),
    "citizens": Place(
        _("to whom the expert speaks"),
        "Vous parlerez à 18 citoyens tirés au sort, qui ne sont pas spécialistes du sujet.",
        "You will speak to 18 citizens drawn by lot, who are not specialists of the subject.",
    ),
    "briefing": Place(_("the title of the briefing"), "Parler aux citoyens", "Speaking to the citizens"),
    "number": Place(_("the version of the briefing or of the programme"), "2", "2"),
    "published": Place(
        _("the day on which the briefing was published"), "lundi 4\u00a0janvier 2027", "Monday 4\u00a0January 2027"
    ),
    "code": Place(_("the code of six digits"), "481\u00a0507", "481\u00a0507"),
    "minutes": Place(_("for how many minutes the code holds"), "10", "10"),
    "decision": Place(
        _("what was decided about fee and travel"),
        "Votre relevé est accepté\u00a0: il part au paiement.",
        "Your account is accepted and goes to payment.",
    ),
    "amount": Place(_("the sum of fee and travel"), "412,60\u00a0€", "€412.60"),
    "note": Place(
        _("the organiser’s question about fee and travel, if there is one"),
        "Pouvez-vous joindre le billet du retour\u00a0?",
        "Could you add the ticket of the way back?",
    ),
    "waiting": Place(
        _("what awaits this member of the committee, as a list in a paragraph of its own"),
        "- Irène Caumont (hydrologie, université de Lyon), pour la liste longue\n- le tableau d’équilibre, à signer avant que les invitations partent",
        "- Irène Caumont (hydrology, University of Lyon), for the long list\n- the balance board, to sign before invitations leave",
    ),
    "role": Place(_("the colleague’s role"), "Garant", "Guarantor"),
    "added_by": Place(_("who added the colleague"), "Claire Fontaine", "Claire Fontaine"),
}
COMMON = ("first_name", "conference", "question", "commissioner", "organiser", "contact")
ALONE = frozenset(
    {BUTTON, "seat_dates", "sessions", "changes", "programme", "waiting"}
)  # lists and the button take a paragraph of their own

_INVITATION = ("deadline", "seat_dates", "allowance", "support", "why", "chance")
OWN: dict[Kind, tuple[str, ...]] = {
    Kind.REGISTRATION_CONFIRM: ("deadline_confirm", "erase_on"),
    Kind.REGISTRATION_CONFIRMED: ("reference", "erase_on"),
    Kind.INVITATION: _INVITATION,
    Kind.CALL_UP: _INVITATION,
    Kind.INVITATION_REMINDER: _INVITATION,
    Kind.ACCEPTED: ("seat_dates", "deadline", "support"),
    Kind.DECLINED: ("deadline",),
    Kind.SESSION_REMINDER: ("session", "session_date", "place"),
    Kind.SESSION_CHANGED: ("session", "session_date", "place", "change"),
    Kind.NOT_DRAWN: ("pool", "seats", "erase_on"),
    Kind.THANKS: ("pledge", "erase_on"),
    Kind.EXPERT_INVITATION: ("sessions", "citizens"),
    Kind.EXPERT_ACCEPTED: ("sessions",),
    Kind.EXPERT_SESSION_CHANGED: ("session", "session_date", "place", "change", "sessions"),
    Kind.EXPERT_PROGRAMME: ("number", "changes", "programme"),
    Kind.EXPERT_CODE: ("code", "minutes"),
    Kind.EXPERT_CLAIM: ("decision", "amount", "note"),
    Kind.EXPERT_THANKS: (),
    Kind.BRIEFING_CHANGED: ("briefing", "number", "change"),
    Kind.QUESTIONS_ASKED: ("questions", "deadline"),
    Kind.ANSWERS_DUE: ("questions", "deadline"),
    Kind.BRIEFING_REMINDER: ("briefing", "number", "published"),
    Kind.COMMITTEE_ASKED: ("waiting",),
    Kind.TEAM_PROGRAMME: ("number", "changes", "programme"),
    Kind.COLLEAGUE_ADDED: ("role", "added_by"),
}
EDITABLE = tuple(OWN)
# Beside the button: what the message would be no use without.
_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.INVITATION: ("deadline",),
    Kind.CALL_UP: ("deadline",),
    Kind.INVITATION_REMINDER: ("deadline",),
    Kind.SESSION_REMINDER: ("session", "session_date"),
    Kind.SESSION_CHANGED: ("session", "change"),
    Kind.EXPERT_SESSION_CHANGED: ("session", "change"),
    Kind.EXPERT_PROGRAMME: ("changes",),
    Kind.COMMITTEE_ASKED: ("waiting",),
    Kind.TEAM_PROGRAMME: ("changes",),
    Kind.BRIEFING_CHANGED: ("briefing",),
    Kind.QUESTIONS_ASKED: ("questions", "deadline"),
    Kind.ANSWERS_DUE: ("deadline",),
    Kind.BRIEFING_REMINDER: ("briefing",),
    Kind.EXPERT_CODE: ("code",),
    Kind.EXPERT_CLAIM: ("decision", "note"),
}
# A few examples that one word cannot serve.
_OF_KIND: dict[tuple[Kind, str], tuple[str, str]] = {
    (Kind.BRIEFING_CHANGED, "change"): (
        "Ce qui a changé\u00a0: la durée de votre exposé, 15 minutes au lieu de 20.",
        "What changed: the length of your talk, 15 minutes instead of 20.",
    ),
}
LABELS: dict[Kind, str | Promise] = {
    Kind.REGISTRATION_CONFIRM: _("Confirm my registration"),
    Kind.REGISTRATION_CONFIRMED: _("See or withdraw my registration"),
    Kind.INVITATION: _("Read the invitation and answer"),
    Kind.CALL_UP: _("Read the invitation and answer"),
    Kind.INVITATION_REMINDER: _("Read the invitation and answer"),
    Kind.ACCEPTED: _("See my answer and what I need"),
    Kind.SESSION_REMINDER: _("See the programme and my answer"),
    Kind.SESSION_CHANGED: _("See the programme and my answer"),
    Kind.NOT_DRAWN: _("See or withdraw my registration"),
    Kind.THANKS: _("See the page of the conference"),
    Kind.EXPERT_INVITATION: _("Read and answer"),
    Kind.EXPERT_ACCEPTED: _("Open my page"),
    Kind.EXPERT_SESSION_CHANGED: _("Open my page"),
    Kind.EXPERT_PROGRAMME: _("Open my page"),
    Kind.EXPERT_CLAIM: _("Open my page"),
    Kind.EXPERT_THANKS: _("See the page of the conference"),
    Kind.BRIEFING_CHANGED: _("Read the briefing"),
    Kind.QUESTIONS_ASKED: _("Answer the questions"),
    Kind.ANSWERS_DUE: _("Answer the questions"),
    Kind.BRIEFING_REMINDER: _("Read the briefing"),
    Kind.COMMITTEE_ASKED: _("Say what I think"),
    Kind.TEAM_PROGRAMME: _("Open the programme"),
    Kind.COLLEAGUE_ADDED: _("Open the conference"),
}


def has_button(kind: Kind) -> bool:
    return BUTTON in places(text_for(kind, "fr")[1])


def known(kind: Kind) -> tuple[str, ...]:
    """The places that a text of this kind may have; a free message has the common ones."""
    if kind not in OWN:
        return COMMON
    return (*COMMON, *OWN[kind], *((BUTTON,) if has_button(kind) else ()))


def needed(kind: Kind) -> tuple[str, ...]:
    """Those that it must have."""
    if kind not in OWN:
        return ()
    return (*_NEEDED.get(kind, ()), *((BUTTON,) if has_button(kind) else ()))


def examples(kind: Kind, language: str) -> Mapping[str, str]:
    """An invented value for each place."""
    values = {name: PLACES[name].example(language) for name in known(kind) if name != BUTTON}
    for (of, name), (french, english) in _OF_KIND.items():
        if of == kind:
            values[name] = english if language == "en" else french
    return values
