"""The words of an invitation by letter, in the language of the person it goes to."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.links import absolute
from conference.models import Conference, Session
from conference.words import moment, plain_day, session_when
from panels.domain.letters import Addressed
from panels.files.letter import LetterWords
from panels.mail_kinds import contact_sentence, why_drawn


def short_site() -> str:
    """The address as people type it: without https://."""
    site = urlsplit(settings.SITE_URL)
    return f"{site.netloc}{reverse('panels:short')}"


def words_of(addressed: Addressed) -> LetterWords:
    with override(addressed.identity.language):
        return _words(addressed)


def _words(addressed: Addressed) -> LetterWords:
    invitation, identity = addressed.invitation, addressed.identity
    conference = invitation.conference
    organiser = conference.organised_by or conference.commissioner
    deadline = moment(conference, invitation.deadline)
    today = plain_day(conference.local(timezone.now()).date())
    town = f"{identity.postcode} {identity.city}".strip()
    held = Session.objects.filter(conference=conference).held().select_related("conference")
    dates = [_session_line(session) for session in held]
    values = {"conference": conference.title, "commissioner": conference.commissioner, "deadline": deadline}
    return LetterWords(
        sender=[organiser, conference.contact_name, conference.contact_email, conference.contact_phone],
        recipient=[str(identity), *identity.address.splitlines(), town],
        dated=today,
        subject=_("You were drawn by lot: please answer by %(deadline)s") % values,
        opening=[
            _("Dear %(name)s,") % {"name": identity},
            why_drawn(invitation),
            _(
                "We invite you to take a seat in the panel of the citizen conference “%(conference)s”, commissioned by %(commissioner)s. This is the question:"
            )
            % values,
            _("“%(question)s”") % {"question": conference.question},
        ],
        how_to_answer=_("Please answer by %(deadline)s, whether yes or no. Scan this code with a telephone, or type:")
        % values,
        link=addressed.address,
        site=short_site(),
        code=addressed.code,
        parts=[
            (_("By telephone or letter"), [_by_telephone(conference)]),
            (_("The dates"), ["\n".join(dates)] if dates else []),
            (_("What you receive"), [conference.allowance, conference.support]),
            (
                _("What awaits you"),
                [
                    _(
                        "You need not know anything beforehand: the panel brings together people who are not specialists. You will learn, question experts who disagree with one another, and then the panel alone writes its statement."
                    )
                ],
            ),
        ],
        closing=[_("With kind regards,"), organiser],
        reference=_("Reference %(reference)s") % {"reference": addressed.letter.reference},
        is_it_real=_("Is this letter real? %(address)s") % {"address": absolute(reverse("panels:letter_real"))},
    )


def _session_line(session: Session) -> str:
    place = f", {session.place}" if session.place else ""
    return f"• {session.title} – {session_when(session)}{place}"


def _by_telephone(conference: Conference) -> str:
    phone = conference.contact_phone
    contact = contact_sentence(conference)
    if phone:
        contact = contact.replace(phone, phone.replace(" ", "\N{NO-BREAK SPACE}"))
        return _("You have no access to the Internet? Call us: %(contact)s.") % {"contact": contact}
    return _("You have no access to the Internet? Write to us: %(contact)s.") % {"contact": contact}
