"""When a person's address, name or language changes, what has not gone out follows; what has gone out is history."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.mail.domain import outbox
from conference.mail.domain.claims import Dispatcher
from conference.mail.enums import OPEN, Kind, State
from conference.mail.models import Message
from experts.domain.experts import change_expert, invite
from experts.enums import ExpertState
from experts.models import Expert
from tests.experts.factories import make_expert
from tests.factories import make_conference, make_user

pytestmark = pytest.mark.django_db
NEW = outbox.Recipient("user:1", "new@example.org", "Nouveau Nom", "en")


def write(key: str = "user:1", **fields: object) -> Message:
    return outbox.schedule(
        kind=Kind.COLLEAGUE_ADDED,
        recipient=outbox.Recipient(key, "old@example.org", "Ancien Nom", "fr"),
        conference_id=None,
        **fields,  # type: ignore[arg-type]
    )


def to(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.recipient_email, message.recipient_name, message.language


@pytest.mark.parametrize("state", list(State))
def test_only_what_may_still_change_follows(state: State) -> None:
    message, others = write(), write("user:2")
    Message.objects.filter(pk=message.pk).update(state=state)

    assert outbox.recipient_changed(recipient=NEW) == (state in OPEN)

    old = ("old@example.org", "Ancien Nom", "fr")
    assert to(message) == (("new@example.org", "Nouveau Nom", "en") if state in OPEN else old)
    assert to(others) == old


def test_a_second_time_nothing_changes() -> None:
    write()

    assert [outbox.recipient_changed(recipient=NEW), outbox.recipient_changed(recipient=NEW)] == [1, 0]


def test_a_letter_that_was_just_prepared_for_the_old_address_does_not_leave() -> None:
    message = write()
    dispatcher = Dispatcher()
    assert dispatcher.reserve(timezone.now(), 10) == [message.pk]

    outbox.recipient_changed(recipient=NEW)

    assert not dispatcher.start(message.pk)
    assert Dispatcher().reserve(timezone.now(), 10) == [message.pk]


def test_an_experts_messages_follow() -> None:
    organiser = make_user()
    expert = make_expert(make_conference(organiser), state=ExpertState.LISTED, language="fr")
    invite(expert_id=expert.pk, actor=organiser)

    change_expert(expert_id=expert.pk, actor=organiser, fields={"language": "en"})

    assert Message.objects.get().language == "en"


def test_news_for_an_expert_reach_the_new_address() -> None:
    organiser = make_user()
    expert: Expert = make_expert(make_conference(organiser), state=ExpertState.INVITED)
    news = outbox.schedule(
        kind=Kind.BRIEFING_CHANGED,
        recipient=outbox.Recipient(f"expert:{expert.pk}", expert.email, str(expert), "fr"),
        conference_id=expert.conference_id,
        subject_type="experts.expert",
        subject_id=expert.pk,
        due_at=timezone.now() + timedelta(hours=1),
    )

    change_expert(expert_id=expert.pk, actor=organiser, fields={"email": "new@example.org"})

    assert (to(news)[0], news.state) == ("new@example.org", State.SCHEDULED)
    assert Message.objects.exclude(pk=news.pk).get().recipient_email == "new@example.org"  # the new link


def test_a_colleagues_messages_follow_their_account() -> None:
    administrator = make_user(is_superuser=True, is_staff=True)
    colleague = make_user()
    message = write(f"user:{colleague.pk}")
    client = Client()
    client.force_login(administrator)

    answer = client.post(
        reverse("admin:conference_user_change", args=[colleague.pk]),
        {"email": "New@example.org", "name": "Nouveau Nom", "language": "en", "is_active": "on"},
    )

    assert answer.status_code == 302
    assert to(message) == ("new@example.org", "Nouveau Nom", "en")
