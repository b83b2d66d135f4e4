"""Many at once: few queries, and all the same guarantees. What is read together is true for each when its turn comes."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.mail.domain import delivery, handover, kinds, outbox, texts, writing
from conference.mail.domain.kinds import Build, Content, Registered, Text
from conference.mail.enums import Kind, State
from conference.mail.models import Message, OptOut
from conference.models import Conference, Event
from panels.domain import invitations
from panels.domain.sent import mark_many_sent
from panels.enums import InvitationState
from panels.models import Invitation
from tests.factories import make_drawn, make_session, make_user
from tests.sink import MailSink

pytestmark = pytest.mark.django_db


def invite(seats: int) -> list[Invitation]:
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=seats, alternates=0, others=1)
    make_session(conference)
    return invitations.invite_panel(conference=conference, actor=organiser)


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as context:
        work()
    return len(context)


def test_ten_more_invitations_take_no_more_queries_to_write() -> None:
    def write(count: int) -> int:
        Message.objects.all().delete()
        invite(count)
        messages = list(Message.objects.filter(kind=Kind.INVITATION).select_related("conference"))
        assert len(messages) == count

        def prepare() -> None:
            together = writing.read_together(messages)
            for message in messages:
                writing.prepare(message, together)

        return statements(prepare)

    assert write(2) == write(12)


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.INVITATION_REMINDER, Kind.ACCEPTED, Kind.SESSION_REMINDER])
def test_together_and_alone_they_read_the_same(kind: Kind) -> None:
    for invitation in invite(3):
        if kind in {Kind.ACCEPTED, Kind.SESSION_REMINDER}:
            invitations.accept(invitation_id=invitation.pk)
    messages = list(Message.objects.filter(kind=kind).exclude(state=State.CANCELLED).select_related("conference"))
    assert len({message.subject_id for message in messages}) == 3

    with time_machine.travel(timezone.now(), tick=False):  # a calendar says when it was written
        together = writing.read_together(messages)
        both = [(writing.prepare(message, together), writing.prepare(message)) for message in messages]

    assert kind in together.builds
    for at_once, alone in both:
        assert at_once == alone


def test_each_reads_their_own_name_and_link() -> None:
    made = invite(4)
    messages = list(Message.objects.filter(kind=Kind.INVITATION).select_related("conference").order_by("pk"))
    together = writing.read_together(messages)

    written = [writing.prepare(message, together) for message in messages]

    links = [content.action_url for content, _rendered in written]
    assert len(set(links)) == 4
    for (content, rendered), link in zip(written, links, strict=True):
        assert [other for other in links if other in rendered.text + rendered.html] == [link]
        assert content.placeholders["first_name"] in rendered.text
    assert {one.volunteer.identity.first_name for one in made} == {
        content.placeholders["first_name"] for content, _rendered in written
    }


def during_the_first(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """The act happens when all of the batch has been read, the first letter has gone and the second is on the line."""
    acted: list[bool] = []
    real_hand_over = handover.hand_over

    def hand_over(gone: handover.Gone | None, *rest: Any) -> bool:
        if gone and not acted:
            acted.append(True)
            act()
        return real_hand_over(gone, *rest)

    monkeypatch.setattr(delivery, "hand_over", hand_over)


@pytest.mark.parametrize("what", ["answered", "held", "moved", "cancelled", "erased address"])
def test_what_changes_after_the_batch_was_read_does_not_go_out(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    invite(4)
    rows = list(Message.objects.filter(kind=Kind.INVITATION).order_by("priority", "due_at", "pk"))
    second = rows[1]
    later = timezone.now() + timedelta(days=1)
    acts = {
        "answered": lambda: invitations.decline(invitation_id=int(second.subject_id)),
        "held": lambda: outbox.hold(message_id=second.pk),
        "moved": lambda: outbox.move_to(message_id=second.pk, due_at=later),
        "cancelled": lambda: outbox.cancel_one(message_id=second.pk, reason="Non"),
        "erased address": lambda: outbox.erase_recipient(recipient_key=second.recipient_key),
    }
    during_the_first(monkeypatch, acts[what])

    delivery.dispatch()

    gone = Message.objects.filter(kind=Kind.INVITATION, state=State.SENT)
    assert {row.pk for row in gone} == {row.pk for row in rows} - {second.pk}
    invited = [one for one in mail_sink.messages if one["Message-ID"] == second.message_id]
    assert invited == []


def test_what_was_read_too_long_ago_is_read_again(mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    [first, *_others] = invite(2)
    monkeypatch.setattr(delivery, "STALE", 0.0)
    real = writing.read_together

    def read(messages: Collection[Message]) -> writing.Together:
        together = real(messages)
        Conference.objects.update(allowance="Tout nouveau : 123 € par jour.")
        return together

    monkeypatch.setattr(delivery, "read_together", read)

    delivery.dispatch()

    assert Invitation.objects.get(pk=first.pk).state == InvitationState.SENT
    kept = Message.objects.filter(kind=Kind.INVITATION, state=State.SENT).values_list("body_text", flat=True)
    assert ["123 €" in text for text in kept] == [True, True]


def test_an_organiser_s_own_words_are_in_every_letter_of_the_batch(mail_sink: MailSink) -> None:
    made = invite(3)
    words = Text("Votre place, avant le {deadline}", "Bonjour {first_name},\n\n{button}\n\n{contact} {organiser}")
    texts.write(
        conference_id=made[0].conference_id,
        kind=Kind.INVITATION,
        language="fr",
        base=0,
        text=words,
        written_by=make_user(),
    )

    delivery.dispatch()

    subjects = Message.objects.filter(kind=Kind.INVITATION).values_list("subject", flat=True)
    assert [subject.startswith("Votre place, avant le") for subject in subjects] == [True] * 3


# -- A room that cannot, or that errs ----------------------------------------------------------------------------------
PLACES = {"first_name": "Ada", "conference": "Eau", "contact": "01", "organiser": "Bureau", "deadline": "demain"}


def write(number: int) -> Message:
    someone = outbox.Recipient(f"user:{number}", f"person{number}@example.org", f"Personne {number}", "fr")
    return outbox.schedule(kind=Kind.DECLINED, recipient=someone, conference_id=None, subject_type="t", subject_id=1)


def test_a_room_that_cannot_read_them_together_builds_each(
    mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def for_many(messages: Collection[Message]) -> Build:
        raise RuntimeError("a mistake")

    monkeypatch.setitem(kinds._KINDS, Kind.DECLINED, Registered(lambda one: Content(PLACES), for_many=for_many))
    for number in range(3):
        write(number)

    delivery.dispatch()

    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


def test_who_has_left_is_seen_for_many_at_once(mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._KINDS, Kind.DECLINED, Registered(lambda one: Content(PLACES), optional=True))
    for number in range(3):
        write(number)
    OptOut.objects.create(conference=None, recipient_key="user:1", cause="link")

    delivery.dispatch()

    states = dict(Message.objects.values_list("recipient_key", "state"))
    assert states == {"user:0": State.SENT, "user:1": State.CANCELLED, "user:2": State.SENT}


# -- Marked at once ----------------------------------------------------------------------------------------------------
def test_invitations_marked_together_are_as_if_marked_one_by_one() -> None:
    made = invite(3)
    at = timezone.now().replace(microsecond=0)
    invitations.accept(invitation_id=made[2].pk)
    sent = {one.pk: at - timedelta(seconds=number) for number, one in enumerate(made)}

    done = mark_many_sent(sent)

    rows = {one.pk: one for one in Invitation.objects.filter(pk__in=sent)}
    assert done == set(sent)
    assert [rows[one.pk].state for one in made] == ["sent", "sent", "accepted"]
    assert [rows[one.pk].sent_at for one in made] == [sent[made[0].pk], sent[made[1].pk], None]
    assert [rows[one.pk].sent_by for one in made] == ["email"] * 3
    events = Event.objects.filter(verb="invitation.sent").order_by("object_id")
    assert sorted(event.object_id for event in events) == sorted(str(one.pk) for one in made[:2])
    invitations.mark_sent(invitation_id=made[0].pk, at=at)  # a second time nothing follows
    assert Event.objects.filter(verb="invitation.sent").count() == 2


def test_an_event_of_many_says_the_same_as_of_one() -> None:
    one, other = invite(2)
    at = timezone.now()
    invitations.mark_sent(invitation_id=one.pk, at=at)
    mark_many_sent({other.pk: at})

    first, second = Event.objects.filter(verb="invitation.sent").order_by("pk")
    facts = [(e.conference_id, e.actor_label, e.object_type, set(e.data), e.data["channel"]) for e in (first, second)]
    assert facts[0] == facts[1]
    assert [e.data["reference"] for e in (first, second)] == [one.volunteer.reference, other.volunteer.reference]


def test_to_mark_many_takes_the_same_queries_as_few() -> None:
    at = timezone.now()
    few, many = invite(2), invite(12)

    assert statements(lambda: mark_many_sent({one.pk: at for one in few})) == statements(
        lambda: mark_many_sent({one.pk: at for one in many})
    )
