"""Who is told of a briefing, who is reminded, and what a new briefing begins with."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.domain.errors import DomainError
from conference.mail.domain.kinds import ReasonGone
from conference.mail.domain.writing import prepare
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Event, User
from experts.domain import briefings, letters
from experts.enums import ExpertState, Position
from experts.models import BriefingVersion, Expert, KeyQuestion
from experts.scaffold import scaffold
from tests.experts.factories import make_briefing, make_expert, make_part, write
from tests.factories import make_session


@pytest.fixture
def three(conference: Conference) -> list[Expert]:
    return [make_expert(conference, ExpertState.ACCEPTED) for _number in range(3)]


def open_ones(kind: Kind) -> list[tuple[int, int]]:
    """(expert, version) of what is still to go out."""
    rows = Message.objects.open().filter(kind=kind).order_by("subject_id")
    return [(int(row.subject_id), row.data["briefing_version"]) for row in rows]


def newest() -> BriefingVersion:
    return BriefingVersion.objects.published().order_by("-id")[0]


def test_a_change_tells_those_concerned_and_nobody_else(
    conference: Conference, olive: User, three: list[Expert]
) -> None:
    """Three experts: a briefing for one is that one's business, a briefing for all is everybody's."""
    make_briefing(conference, olive, "Un.", expert=three[1])
    assert open_ones(Kind.BRIEFING_CHANGED) == [(three[1].pk, newest().pk)]
    assert open_ones(Kind.BRIEFING_REMINDER) == [(three[1].pk, newest().pk)]
    Message.objects.all().delete()
    make_expert(conference, ExpertState.DECLINED)
    make_expert(conference, ExpertState.LISTED)
    make_briefing(conference, olive, "Pour tous.")
    everybody = [(expert.pk, newest().pk) for expert in three]
    assert open_ones(Kind.BRIEFING_CHANGED) == everybody
    assert open_ones(Kind.BRIEFING_REMINDER) == everybody


def test_reading_cancels_the_reminder_of_that_version_alone(
    conference: Conference, olive: User, three: list[Expert]
) -> None:
    first = make_briefing(conference, olive, "Un.", expert=three[0])
    second = make_briefing(conference, olive, "Autre.", expert=three[0])
    version = first.versions.published().get()
    briefings.mark_read(expert=three[0], version=version)
    assert open_ones(Kind.BRIEFING_REMINDER) == [(three[0].pk, second.versions.published().get().pk)]


def test_a_newer_version_takes_the_place_of_the_reminder(
    conference: Conference, olive: User, three: list[Expert]
) -> None:
    briefing = make_briefing(conference, olive, "Un.", expert=three[0])
    write(briefing, olive, "Deux.")
    briefings.publish(briefing_id=briefing.pk, actor=olive, change_note="Plus court.")
    assert open_ones(Kind.BRIEFING_REMINDER) == [(three[0].pk, newest().pk)]


def test_the_reminder_waits_four_days_and_the_hour_of_reminders(
    conference: Conference, olive: User, three: list[Expert]
) -> None:
    make_briefing(conference, olive, "Un.", expert=three[0])
    due = Message.objects.get(kind=Kind.BRIEFING_REMINDER).due_at.astimezone(ZoneInfo(conference.timezone))
    published = conference.local(newest().published_at or timezone.now())
    assert (due.date() - published.date(), due.time()) == (timedelta(days=4), conference.reminder_hour)


def test_the_button_reminds_those_who_have_not_read_once_a_day(
    conference: Conference, olive: User, three: list[Expert], desk: Client
) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    version = newest()
    briefings.mark_read(expert=three[0], version=version)
    address = reverse("experts_desk:briefing_remind", args=[conference.slug, briefing.pk])
    for _press in range(2):
        assert desk.post(address).status_code == 302
    due = Message.objects.filter(kind=Kind.BRIEFING_REMINDER, due_at__lte=timezone.now(), state=State.SCHEDULED)
    assert sorted(int(row.subject_id) for row in due) == sorted(expert.pk for expert in three[1:])
    assert [event.data["count"] for event in Event.objects.filter(verb="briefing.reminded")] == [2]
    page = desk.get(reverse("experts_desk:briefing", args=[conference.slug, briefing.pk]))
    assert {expert.pk: number for expert, number in page.context["readers"]} == {
        three[0].pk: 1, three[1].pk: None, three[2].pk: None,
    }  # fmt: skip
    for expert in three[1:]:
        briefings.mark_read(expert=expert, version=version)
    assert open_ones(Kind.BRIEFING_REMINDER) == []
    with pytest.raises(DomainError):
        briefings.remind_now(briefing_id=briefing.pk, actor=olive)


def test_nothing_published_nothing_to_be_reminded_of(conference: Conference, olive: User) -> None:
    briefing = briefings.create_briefing(conference=conference, actor=olive, title="T", expert=None)
    with pytest.raises(DomainError):
        briefings.remind_now(briefing_id=briefing.pk, actor=olive)


def test_who_may_look_may_not_remind(conference: Conference, olive: User, reader: Client) -> None:
    briefing = make_briefing(conference, olive, "Un.")
    address = reverse("experts_desk:briefing_remind", args=[conference.slug, briefing.pk])
    assert reader.post(address).status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_letter_and_the_last_look_before_it_leaves(
    conference: Conference, olive: User, three: list[Expert], language: str
) -> None:
    Expert.objects.filter(pk=three[0].pk).update(language=language)
    briefing = make_briefing(conference, olive, "Un.", expert=Expert.objects.get(pk=three[0].pk))
    message = Message.objects.select_related("conference").get(kind=Kind.BRIEFING_REMINDER)
    _content, rendered = prepare(message)[:2]
    assert briefing.title in rendered.text
    assert "{" not in rendered.text
    write(briefing, olive, "Deux.")
    briefings.publish(briefing_id=briefing.pk, actor=olive, change_note="Plus court.")
    with pytest.raises(ReasonGone):
        letters.briefing_reminder(message)
    later = Message.objects.open().get(kind=Kind.BRIEFING_REMINDER)
    briefings.mark_read(expert=three[0], version=newest())
    with pytest.raises(ReasonGone):
        letters.briefing_reminder(later)


# -- The first words ---------------------------------------------------------------------------------------------------
def test_a_briefing_begins_with_what_is_known(conference: Conference, olive: User) -> None:
    pro = make_expert(conference, ExpertState.ACCEPTED, position=Position.FOR, last_name="Vauclair")
    make_expert(
        conference, ExpertState.ACCEPTED, position=Position.AGAINST, last_name="Castaing",
        position_text="La rivière en vit.",
    )  # fmt: skip
    make_expert(conference, ExpertState.ACCEPTED, position=Position.RATHER_FOR, last_name="Etchegaray")
    make_expert(conference, ExpertState.DECLINED, position=Position.AGAINST, last_name="Absent")
    make_expert(conference, ExpertState.INVITED, position=Position.AGAINST, last_name="Hésitant")
    make_part(
        pro, make_session(conference, title="Audition"), minutes=20, question_minutes=15, subject="Ce que l’on gagne"
    )
    KeyQuestion.objects.create(conference=conference, number=1, text="Qui paie ?")
    briefing = briefings.create_briefing(conference=conference, actor=olive, title="T", expert=pro)
    text = scaffold(briefing)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## À qui vous parlez", "## De quoi", "## Combien de temps", "## Avec quels mots", "## Ce que dira l’autre côté",
    ]  # fmt: skip
    for known in ("18", "Ce que l’on gagne", "Qui paie ?", "Audition", "20", "15", "Castaing", "La rivière en vit."):
        assert known in text
    for other in ("Etchegaray", "Absent", "Hésitant"):
        assert other not in text


def test_the_scaffold_speaks_the_experts_language_and_stands_in_the_editor(
    conference: Conference, olive: User, desk: Client
) -> None:
    expert = make_expert(conference, language="en", position=Position.FOR)
    briefing = briefings.create_briefing(conference=conference, actor=olive, title="T", expert=expert)
    page = desk.get(reverse("experts_desk:briefing_edit", args=[conference.slug, briefing.pk]))
    text = page.context["form"].initial["text"]
    assert text.startswith("## To whom you speak")
    assert "Nobody has accepted yet who says the opposite" in text
    assert not briefing.versions.exists()  # nothing is kept before somebody saves
