"""A message as it would read for somebody: a real recipient of that kind, or an invented one.

What is shown never holds a real personal link, nor leaves a trace: builders only read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.links import absolute
from conference.mail.domain.kinds import Content, ReasonGone, Text, register_kind, registered
from conference.mail.domain.places import LABELS, examples, has_button
from conference.mail.domain.render import BUTTON, Rendered, TextError, places, render
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.mail_kinds import contact_of
from conference.models import Conference, Session
from conference.words import moment, session_when, sessions_list

MOST = 50


@dataclass(frozen=True)
class Sample:
    """A letter to look at. ``note`` says what is invented, and why."""

    rendered: Rendered | None
    sender: str = ""
    attachments: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Person:
    key: str  # the uuid of a message to them
    name: str


def people(conference: Conference, kind: Kind) -> list[Person]:
    """Real recipients of this kind, the last ones first."""
    found = Message.objects.filter(conference=conference, kind=kind).exclude(recipient_email="").order_by()
    last = found.values("recipient_key").annotate(last=Max("pk")).values("last")
    rows = Message.objects.filter(pk__in=last).order_by("-pk")[:MOST]
    return sorted((Person(str(row.uuid), row.recipient_name) for row in rows), key=lambda person: person.name)


def invented(conference: Conference, kind: Kind, language: str) -> Content:
    """Invented where nothing is known: the facts of the conference are real."""
    with override(language):
        values = {**examples(kind, language)}
        values.update({name: fact for name, fact in _facts(conference, language).items() if name in values})
        button = kind in LABELS and has_button(kind)
        return Content(
            values,
            reply_to=conference.contact_email,
            from_name=conference.organised_by or conference.commissioner,
            action_url=absolute(_("/your-personal-link/")) if button else "",
            action_label=str(LABELS[kind]) if button else "",
            leave_url=absolute(_("/your-personal-link/")) if registered(kind).optional else "",
        )


def _facts(conference: Conference, language: str) -> Mapping[str, str]:
    known = {
        "conference": conference.title,
        "question": conference.question,
        "commissioner": conference.commissioner,
        "organiser": conference.organised_by or conference.commissioner,
        "contact": contact_of(conference),
        "seats": str(conference.seats),
        "seat_dates": sessions_list(conference, language),
        "deadline": moment(conference, conference.reply_deadline, language) if conference.reply_deadline else "",
        "erase_on": date_format(conference.erase_on, "j F Y") if conference.erase_on else "",
        **_first_session(conference, language),
    }
    written = {
        "allowance": conference.allowance,
        "support": conference.support,
        "pledge": conference.commissioner_pledge,
    }
    return {**{name: fact for name, fact in known.items() if fact}, **written}


def _first_session(conference: Conference, language: str) -> Mapping[str, str]:
    session = Session.objects.filter(conference=conference).held().first()
    if session is None:
        return {}
    session.conference = conference
    return {"session": session.title, "session_date": session_when(session, language), "place": session.place}


def sample(conference: Conference, kind: Kind, language: str, text: Text, *, message: Message | None = None) -> Sample:
    """These words, filled for the recipient of this message, or for an invented person."""
    content, note = invented(conference, kind, language), ""
    if message is not None:
        try:
            message.language = language
            built = registered(kind).build(message)  # in the message's language; why not, in the reader's
            content = replace(built, action_url=content.action_url, leave_url=content.leave_url, text=None)
        except ReasonGone as gone:
            reason = {"name": message.recipient_name, "reason": gone}
            note = _("%(name)s would not be written to now (%(reason)s): the values are invented.") % reason
    try:
        rendered = render(kind, language, _forgiving(content, text), text=text)
    except TextError:  # what is wrong is told beside the form, in better words
        return Sample(None)
    files = tuple(attachment.filename for attachment in content.attachments)
    return Sample(rendered, content.from_name, files, note)


def _forgiving(content: Content, text: Text) -> Content:
    """While words are being written a place may be wrong or missing: it shows as it was typed, and the rest can be read."""
    wanted = places(text.subject) | places(text.body)
    unknown = {name: f"{{{name}}}" for name in wanted - content.placeholders.keys() - {BUTTON}}
    link, label = (content.action_url, content.action_label) if BUTTON in wanted else ("", "")
    return replace(content, placeholders={**content.placeholders, **unknown}, action_url=link, action_label=label)


def build_test(message: Message) -> Content:
    """An organiser's words with invented values, to themselves. No link in it opens anything."""
    if message.conference is None:
        raise ReasonGone(_("The conference was removed"))
    with override(message.language):
        subject = _("[Test] %(subject)s") % {"subject": message.data["subject"]}
    content = invented(message.conference, Kind(message.data["kind"]), message.language)
    return replace(content, text=Text(subject, message.data["body"]))


register_kind(Kind.TEST, build_test)
