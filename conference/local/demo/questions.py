"""The citizens' questions of the demo: settled and put to four experts for the water, of whom some have answered."""

from conference.enums import Role
from conference.local.demo.timetable import at
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Membership, User
from experts.domain import questions as domain
from experts.enums import ExpertState
from experts.models import Ask, Expert

QUESTIONS: list[tuple[str, str, list[str]]] = [  # text, why, who answers
    (
        "Que reste-t-il dans l’eau après le traitement, et qui le mesure ?",
        "On nous a parlé de résidus de médicaments. Nous voulons savoir ce qui est cherché, et ce qui ne l’est pas.",
        ["Roumieu", "Vauclair"],
    ),
    (
        "Si l’on reprend cette eau, que reste-t-il à la rivière au mois d’août ?",
        "L’Arros coule surtout, l’été, de ce que rejettent les stations.",
        ["Castaing", "Vauclair"],
    ),
    (
        "Qui aura droit à cette eau quand il n’y en aura pas pour tout le monde ?",
        "",
        ["Etchegaray", "Castaing"],
    ),
    (
        "Combien cela coûtera-t-il sur la facture d’un ménage, et qui décidera du prix ?",
        "Plusieurs d’entre nous ont du mal à payer la leur.",
        ["Vauclair", "Etchegaray"],
    ),
    (
        "Mangeriez-vous, vous-même, les légumes arrosés avec cette eau ?",
        "",
        ["Roumieu", "Etchegaray", "Castaing"],
    ),
]

ANSWERS: dict[tuple[int, str], str] = {
    (
        1,
        "Vauclair",
    ): """Après une station classique, il reste un peu de tout ce que nous rejetons : des sels, des traces de
médicaments, quelques bactéries. Pour réutiliser l’eau, nous ajoutons un filtre fin et une lampe à ultraviolets. Les bactéries
tombent alors à moins de dix par litre. **Les traces de médicaments, elles, ne partent pas toutes.**

L’exploitant mesure chaque semaine. L’agence de santé vérifie quatre fois par an, sans prévenir. Les résultats sont publics.""",
    (
        1,
        "Roumieu",
    ): """On cherche une vingtaine de substances. Il en existe plusieurs milliers. Ce que l’on ne cherche pas,
on ne le trouve pas.

Trois familles m’inquiètent : des antibiotiques, des hormones, et des produits de nettoyage qui durent très longtemps. Dans
les sols arrosés depuis dix ans, nous les retrouvons. Nous ne savons pas encore si les plantes les prennent.""",
    (3, "Etchegaray"): """Personne ne doit l’avoir par habitude. Chez nous, un tour d’eau se décide au printemps, entre
irrigants, maires et pêcheurs. Les cultures qui nourrissent passent avant le maïs.""",
}
DRAFT = (2, "Castaing", "Sur l’Arros, en août, six litres sur dix viennent des stations. Les reprendre, c’est")


def lay(conference: Conference, organiser: User) -> None:
    """Before the balance board: whoever adds a question after it makes the signatures those of an earlier state."""
    if conference.slug != "eaux-usees":
        return
    facilitator = Membership.objects.filter(conference=conference, role=Role.FACILITATOR).select_related("user").first()
    assert facilitator is not None
    experts = {expert.last_name: expert for expert in Expert.objects.filter(conference=conference)}
    pairs = []
    for text, why, names in QUESTIONS:
        question = domain.add_question(conference_id=conference.pk, actor=facilitator.user, text=text, explanation=why)
        pairs += [(question.pk, experts[name].pk) for name in names if name in experts]
    domain.freeze(conference_id=conference.pk, actor=facilitator.user)
    domain.assign(conference_id=conference.pk, actor=organiser, pairs=pairs)
    domain.put(conference_id=conference.pk, actor=organiser, due_at=at(15, 18))
    letters = Message.objects.filter(conference=conference, kind=Kind.QUESTIONS_ASKED)
    letters.update(state=State.SENT, sent_at=at(-3, 10), due_at=at(-3, 10))
    _answer(conference, experts)


def _answer(conference: Conference, experts: dict[str, Expert]) -> None:
    asks = {
        (ask.question.number, ask.expert.last_name): ask
        for ask in Ask.objects.filter(question__conference=conference).select_related("question", "expert")
    }
    for (number, name), text in ANSWERS.items():
        _hand_in(asks[number, name], experts[name], text)
    number, name, text = DRAFT
    domain.save_draft(ask_id=asks[number, name].pk, expert=experts[name], text=text)


def _hand_in(ask: Ask, expert: Expert, text: str) -> None:
    assert expert.state == ExpertState.ACCEPTED
    domain.hand_in(
        ask_id=ask.pk, expert=expert, text=text.replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
    )
