"""Briefings: drafts, versions that stay as they were published, and who is told."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from conference.domain.errors import DomainError
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Document, Event, User
from experts.domain import briefings
from experts.enums import ExpertState
from experts.models import Briefing, BriefingRead, BriefingVersion, Expert
from tests.experts.factories import make_briefing, make_expert, write
from tests.factories import make_conference


def told(kind: Kind = Kind.BRIEFING_CHANGED) -> list[tuple[str, int]]:
    found = Message.objects.filter(kind=kind).order_by("id")
    return [(message.recipient_email, message.data["briefing_version"]) for message in found]


def versions(briefing: Briefing) -> list[tuple[int | None, str]]:
    return list(BriefingVersion.objects.filter(briefing=briefing).order_by("number").values_list("number", "text"))


def test_a_draft_is_one_and_told_to_nobody(conference: Conference, olive: User, irene: Expert) -> None:
    briefing = make_briefing(conference, olive)
    write(briefing, olive, "Un.")
    write(briefing, olive, "Un et demi.")
    assert versions(briefing) == [(None, "Un et demi.\n")]
    assert told() == []


def test_publishing_numbers_the_versions_and_tells_each_once(
    conference: Conference, olive: User, irene: Expert
) -> None:
    briefing = make_briefing(conference, olive, "Un.", "Deux.")
    assert versions(briefing) == [(1, "Un.\n"), (2, "Deux.\n")]
    first, second = BriefingVersion.objects.filter(briefing=briefing).order_by("number")
    assert told() == [(irene.email, first.pk), (irene.email, second.pk)]
    with pytest.raises(DomainError):  # the button pressed again
        briefings.publish(briefing_id=briefing.pk, actor=olive, change_note="Encore")
    assert len(told()) == 2


def test_only_those_concerned_are_told(conference: Conference, olive: User, irene: Expert) -> None:
    accepted = make_expert(conference)
    for state in (ExpertState.LISTED, ExpertState.DECLINED, ExpertState.WITHDRAWN):
        make_expert(conference, state)
    make_expert(make_conference(), ExpertState.ACCEPTED)
    make_briefing(conference, olive, "Pour tous.")
    assert sorted(email for email, _ in told()) == sorted([irene.email, accepted.email])
    Message.objects.all().delete()
    make_briefing(conference, olive, "Pour une seule.", expert=irene)
    assert [email for email, _ in told()] == [irene.email]


def test_a_second_version_says_what_changed(conference: Conference, olive: User) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    write(briefing, olive, "Deux.")
    with pytest.raises(DomainError):
        briefings.publish(briefing_id=briefing.pk, actor=olive, change_note="  ")
    assert versions(briefing) == [(1, "Un.\n"), (None, "Deux.\n")]


def test_the_published_text_again_is_no_draft(conference: Conference, olive: User) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    write(briefing, olive, "Deux.")
    assert write(briefing, olive, "Un.\r\n") is None
    assert versions(briefing) == [(1, "Un.\n")]


def test_the_database_refuses_to_change_a_published_version(conference: Conference, olive: User) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    draft = write(briefing, olive, "Deux.")
    assert draft is not None
    BriefingVersion.objects.filter(pk=draft.pk).update(text="Deux bis.")  # a draft may change
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        BriefingVersion.objects.filter(briefing=briefing, number=1).update(text="Autre chose.")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE experts_briefingversion SET published_at = NULL WHERE number = 1")
    assert versions(briefing) == [(1, "Un.\n"), (None, "Deux bis.")]


def test_nothing_of_another_conference_can_be_attached(conference: Conference, olive: User) -> None:
    foreign = Document.objects.create(
        conference=make_conference(), title="Autre", file="x", filename="x.pdf", content_type="application/pdf", size=1
    )
    briefing = make_briefing(conference, olive, "Un.")
    with pytest.raises(DomainError):
        briefings.save_draft(briefing_id=briefing.pk, actor=olive, title="Titre", text="Deux.", documents=[foreign])
    assert list(briefing.documents.all()) == []
    stranger = make_expert(make_conference())
    with pytest.raises(DomainError):
        briefings.create_briefing(conference=conference, actor=olive, title="Pour ailleurs", expert=stranger)


def test_reading_twice_is_read_once(conference: Conference, olive: User, irene: Expert) -> None:
    version = make_briefing(conference, olive, "Un.").versions.get(number=1)
    for _ in range(2):
        briefings.mark_read(expert=irene, version=version)
    assert BriefingRead.objects.filter(expert=irene).count() == 1
    assert Event.objects.filter(verb="briefing.read").count() == 1
