"""The pool's pages: who may see whom, decisions with reasons, typing in, exporting, erasing."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from conference.domain.errors import DomainError
from conference.enums import Role
from conference.mail.domain import outbox
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.models import Conference, Event, User
from panels.domain import imports, volunteers
from panels.domain.erasure import erase_due
from panels.enums import ImportState, InvitationState, Source, Standing
from panels.models import Criterion, DrawEntry, Identity, Invitation, Needs, PoolImport, Trait, Value, Volunteer
from panels.rules import SCREENER
from tests.factories import add_member, make_conference, make_criterion, make_drawn, make_user, make_volunteer

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    conference = make_conference(organiser)
    make_criterion(conference, "Sexe", [("Femme", 8, 10), ("Homme", 8, 10)])
    return conference


@pytest.fixture
def desk(client: Client, organiser: User) -> Client:
    client.force_login(organiser, backend=BACKEND)
    client.cookies["django_language"] = "en"
    return client


def url(name: str, conference: Conference, *args: object) -> str:
    return reverse(f"panels_desk:{name}", args=[conference.slug, *args])


def typed(conference: Conference, **changes: str) -> dict[str, str]:
    criterion = Criterion.objects.get(conference=conference)
    data = {
        "first_name": "Inès",
        "last_name": "Gauthier",
        "email": "",
        "postcode": "33000",
        "birth_year": "1990",
        "channel": "paper",
        "consented_on": "2026-11-02",
        f"criterion_{criterion.pk}": str(Value.objects.get(criterion=criterion, name="Femme").pk),
    }
    data |= {f"screen_{question.key}": "no" if question.doubtful else "yes" for question in SCREENER}
    return data | changes


# -- The list -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(
    desk: Client, conference: Conference, django_assert_num_queries: Any, item_count: int
) -> None:
    for _number in range(item_count):
        make_volunteer(conference, {"Sexe": "Femme"}, city="Lyon")

    with django_assert_num_queries(12):
        page = desk.get(url("pool", conference))

    assert page.text.count("Lyon") == item_count
    assert page.context["eligible"] == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_review_list_takes_a_constant_number_of_queries(
    desk: Client, conference: Conference, django_assert_num_queries: Any, item_count: int
) -> None:
    for _number in range(item_count):
        make_volunteer(conference, {"Sexe": "Femme"}, standing=Standing.REVIEW, screener={"elected": True})

    with django_assert_num_queries(9):
        page = desk.get(url("review", conference))

    assert len(page.context["waiting"]) == item_count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=LEFEVRE", ["V-0001"]),
        ("q=lefèvre+anna", ["V-0001"]),
        ("q=v-0002", ["V-0002"]),
        ("q=paul%40", ["V-0002"]),
        ("standing=review", ["V-0002"]),
        ("source=typed", ["V-0002"]),
        ("q=nobody", []),
        ("standing=nonsense", ["V-0001", "V-0002"]),
    ],
)
def test_people_are_found(desk: Client, conference: Conference, query: str, found: list[str]) -> None:
    make_volunteer(conference, first_name="Anna", last_name="Lefèvre", person_key="lefevre anna|75011|1985")
    make_volunteer(conference, email="paul@example.org", standing=Standing.REVIEW, source=Source.TYPED)

    page = desk.get(f"{url('pool', conference)}?{query}")

    assert [volunteer.reference for volunteer in page.context["page"]] == found


def test_a_hundred_people_to_a_page(desk: Client, conference: Conference) -> None:
    Volunteer.objects.bulk_create(
        Volunteer(conference=conference, reference=f"V-{n:04d}", source=Source.IMPORT, standing=Standing.ELIGIBLE)
        for n in range(1, 102)
    )

    pages = [desk.get(f"{url('pool', conference)}?page={number}").context["page"] for number in (1, 2)]

    assert [len(page.object_list) for page in pages] == [100, 1]


# -- Who may see and do what --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "sees", "manages"),
    [
        (Role.ORGANISER, 200, 200),
        (Role.FACILITATOR, 200, 404),
        (Role.GUARANTOR, 200, 404),
        (Role.STEERING, 404, 404),
        (Role.OBSERVER, 404, 404),
        (None, 404, 404),
    ],
)
def test_each_role_sees_what_it_may(
    client: Client, conference: Conference, role: Role | None, sees: int, manages: int
) -> None:
    make_volunteer(conference, {"Sexe": "Femme"}, standing=Standing.REVIEW)
    person = add_member(conference, role=role) if role else add_member(make_conference())
    client.force_login(person, backend=BACKEND)

    seen = [
        client.get(url(*page)).status_code
        for page in (
            ("pool", conference),
            ("review", conference),
            ("volunteer", conference, "V-0001"),
        )
    ]
    managed = [
        client.get(url(*page)).status_code
        for page in (
            ("pool_add", conference),
            ("import", conference),
            ("volunteer_edit", conference, "V-0001"),
            ("volunteer_decide", conference, "V-0001"),
            ("volunteer_withdraw", conference, "V-0001"),
            ("volunteer_erase", conference, "V-0001"),
        )
    ]
    exported = client.post(url("pool_export", conference)).status_code

    assert (set(seen), set(managed), exported) == ({sees}, {manages}, manages)


def test_a_volunteer_of_another_conference_is_out_of_reach(desk: Client, conference: Conference) -> None:
    foreign = make_volunteer(make_conference())

    for name in ("volunteer", "volunteer_edit", "volunteer_decide", "volunteer_erase"):
        assert desk.get(url(name, conference, foreign.reference)).status_code == 404
    assert desk.post(url("volunteer_erase", conference, foreign.reference)).status_code == 404
    assert Identity.objects.filter(volunteer=foreign).exists()


def test_the_review_is_blind(desk: Client, conference: Conference) -> None:
    make_volunteer(
        conference,
        {"Sexe": "Femme"},
        first_name="Secrète",
        last_name="Inconnue",
        email="secret@example.org",
        standing=Standing.REVIEW,
        standing_reason="holds an elected office",
        screener={"elected": True},
    )

    for page in (desk.get(url("review", conference)), desk.get(url("volunteer_decide", conference, "V-0001"))):
        assert "V-0001" in page.text
        assert "Femme" in page.text
        assert "elected office" in page.text
        assert not any(word in page.text for word in ("Secrète", "Inconnue", "secret@"))


# -- Decisions ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decision", "standing", "verb"),
    [("admit", Standing.ELIGIBLE, "volunteer.admitted"), ("exclude", Standing.EXCLUDED, "volunteer.excluded")],
)
def test_a_decision_keeps_its_reason(
    desk: Client, conference: Conference, organiser: User, decision: str, standing: Standing, verb: str
) -> None:
    volunteer = make_volunteer(conference, standing=Standing.REVIEW)

    desk.post(
        url("volunteer_decide", conference, volunteer.reference), {"decision": decision, "reason": "Retired long ago."}
    )

    volunteer.refresh_from_db()
    assert (volunteer.standing, volunteer.standing_reason, volunteer.decided_by) == (
        standing,
        "Retired long ago.",
        organiser,
    )
    event = Event.objects.get()
    assert (event.verb, event.reason, event.actor, event.data) == (
        verb,
        "Retired long ago.",
        organiser,
        {"reference": "V-0001"},
    )


def test_a_decision_without_a_reason_is_refused(desk: Client, conference: Conference) -> None:
    volunteer = make_volunteer(conference, standing=Standing.REVIEW)

    answer = desk.post(url("volunteer_decide", conference, volunteer.reference), {"decision": "admit", "reason": " "})

    assert answer.status_code == 422
    volunteer.refresh_from_db()
    assert volunteer.standing == Standing.REVIEW


def test_whoever_withdrew_is_not_admitted(conference: Conference, organiser: User) -> None:
    volunteer = make_volunteer(conference, standing=Standing.UNCONFIRMED)

    with pytest.raises(DomainError, match="not possible any more"):
        volunteers.decide(volunteer=volunteer, actor=organiser, admit=False, reason="Because.")


# -- Typing in and correcting -------------------------------------------------------------------------------------
@pytest.mark.parametrize("channel", ["paper", "telephone"])
def test_a_person_is_typed_in(desk: Client, conference: Conference, organiser: User, channel: str) -> None:
    desk.post(url("pool_add", conference), typed(conference, channel=channel))

    volunteer = Volunteer.objects.get()
    assert (volunteer.source, volunteer.standing) == (Source.TYPED, Standing.ELIGIBLE)
    assert conference.local(volunteer.consented_at).date() == date(2026, 11, 2)  # type: ignore[arg-type]
    event = Event.objects.get()
    assert (event.verb, event.actor) == (f"volunteer.typed_{channel}", organiser)


def test_a_typed_person_with_a_doubtful_answer_waits(desk: Client, conference: Conference) -> None:
    desk.post(url("pool_add", conference), typed(conference, screen_campaigns="yes"))

    assert Volunteer.objects.get().standing == Standing.REVIEW


def test_the_same_person_is_not_typed_in_twice(desk: Client, conference: Conference) -> None:
    desk.post(url("pool_add", conference), typed(conference))

    answer = desk.post(url("pool_add", conference), typed(conference, first_name="INES"))

    assert answer.status_code == 422
    assert "This person is there already as V-0001." in answer.text
    assert 'value="INES"' in answer.text
    assert Volunteer.objects.count() == 1


def test_a_correction_reaches_the_mails_that_wait(desk: Client, conference: Conference) -> None:
    volunteer = make_volunteer(conference, {"Sexe": "Femme"}, email="old@example.org")
    outbox.schedule(
        kind=Kind.INVITATION,
        recipient=outbox.Recipient(f"volunteer:{volunteer.pk}", "old@example.org", "Anna", "fr"),
        conference_id=conference.pk,
        due_at=timezone.now() + timedelta(days=1),
    )
    men = Value.objects.get(name="Homme", criterion__conference=conference)

    desk.post(
        url("volunteer_edit", conference, "V-0001"),
        {
            "first_name": "Anna",
            "last_name": "Roux",
            "email": "new@example.org",
            f"criterion_{men.criterion_id}": str(men.pk),
            "language": "en",
        },
    )

    identity = Identity.objects.get()
    assert (identity.last_name, identity.email_key, identity.language) == ("Roux", "new@example.org", "en")
    assert Trait.objects.get().value == men
    assert Message.objects.get().recipient_email == "new@example.org"
    event = Event.objects.get()
    assert event.verb == "volunteer.changed"
    assert "Roux" not in str(event.data)


def test_what_a_person_was_drawn_by_stays(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    volunteer = Volunteer.objects.filter(conference=conference, traits__value__name="Femme").first()
    assert volunteer is not None
    men = Value.objects.get(name="Homme", criterion__conference=conference)

    with pytest.raises(DomainError, match="cannot be changed any more"):
        volunteers.change_volunteer(
            volunteer=volunteer,
            actor=organiser,
            draft=volunteers.PersonDraft("Anna", "Roux", values={men.criterion_id: men.pk}),
        )
    assert Trait.objects.get(volunteer=volunteer).value.name == "Femme"


# -- Export -------------------------------------------------------------------------------------------------------
def test_the_export_holds_no_live_formula_and_is_logged(desk: Client, conference: Conference) -> None:
    make_volunteer(
        conference, {"Sexe": "Femme"}, first_name="=1+1", last_name="@SUM(A1)", phone="+33 6 99", city="-Lyon"
    )
    make_volunteer(conference, standing=Standing.WITHDRAWN)

    assert desk.get(url("pool_export", conference)).status_code == 405
    answer = desk.post(url("pool_export", conference))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][3:5] == ["'@SUM(A1)", "'=1+1"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert Event.objects.get().data == {"count": 1}


def test_an_export_can_be_imported_again(desk: Client, conference: Conference, organiser: User) -> None:
    make_volunteer(conference, {"Sexe": "Femme"}, first_name="Anna", last_name="Roux", phone="+33 6 99")
    exported = desk.post(url("pool_export", conference)).content
    upload = imports.start_import(conference=conference, actor=organiser, content=exported, filename="pool.csv")
    other = {**upload.mapping, "0": ""}

    imports.map_columns(upload=upload, mapping=other)
    checked = imports.check_import(import_id=upload.pk)

    assert (checked.added, checked.problem_count, checked.valid) == (0, 0, 1)


# -- Leaving ------------------------------------------------------------------------------------------------------
def test_erasing_keeps_the_draw_and_nothing_that_names(desk: Client, organiser: User) -> None:
    conference, draw = make_drawn(organiser)
    volunteer = Volunteer.objects.filter(conference=conference, entries__place="not_drawn").first()
    assert volunteer is not None
    Needs.objects.create(volunteer=volunteer, diet="Sans gluten")
    message = outbox.schedule(
        kind=Kind.INVITATION,
        recipient=outbox.Recipient(f"volunteer:{volunteer.pk}", "a@example.org", "Anna", "fr"),
        conference_id=conference.pk,
    )

    desk.post(url("volunteer_erase", conference, volunteer.reference), {"reason": "At their wish."})

    volunteer.refresh_from_db()
    message.refresh_from_db()
    assert not Identity.objects.filter(volunteer=volunteer).exists()
    assert not Needs.objects.filter(volunteer=volunteer).exists()
    assert (volunteer.household, volunteer.screener) == ("", {})
    assert (message.recipient_email, message.recipient_name, message.state) == ("", "", State.CANCELLED)
    assert DrawEntry.objects.filter(draw=draw, volunteer=volunteer).exists()
    assert Trait.objects.filter(volunteer=volunteer).exists()
    assert Event.objects.get(verb="volunteer.erased").reason == "At their wish."
    assert desk.get(url("volunteer", conference, volunteer.reference)).status_code == 200


def test_who_holds_a_seat_is_neither_erased_nor_withdrawn(desk: Client, organiser: User) -> None:
    conference, draw = make_drawn(organiser)
    volunteer = Volunteer.objects.filter(conference=conference, entries__place="panel").first()
    assert volunteer is not None
    Invitation.objects.create(
        conference=conference,
        seat=draw.seats.get(number=1),
        volunteer=volunteer,
        deadline=timezone.now() + timedelta(days=5),
        state=InvitationState.ACCEPTED,
    )

    answers = [
        desk.post(url(name, conference, volunteer.reference)) for name in ("volunteer_erase", "volunteer_withdraw")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    volunteer.refresh_from_db()
    assert volunteer.standing == Standing.ELIGIBLE
    assert Identity.objects.filter(volunteer=volunteer).exists()


def test_everybody_is_erased_on_the_conferences_date(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, erase_on=date(2026, 12, 1))
    later = make_conference(erase_on=date(2027, 12, 1))
    make_volunteer(later)
    people = Volunteer.objects.filter(conference=conference).count()

    # 23:30 on 30 November in UTC is half past midnight on 1 December in Paris; at 22:30 it is still November there.
    assert erase_due(datetime(2026, 11, 30, 22, 30, tzinfo=UTC)) == 0
    assert erase_due(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == people
    assert Identity.objects.filter(conference=conference).count() == 0
    assert Identity.objects.filter(conference=later).count() == 1
    assert Volunteer.objects.filter(conference=conference).count() == people


# -- The import's pages -------------------------------------------------------------------------------------------
HEAD = b"Prenom;Nom;Code postal;Sexe\n"


def test_an_import_from_file_to_pool_in_the_browser(desk: Client, conference: Conference) -> None:
    file = SimpleUploadedFile("pool.csv", HEAD + b"Anna;Roux;75011;Femme\nPaul;Martin;69003;Autre\n")

    where = desk.post(url("import", conference), {"file": file})["Location"]
    upload = PoolImport.objects.get()
    assert "Roux" in desk.get(where).text
    desk.post(
        url("import_mapping", conference, upload.uuid), {f"column_{i}": field for i, field in upload.mapping.items()}
    )
    assert "The rows are being checked" in desk.get(where).text
    assert "0 of 2 rows are checked." in desk.get(url("import_progress", conference, upload.uuid)).text
    imports.check_import(import_id=upload.pk)
    assert "data-progress-done" in desk.get(url("import_progress", conference, upload.uuid)).text
    assert "Import the valid row and leave out 1" in desk.get(where).text
    desk.post(url("import_confirm", conference, upload.uuid))
    assert PoolImport.objects.get().state == ImportState.CHECKED
    desk.post(url("import_confirm", conference, upload.uuid), {"valid_only": "yes"})
    imports.run_import(import_id=upload.pk)

    assert "1 person was added to the pool." in desk.get(where).text
    assert Volunteer.objects.get().identity.last_name == "Roux"


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "This file is empty"), (b"%PDF-1.7", "This is a PDF file"), (HEAD, "no rows below")]
)
def test_an_unusable_file_is_told_on_the_page(desk: Client, conference: Conference, content: bytes, said: str) -> None:
    answer = desk.post(url("import", conference), {"file": SimpleUploadedFile("pool.csv", content)})

    assert answer.status_code == 422
    assert said in answer.text
    assert PoolImport.objects.count() == 0


def test_incomplete_columns_are_told_and_kept_as_chosen(desk: Client, conference: Conference) -> None:
    file = SimpleUploadedFile("pool.csv", HEAD + b"Anna;Roux;75011;Femme\n")
    desk.post(url("import", conference), {"file": file})
    upload = PoolImport.objects.get()

    answer = desk.post(
        url("import_mapping", conference, upload.uuid), {"column_0": "first_name", "column_1": "first_name"}
    )

    assert answer.status_code == 422
    assert "Two columns are set to “First name”." in answer.text
    assert answer.text.count('value="first_name" selected') == 2
    assert PoolImport.objects.get().state == ImportState.UPLOADED


def test_an_import_of_another_conference_is_out_of_reach(desk: Client, conference: Conference) -> None:
    other = make_conference(make_user())
    make_criterion(other, "Sexe", [("Femme", 1, 2), ("Homme", 1, 2)])
    upload = imports.start_import(
        conference=other, actor=make_user(), content=HEAD + b"Anna;Roux;75011;Femme\n", filename="pool.csv"
    )

    for name in ("import_detail", "import_progress", "import_mapping"):
        assert desk.get(url(name, conference, upload.uuid)).status_code == 404
    for name in ("import_confirm", "import_abandon"):
        assert desk.post(url(name, conference, upload.uuid)).status_code == 404
    upload.refresh_from_db()
    assert upload.state == ImportState.UPLOADED
