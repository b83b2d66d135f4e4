"""Two organisers at the same moment: one version each time, one message to each person, and nobody's words lost unnoticed."""

import threading
from uuid import uuid4

import pytest

from conference.domain import free_messages, texts
from conference.domain.errors import DomainError
from conference.mail.domain.kinds import Text
from conference.mail.domain.outbox import Recipient
from conference.mail.enums import Kind
from conference.mail.models import FreeMessage, Message, TextVersion
from conference.models import Event
from panels.domain.invitations import accept, invite_panel
from panels.enums import Channel
from tests.factories import make_conference, make_drawn, make_user
from tests.mail.test_races import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_at_once_one_is_told() -> None:
    writer = make_user()
    conference = make_conference(writer)
    barrier = threading.Barrier(2)
    told: list[str] = []

    def save(number: int) -> None:
        text = Text("Avant le {deadline}", f"Version de {number}\n\n{{button}}")
        barrier.wait(10)
        try:
            texts.save(conference=conference, actor=writer, kind=Kind.INVITATION, language="fr", base=0, text=text)
            told.append("saved")
        except texts.Overtaken as overtaken:
            told.append("overtaken" if overtaken.current else "nothing to show")

    threads = [in_thread(lambda number=number: save(number)) for number in range(2)]
    for thread in threads:
        thread.join(30)

    assert sorted(told) == ["overtaken", "saved"]
    assert (TextVersion.objects.count(), Event.objects.filter(verb="text.changed").count()) == (1, 1)


def test_a_double_click_on_send_writes_to_each_once() -> None:
    writer = make_user()
    conference = make_conference(writer)
    barrier, once = threading.Barrier(2), uuid4()
    people = [Recipient(f"user:{number}", f"p{number}@example.org", "P", "fr") for number in range(20)]
    found: list[int] = []

    def send() -> None:
        barrier.wait(10)
        written = {"fr": Text("Des nouvelles", "Bonjour {first_name}")}
        message = free_messages.send(
            conference=conference, actor=writer, once=once, written=written, recipients=people, audience={}
        )
        found.append(message.pk)

    threads = [in_thread(send) for _click in range(2)]
    for thread in threads:
        thread.join(30)

    assert (len(found), len(set(found)), FreeMessage.objects.count()) == (2, 1, 1)
    assert Message.objects.filter(kind=Kind.FREE).count() == 20
    assert Event.objects.filter(verb="message.free").count() == 1


def test_two_who_tell_those_not_drawn_at_once_write_to_each_once() -> None:
    writer = make_user()
    conference, _draw = make_drawn(writer)
    for invitation in invite_panel(conference=conference, actor=writer):
        accept(invitation_id=invitation.pk, channel=Channel.TELEPHONE, actor=writer, reason="au téléphone")
    barrier = threading.Barrier(2)
    told: list[object] = []

    def send() -> None:
        barrier.wait(10)
        try:
            told.append(
                free_messages.send_to_many(conference=conference, actor=writer, kind=Kind.NOT_DRAWN, expected=11)
            )
        except DomainError:
            told.append("refused")

    threads = [in_thread(send) for _click in range(2)]
    for thread in threads:
        thread.join(30)

    assert sorted(told, key=str) == [11, "refused"]
    assert Message.objects.filter(kind=Kind.NOT_DRAWN).count() == 11
