"""Word of a published programme to the colleagues whom it concerns, and what the rooms above need to send theirs.

What has not gone out when the next version appears is not sent twice: the newer message takes over from the version that
the person was last told of.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.domain.publication import programme_published
from conference.links import absolute
from conference.mail.domain import outbox
from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.mail_kinds import contact_of
from conference.models import Conference, Membership, ProgrammeVersion
from conference.programme_words import changes_list, slots_list
from conference.published import Change, Programme, compare, concerning, from_json, member_key

SUBJECT = "conference.membership"


def tell(
    *, version: ProgrammeVersion, kind: Kind, recipient: outbox.Recipient, subject_type: str, subject_id: int
) -> None:
    """Write to one person that this version changes something for them."""
    waiting = Message.objects.open().about(subject_type, subject_id).filter(kind=kind)
    since = min([version.number - 1, *(message.data.get("since", version.number - 1) for message in waiting)])
    outbox.cancel(
        subject_type=subject_type, subject_id=subject_id, kinds={kind}, reason=_("A newer version was published")
    )
    outbox.schedule(
        kind=kind,
        recipient=recipient,
        conference_id=version.conference_id,
        subject_type=subject_type,
        subject_id=subject_id,
        occurrence=f"version-{version.number}",
        data={"version": version.number, "since": since},
    )


def news(message: Message, conference: Conference, key: str) -> dict[str, str]:
    """The places of a letter on the programme: its number, the person's changes, and where they stand now.

    Raises ReasonGone where nothing is left to say.
    """
    numbers = (message.data["since"], message.data["version"])
    found = ProgrammeVersion.objects.filter(conference=conference, number__in=numbers)
    contents = {version.number: from_json(version.content) for version in found}
    before, now = contents.get(numbers[0], ()), contents[numbers[1]]
    changes = concerning(compare(before, now), key)
    if not changes:
        raise ReasonGone(_("What had changed is as it was before"))
    return {
        "number": str(numbers[1]),
        "changes": changes_list(conference, changes, message.language),
        "programme": slots_list(conference, now, key, message.language),
    }


type Readers = Callable[[int, Collection[str], int | None], Iterable[str]]
_READERS: list[Readers] = []


def register_readers(readers: Readers) -> None:
    """``readers`` names those whom its room writes to: from the conference's key, the keys of the people whom the changes
    concern, and who publishes (the key of a user), who is not written to."""
    _READERS.append(readers)


def who_is_told(conference_id: int, changes: Iterable[Change], publisher_id: int | None) -> list[str]:
    """The names of those who get a message when this is published, in order."""
    keys = keys_of(changes)
    return sorted(name for readers in _READERS for name in readers(conference_id, keys, publisher_id))


def keys_of(changes: Iterable[Change]) -> set[str]:
    return {key for change in changes for key in change.concerned}


def _colleagues(conference_id: int, keys: Collection[str], publisher_id: int | None) -> list[Membership]:
    """Those who lead an item or facilitate a session that changed; not who published it."""
    members = Membership.objects.filter(conference=conference_id, user__is_active=True).select_related("user")
    return [member for member in members if member_key(member.pk) in keys and member.user_id != publisher_id]


register_readers(lambda *whom: map(str, (member.user for member in _colleagues(*whom))))


@receiver(programme_published)
def tell_colleagues(version: ProgrammeVersion, changes: Iterable[Change], programme: Programme, **_kwargs: Any) -> None:
    for member in _colleagues(version.conference_id, keys_of(changes), version.published_by_id):
        person = outbox.Recipient(
            f"user:{member.user_id}", member.user.email, member.user.get_short_name(), member.user.language
        )
        tell(version=version, kind=Kind.TEAM_PROGRAMME, recipient=person, subject_type=SUBJECT, subject_id=member.pk)


def build_team(message: Message) -> Content:
    member = Membership.objects.select_related("conference", "user").filter(pk=message.subject_id).first()
    if member is None:
        raise ReasonGone(_("The colleague was removed"))
    conference = member.conference
    return Content(
        placeholders={
            "first_name": member.user.get_short_name(),
            "conference": conference.title,
            "question": conference.question,
            "commissioner": conference.commissioner,
            "organiser": conference.organised_by or conference.commissioner,
            "contact": contact_of(conference),
            **news(message, conference, member_key(member.pk)),
        },
        reply_to=conference.contact_email,
        from_name=conference.organised_by or conference.title,
        action_url=absolute(reverse("publication:version", args=[conference.slug, message.data["version"]])),
        action_label=_("Open the programme"),
    )


register_kind(Kind.TEAM_PROGRAMME, build_team)
