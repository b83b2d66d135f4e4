"""What the cockpit's pages show, and what their forms do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from conference.domain.events import record
from conference.enums import Role, SessionKind
from conference.mail.models import Message
from conference.models import Conference, Document, Event, Membership, Session, Step, User
from tests.conference.conftest import signed_in
from tests.conference.test_files import PDF_BYTES
from tests.factories import add_member, make_conference, make_session, make_user


def url(name: str, conference: Conference, *arguments: object) -> str:
    return reverse(f"desk:{name}", args=[conference.slug, *arguments])


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


# -- Home and creation -------------------------------------------------------------------------------------------------
def test_home_lists_my_conferences_and_no_others(desk: Client, conference: Conference, otto: User) -> None:
    make_conference(title="Eau secrète")

    shown = text(desk.get(reverse("desk:home")))

    assert conference.title in shown
    assert "Eau secrète" not in shown


@pytest.mark.parametrize(
    ("may_create", "words"),
    [(True, "No conference yet. Create the first"), (False, "Ask an organiser to add you with your e-mail address.")],
)
def test_an_empty_home_says_what_to_do(db: None, may_create: bool, words: str) -> None:
    shown = text(signed_in(make_user(may_create=may_create)).get(reverse("desk:home")))

    assert words in shown
    assert (reverse("desk:create") in shown) is may_create


@pytest.mark.parametrize("count", [1, 3])
def test_home_takes_the_same_queries_for_one_and_for_three(
    olive: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _number in range(count):
        make_session(make_conference(olive))
    client = signed_in(olive)

    with django_assert_num_queries(5):  # session, user, memberships, steps, sessions
        client.get(reverse("desk:home"))


CREATION = {
    "title": "L’eau que nous buvons",
    "question": "Comment partager l’eau ?",
    "summary": "Il n’y en a plus assez.",
    "commissioner": "Agence de l’eau",
    "language": "fr",
    "languages": ["fr", "en"],
    "timezone": "Indian/Reunion",
    "seats": "18",
    "reply_deadline": "2026-12-04T18:00",
    "sessions-TOTAL_FORMS": "3",
    "sessions-INITIAL_FORMS": "0",
    "sessions-0-title": "Comprendre",
    "sessions-0-kind": SessionKind.TRAINING,
    "sessions-0-day": "2027-01-16",
    "sessions-0-begins": "09:00",
    "sessions-0-ends": "17:00",
    "sessions-0-place": "Saint-Denis",
    "sessions-1-kind": SessionKind.TRAINING,
    "sessions-2-kind": SessionKind.TRAINING,
}


def test_creating_a_conference_with_its_first_session(olive: User) -> None:
    response = signed_in(olive).post(reverse("desk:create"), CREATION)

    created = Conference.objects.get()
    assert response.status_code == 302
    assert response["Location"] == url("conference", created)
    assert (created.title, created.languages, created.timezone) == (
        "L’eau que nous buvons",
        ["fr", "en"],
        "Indian/Reunion",
    )
    assert created.reply_deadline == datetime(2026, 12, 4, 14, tzinfo=UTC)
    session = Session.objects.get(conference=created)
    assert (session.title, session.starts_at) == ("Comprendre", datetime(2027, 1, 16, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"sessions-0-ends": "08:00"}, {"seats": "12"}, {"sessions-1-title": "Sans date"}]
)
def test_a_wrong_form_creates_nothing_and_keeps_what_was_typed(olive: User, wrong: dict[str, str]) -> None:
    response = signed_in(olive).post(reverse("desk:create"), {**CREATION, **wrong})

    assert response.status_code == 422
    assert Conference.objects.count() == 0
    assert "Comment partager l’eau ?" in text(response)


# -- Settings ----------------------------------------------------------------------------------------------------------
def test_settings_come_back_with_what_was_typed_and_the_frame_keeps_the_truth(
    desk: Client, conference: Conference
) -> None:
    response = desk.post(url("settings", conference), {"title": "Nouveau titre", "seats": "12"})

    assert response.status_code == 422
    assert "Nouveau titre" in text(response)
    assert f"<title>Settings – {conference.title}" in text(response)
    conference.refresh_from_db()
    assert conference.seats == 18


def test_publishing_says_what_is_missing(desk: Client, conference: Conference) -> None:
    Conference.objects.filter(pk=conference.pk).update(is_published=False)

    response = desk.post(url("publish", conference), follow=True)

    assert "The public page cannot be shown yet. Please fill in: what the commissioner has promised" in text(response)
    conference.refresh_from_db()
    assert conference.is_published is False


# -- Sessions ----------------------------------------------------------------------------------------------------------
def test_a_session_is_added_changed_and_cancelled(desk: Client, conference: Conference) -> None:
    typed = {"title": "Audition", "kind": "hearing", "day": "2027-01-16", "begins": "09:30", "ends": "17:00"}

    desk.post(url("session_add", conference), typed)
    session = Session.objects.get()
    desk.post(url("session", conference, session.pk), {**typed, "begins": "10:00", "place": "Lyon"})
    desk.post(url("session_cancel", conference, session.pk), {"reason": "Grève"})

    session.refresh_from_db()
    assert (session.place, session.sequence, session.cancelled_at is not None) == ("Lyon", 2, True)
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "session.added", "session.changed", "session.cancelled",
    ]  # fmt: skip
    assert "Session “Audition” is cancelled." in text(desk.get(url("sessions", conference)))


def test_a_session_names_who_facilitates_and_where_to_follow_from_afar(desk: Client, conference: Conference) -> None:
    amine = Membership.objects.get(user=add_member(conference, role=Role.FACILITATOR))
    observer = Membership.objects.get(user=add_member(conference, role=Role.OBSERVER))
    typed = {"title": "Audition", "kind": "hearing", "day": "2027-01-16", "begins": "09:30", "ends": "17:00"}
    typed["link"] = "https://salle.example.org/1"
    assert desk.post(url("session_add", conference), {**typed, "facilitators": [observer.pk]}).status_code == 422
    desk.post(url("session_add", conference), {**typed, "facilitators": [amine.pk]})
    session = Session.objects.get()
    assert (session.link, list(session.facilitators.all())) == ("https://salle.example.org/1", [amine])
    desk.post(url("session", conference, session.pk), typed)
    assert list(session.facilitators.all()) == []


def test_cancelling_without_a_reason_changes_nothing(desk: Client, conference: Conference) -> None:
    session = make_session(conference)

    response = desk.post(url("session_cancel", conference, session.pk), {"reason": ""})

    assert response.status_code == 422
    assert Session.objects.get().cancelled_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_take_the_same_queries_for_one_and_for_three(
    desk: Client, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _number in range(count):
        make_session(conference)

    with django_assert_num_queries(4):  # session, user, membership, sessions
        desk.get(url("sessions", conference))


# -- Documents ---------------------------------------------------------------------------------------------------------
def test_a_document_goes_up_comes_down_and_away(desk: Client, conference: Conference, tmp_path: Path) -> None:
    file = SimpleUploadedFile("saisine.pdf", PDF_BYTES, content_type="text/html")

    desk.post(url("documents", conference), {"title": "Saisine", "audience": "team", "file": file})
    document = Document.objects.get()
    down = desk.get(url("document", conference, document.uuid))

    assert b"".join(down.streaming_content) == PDF_BYTES  # type: ignore[attr-defined]
    assert down["Content-Type"] == "application/pdf"
    assert down["Content-Disposition"] == 'attachment; filename="saisine.pdf"'
    assert down["X-Content-Type-Options"] == "nosniff"
    desk.post(url("document_remove", conference, document.uuid))
    assert Document.objects.count() == 0


def test_a_page_disguised_as_a_document_is_refused_in_words(desk: Client, conference: Conference) -> None:
    file = SimpleUploadedFile("saisine.pdf", b"<script>alert(1)</script>")

    response = desk.post(url("documents", conference), {"title": "Saisine", "audience": "public", "file": file})

    assert response.status_code == 422
    assert "This file is not what its name says" in text(response)
    assert "Saisine" in text(response)
    assert Document.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_documents_take_the_same_queries_for_one_and_for_three(
    desk: Client, conference: Conference, olive: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        Document.objects.create(conference=conference, title=f"D{number}", size=1, uploaded_by=olive)

    with django_assert_num_queries(4):
        desk.get(url("documents", conference))


# -- Colleagues --------------------------------------------------------------------------------------------------------
def test_a_colleague_is_added_changed_and_removed(desk: Client, conference: Conference) -> None:
    desk.post(url("colleague_add", conference), {"email": "ida@example.org", "name": "Ida", "role": "observer"})
    member = Membership.objects.get(user__email="ida@example.org")
    desk.post(url("colleague", conference, member.pk), {"role": "guarantor", "is_public": "on"})
    member.refresh_from_db()

    assert (member.role, member.is_public) == (Role.GUARANTOR, True)
    assert Message.objects.count() == 1
    desk.post(url("colleague_remove", conference, member.pk))
    assert Membership.objects.filter(pk=member.pk).count() == 0


def test_the_last_organiser_is_told_why_they_stay(desk: Client, conference: Conference, olive: User) -> None:
    mine = Membership.objects.get(user=olive)

    left = desk.post(url("colleague_remove", conference, mine.pk), follow=True)
    stepped_down = desk.post(url("colleague", conference, mine.pk), {"role": "observer"})

    assert "Olive is the last organiser. Make somebody else organiser first." in text(left)
    assert stepped_down.status_code == 422
    assert Membership.objects.get(user=olive).role == Role.ORGANISER


def test_who_leaves_lands_at_home(desk: Client, conference: Conference, olive: User) -> None:
    add_member(conference, role=Role.ORGANISER)

    response = desk.post(url("colleague_remove", conference, Membership.objects.get(user=olive).pk))

    assert response["Location"] == reverse("desk:home")


def test_addresses_are_for_those_who_write_to_them(conference: Conference, olive: User) -> None:
    facilitator = add_member(conference, role=Role.FACILITATOR)

    assert olive.email in text(signed_in(olive).get(url("colleagues", conference)))
    assert olive.email not in text(signed_in(facilitator).get(url("colleagues", conference)))


@pytest.mark.parametrize("count", [1, 3])
def test_colleagues_take_the_same_queries_for_one_and_for_three(
    desk: Client, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _number in range(count):
        add_member(conference, role=Role.OBSERVER)

    with django_assert_num_queries(4):
        desk.get(url("colleagues", conference))


# -- Steps and log -----------------------------------------------------------------------------------------------------
def test_a_step_is_planned_done_and_reopened(desk: Client, conference: Conference) -> None:
    step = Step.objects.create(conference=conference, key="frame", position=0)

    desk.post(url("step", conference, step.pk), {"planned_on": "2027-01-04", "owner": "Comité"})
    desk.post(url("step_done", conference, step.pk))
    desk.post(url("step_reopen", conference, step.pk))

    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["step.planned", "step.done", "step.reopened"]


def test_the_log_says_who_did_what_when_and_why(desk: Client, conference: Conference, olive: User) -> None:
    record("session.cancelled", conference=conference, actor=olive, reason="Grève", title="Audition")
    record("step.done", conference=conference, actor_label="citizen V-0042", step="draw")

    shown = text(desk.get(url("log", conference)))

    assert "Session “Audition” was cancelled" in shown
    assert "Reason: Grève" in shown
    assert "citizen V-0042" in shown
    assert str(timezone.now().year) in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["session.added", "step.done"]),
        ("?about=step", ["step.done"]),
        ("?about=session", ["session.added"]),
        ("?who=-", ["step.done"]),
        ("?about=step&who=-", ["step.done"]),
        ("?since=2999-01-01", []),
        ("?until=2000-01-01", []),
        ("?since=not-a-day", ["session.added", "step.done"]),
        ("?about=everything", ["session.added", "step.done"]),
        ("?page=999", ["session.added", "step.done"]),
    ],
)
def test_the_log_is_filtered(desk: Client, conference: Conference, olive: User, query: str, found: list[str]) -> None:
    record("session.added", conference=conference, actor=olive, title="Audition")
    record("step.done", conference=conference, actor_label="the program", step="draw")
    record("step.reopened", conference=make_conference(), actor=olive, step="draw")

    response = desk.get(url("log", conference) + query)

    assert sorted(event.verb for event, _words, _when in response.context["rows"]) == found


def test_the_log_is_filtered_by_person_and_day_of_the_conferences_clock(
    desk: Client, conference: Conference, olive: User
) -> None:
    Conference.objects.filter(pk=conference.pk).update(timezone="Pacific/Noumea")
    conference.refresh_from_db()
    record("session.added", conference=conference, actor=olive, title="Audition")
    today = conference.local(timezone.now()).date()

    def count(query: str) -> int:
        return len(desk.get(f"{url('log', conference)}?{query}").context["rows"])

    assert [count(f"who={olive.pk}&since={day}&until={day}") for day in (today, today + timedelta(days=1))] == [1, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_takes_the_same_queries_for_one_and_for_three(
    desk: Client, conference: Conference, olive: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        record("session.added", conference=conference, actor=olive, title=f"S{number}")

    with django_assert_num_queries(6):  # session, user, membership, people, count, page
        desk.get(url("log", conference))


# -- Overview ----------------------------------------------------------------------------------------------------------
def test_the_overview_says_what_is_to_do_to_those_who_can(desk: Client, conference: Conference) -> None:
    observer = signed_in(add_member(conference, role=Role.OBSERVER))

    mine, theirs = (text(client.get(url("conference", conference))) for client in (desk, observer))

    assert "Add the sessions" in mine
    assert "Add a guarantor" in mine
    assert "Add the sessions" not in theirs
    assert "Define the criteria" not in theirs


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_the_same_queries_for_one_and_for_three(
    desk: Client, conference: Conference, count: int
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _number in range(count):
        make_session(conference)

    with CaptureQueriesContext(connection) as queries:
        desk.get(url("conference", conference))

    assert len(queries) <= 18


def test_the_overview_says_that_letters_did_not_arrive_to_those_who_see_people(
    desk: Client, conference: Conference
) -> None:
    other = make_conference()
    for number, where in enumerate([conference, conference, other]):
        Message.objects.create(
            conference=where,
            kind="invitation",
            recipient_key=f"volunteer:{number}",
            due_at=timezone.now(),
            state="failed",
        )
    observer = signed_in(add_member(conference, role=Role.OBSERVER))

    mine, theirs = (text(client.get(url("conference", conference))) for client in (desk, observer))

    assert "2 messages did not arrive." in mine
    assert "did not arrive" not in theirs
