"""Who may open the pages of roll calls and allowances; what they do; how many queries they take."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.enums import Role
from conference.links import make_token
from conference.models import Conference, Event
from experts.models import Expert
from panels.domain import allowances as domain
from panels.domain.attendance import Sent, close_half_day, take_marks
from panels.domain.invitations import accept, invite_panel
from panels.enums import MarkKind, RateKind
from panels.half_days import half_days
from panels.models import AllowanceExport, AttendanceMark, Claim, Invitation, Rate, Statement
from panels.urls_attendance import urlpatterns
from tests.factories import add_member, make_conference, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%receipt\n"


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@dataclass
class Stage:
    conference: Conference
    people: list[Invitation]
    half: str  # open now
    closed: str
    arguments: dict[str, Any]


def build(seats: int = 3) -> Stage:
    """A panel, a closed roll call of yesterday, an open one of now, a claim, a statement and a payment file."""
    organiser = make_user()
    conference, _draw = make_drawn(organiser, seats=max(seats, 2), alternates=1, others=1)
    for invitation in invite_panel(conference=conference, actor=organiser)[:seats]:
        accept(invitation_id=invitation.pk)
    now = timezone.now()
    make_session(conference, now - timedelta(days=1, hours=2), hours=2)
    session = make_session(conference, now - timedelta(hours=1), hours=2)
    people = list(Invitation.objects.filter(conference=conference).accepted().select_related("conference", "volunteer"))
    closed, half = half_days(conference)[:2]
    marks = [Sent(uuid4(), person.uuid, MarkKind.PRESENT, closed.starts_at) for person in people]
    take_marks(half=closed, marks=marks, actor=organiser)
    close_half_day(half=closed, actor=organiser)
    rates = {
        kind: domain.save_rate(
            conference_id=conference.pk,
            actor=organiser,
            fields={"kind": kind, "amount": Decimal(10), "by_receipt": kind == RateKind.MEAL},
        )
        for kind in (RateKind.HALF_DAY, RateKind.MEAL)
    }
    for person in people:
        file = SimpleUploadedFile("billet.pdf", PDF)
        claim = domain.add_claim(
            invitation=person,
            rate=rates[RateKind.MEAL],
            day=now.date(),
            quantity=Decimal(1),
            paid=Decimal(5),
            file=file,
        )
        domain.confirm(invitation=person, actor=organiser)
    made = domain.export(conference_id=conference.pk, actor=organiser, language="fr")
    arguments = {
        "half": half.slug,
        "pk": session.pk,
        "rate": rates[RateKind.MEAL].pk,
        "number": made.number,
        "uuid": people[0].uuid,
        "statement": 1,
        "claim": claim.uuid,
        "key": "rennes-2021",
    }
    return Stage(conference, people, half.slug, closed.slug, arguments)


ORGANISER = {Role.ORGANISER}
FACILITATE = ORGANISER | {Role.FACILITATOR}
PEOPLE = FACILITATE | {Role.GUARANTOR}
NOBODY: set[Role] = set()


@dataclass(frozen=True)
class Page:
    """An address, and who gets it by GET and by POST; nobody: the method is not offered."""

    name: str
    about: tuple[str, ...] = ()
    get: set[Role] = field(default_factory=lambda: NOBODY)
    post: set[Role] = field(default_factory=lambda: NOBODY)
    body: str = ""

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash(self.name)


PAGES = [
    Page("index", get=PEOPLE),
    Page("worker", get=FACILITATE),
    Page("sheet", ("pk",), get=FACILITATE),
    Page("sheet_pdf", ("pk",), get=FACILITATE),
    Page("roll", ("half",), get=FACILITATE, post=FACILITATE),
    Page("sync", ("half",), post=FACILITATE, body='{"marks": []}'),
    Page("close", ("half",), post=FACILITATE),
    Page("correct", ("half",), post=FACILITATE),
    Page("allowances", get=ORGANISER),
    Page("confirm_all", post=ORGANISER),
    Page("export", post=ORGANISER),
    Page("download", ("number",), get=ORGANISER),
    Page("paid", ("number",), post=ORGANISER),
    Page("rates", get=ORGANISER, post=ORGANISER),
    Page("rate", ("rate",), get=ORGANISER, post=ORGANISER),
    Page("retire", ("rate",), post=ORGANISER),
    Page("example", ("key",), post=ORGANISER),
    Page("person", ("uuid",), get=ORGANISER, post=ORGANISER),
    Page("confirm", ("uuid",), post=ORGANISER),
    Page("reopen", ("uuid", "statement"), post=ORGANISER),
    Page("claim_remove", ("claim",), post=ORGANISER),
    Page("claim_refuse", ("claim",), post=ORGANISER),
    Page("receipt", ("claim",), get=ORGANISER),
]
OWN = {"own", "own_remove", "own_receipt"}


def address(page: Page, stage: Stage) -> str:
    return reverse(
        f"attendance:{page.name}", args=[stage.conference.slug, *(stage.arguments[one] for one in page.about)]
    )


def ask(client: Client, page: Page, url: str) -> tuple[int, int]:
    """The two answers; what the posting did is undone, unless it was forbidden and did something."""
    got = client.get(url)
    if got.streaming:
        b"".join(got.streaming_content)  # type: ignore[attr-defined]
    with transaction.atomic():
        posted = client.post(url, page.body, content_type="application/json") if page.body else client.post(url)
        transaction.set_rollback(posted.status_code < 400)
    return got.status_code, posted.status_code


def citizen(stage: Stage) -> Client:
    client = Client()
    person = stage.people[0]
    client.get(reverse("panels:invitation_link", args=[make_token("invitation", person.uuid, person.version)]))
    return client


def expert(stage: Stage) -> Client:
    found = Expert.objects.create(
        conference=stage.conference, first_name="Ève", last_name="Martin", email="eve@example.org"
    )
    client = Client()
    client.get(reverse("experts:link", args=[make_token("expert", found.uuid, found.link_version)]))
    return client


def stranger(_stage: Stage) -> Client:
    """Somebody who runs another conference."""
    user = make_user()
    make_conference(user)
    client = Client()
    client.force_login(user)
    return client


def test_the_table_names_every_page() -> None:
    named = {str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)}

    assert {page.name for page in PAGES} | OWN == named


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(role: Role) -> None:
    stage = build()
    client = Client()
    client.force_login(add_member(stage.conference, role=role))
    for page in PAGES:
        before = Event.objects.count()

        got, posted = ask(client, page, address(page, stage))

        assert got == (200 if role in page.get else 404 if page.get else 405), page
        assert posted in ({200, 302, 422} if role in page.post else {404} if page.post else {405, 404}), page
        assert Event.objects.count() == before, page


@pytest.mark.parametrize(
    "visitor", [citizen, expert, stranger, lambda _stage: Client()], ids=["citizen", "expert", "stranger", "public"]
)
def test_nobody_else_finds_anything(visitor: Callable[[Stage], Client]) -> None:
    stage = build()
    client = visitor(stage)
    for page in PAGES:
        before = Event.objects.count(), AttendanceMark.objects.count(), Statement.objects.count()

        answers = ask(client, page, address(page, stage))

        # Signed in to nothing: the way in. Signed in elsewhere: as if it did not exist.
        assert set(answers) <= {302, 404, 405}, page
        if answers[0] == 302:
            assert client.get(address(page, stage))["Location"].startswith("/accounts/login/")
        assert (Event.objects.count(), AttendanceMark.objects.count(), Statement.objects.count()) == before


def test_things_of_another_conference_are_not_found_by_its_own_organiser() -> None:
    stage, other = build(), build()
    client = Client()
    client.force_login(add_member(other.conference, role=Role.ORGANISER))
    for page in PAGES:
        if set(page.about) & {"half", "pk", "rate", "uuid", "claim"}:
            crossed = reverse(
                f"attendance:{page.name}", args=[other.conference.slug, *(stage.arguments[one] for one in page.about)]
            )
            assert set(ask(client, page, crossed)) <= {404, 405}, page


# -- A citizen's own page ----------------------------------------------------------------------------------------------
def test_a_citizen_sees_their_own_and_nobody_elses() -> None:
    stage = build()
    client = citizen(stage)
    others = Claim.objects.filter(invitation=stage.people[1]).get()
    own = Claim.objects.filter(invitation=stage.people[0]).get()

    page = client.get(reverse("attendance:own"))

    assert page.status_code == 200
    assert "15,00" in page.content.decode()
    assert client.get(reverse("attendance:own_receipt", args=[others.uuid])).status_code == 404
    assert client.post(reverse("attendance:own_remove", args=[others.uuid])).status_code == 404
    got = client.get(reverse("attendance:own_receipt", args=[own.uuid]))
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    assert (got["Content-Disposition"], got["X-Content-Type-Options"]) == (
        'attachment; filename="billet.pdf"',
        "nosniff",
    )
    assert Client().get(reverse("attendance:own")).status_code == 404
    assert Client().get(reverse("attendance:own_receipt", args=[own.uuid])).status_code == 404


def test_a_citizen_adds_an_expense_on_a_telephone_and_takes_it_back() -> None:
    stage = build()
    client = citizen(stage)
    meal = Rate.objects.get(conference=stage.conference, kind=RateKind.MEAL)
    said = {"rate": meal.pk, "day": "2027-03-13", "paid": "12,40", "of": str(stage.people[0].uuid)}

    wrong = client.post(reverse("attendance:own"), {**said, "paid": ""})
    right = client.post(reverse("attendance:own"), {**said, "receipt": SimpleUploadedFile("t.pdf", PDF)})

    assert (wrong.status_code, right.status_code) == (422, 302)
    added = Claim.objects.filter(invitation=stage.people[0]).latest("entered_at")
    assert (str(added.paid), added.entered_by, added.filename) == ("12.40", None, "t.pdf")
    client.post(reverse("attendance:own_remove", args=[added.uuid]))
    assert not Claim.objects.filter(pk=added.pk).exists()


def test_whoever_has_not_accepted_has_no_allowance() -> None:
    stage = build(1)
    waiting = Invitation.objects.get(conference=stage.conference, state="pending")
    client = Client()
    client.get(reverse("panels:invitation_link", args=[make_token("invitation", waiting.uuid, waiting.version)]))

    answer = client.get(reverse("attendance:own"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("panels:invitation"))


# -- The roll call -----------------------------------------------------------------------------------------------------
def facilitator(stage: Stage) -> Client:
    client = Client()
    client.force_login(add_member(stage.conference, role=Role.FACILITATOR))
    return client


def test_without_script_a_press_is_a_mark_and_pressing_again_changes_nothing() -> None:
    stage = build()
    client = facilitator(stage)
    url = reverse("attendance:roll", args=[stage.conference.slug, stage.half])
    before = AttendanceMark.objects.count()
    pressed = {"uuid": str(uuid4()), "who": str(stage.people[0].uuid), "kind": "present"}

    answers = [client.post(url, pressed), client.post(url, pressed)]

    assert [answer["Location"] for answer in answers] == [f"{url}#who-{stage.people[0].uuid}"] * 2
    assert AttendanceMark.objects.count() == before + 1
    assert client.post(url, {**pressed, "kind": "late"}).status_code == 302  # no hour: refused in words
    assert AttendanceMark.objects.count() == before + 1


def send(client: Client, stage: Stage, marks: object) -> Any:
    url = reverse("attendance:sync", args=[stage.conference.slug, stage.half])
    return client.post(url, json.dumps({"marks": marks, "device": "#t"}), content_type="application/json")


def test_a_device_sends_and_is_told_how_things_stand() -> None:
    stage = build()
    client = facilitator(stage)
    at = timezone.now().isoformat()
    who = str(stage.people[0].uuid)
    good = {"uuid": str(uuid4()), "who": who, "kind": "late", "clock": "10:15", "at": at}
    signed = {"uuid": str(uuid4()), "who": who, "kind": "signed", "strokes": [[1, 2, 3, 4]], "at": at}
    bad = {"uuid": str(uuid4()), "who": who, "kind": "signed", "strokes": [[1, 2, 3, 4000]], "at": at}
    garbage = {"uuid": "x", "kind": "present"}

    said = send(client, stage, [good, signed, bad, garbage]).json()

    assert said["held"] == [good["uuid"], signed["uuid"]]
    assert set(said["refused"]) == {bad["uuid"], "x"}
    assert said["rows"][0] == {"who": who, "kind": "late", "late": "10:15", "left": "", "signed": True}
    assert said["closed"] is False
    assert "Camille" not in json.dumps(said)  # no name leaves with it


@pytest.mark.parametrize("marks", ["x", None, 3, [{}] * 201])
def test_what_is_no_list_of_marks(marks: object) -> None:
    stage = build()

    assert send(facilitator(stage), stage, marks).status_code == 400


def test_an_open_page_may_be_kept_and_a_closed_one_may_not() -> None:
    stage = build()
    client = facilitator(stage)
    slug = stage.conference.slug

    said = {half: client.get(reverse("attendance:roll", args=[slug, half])) for half in (stage.half, stage.closed)}

    assert [said[half]["X-Roll-Call"] for half in (stage.half, stage.closed)] == ["open", "closed"]
    script = client.get(reverse("attendance:worker", args=[slug]))
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert "script-src 'self'" in script["Content-Security-Policy"]
    assert "Service-Worker-Allowed" not in script  # its folder bounds it


def test_the_roll_shows_short_names_only() -> None:
    stage = build()
    identity = stage.people[0].volunteer.identity
    identity.first_name, identity.last_name, identity.phone = "Inès", "Gauthier", "01 99 00 11 22"
    identity.save()

    page = facilitator(stage).get(reverse("attendance:roll", args=[stage.conference.slug, stage.half])).content.decode()

    assert "Inès G." in page
    assert "Gauthier" not in page
    assert identity.phone not in page


def test_signatures_are_drawn_from_numbers() -> None:
    stage = build()
    client = facilitator(stage)
    at = timezone.now().isoformat()
    who = str(stage.people[0].uuid)
    send(client, stage, [{"uuid": str(uuid4()), "who": who, "kind": "signed", "typed": "<b>Inès</b>", "at": at}])
    send(
        client,
        stage,
        [
            {
                "uuid": str(uuid4()),
                "who": str(stage.people[1].uuid),
                "kind": "signed",
                "strokes": [[1, 2, 3, 4]],
                "at": at,
            }
        ],
    )

    page = client.get(reverse("attendance:sheet", args=[stage.conference.slug, stage.arguments["pk"]])).content.decode()

    assert "&lt;b&gt;Inès&lt;/b&gt;" in page
    assert 'd="M1 2L3 4"' in page


# -- Payment -----------------------------------------------------------------------------------------------------------
def test_the_file_is_downloaded_again_the_same() -> None:
    stage = build()
    client = Client()
    client.force_login(add_member(stage.conference, role=Role.ORGANISER))
    url = reverse("attendance:download", args=[stage.conference.slug, 1])

    first, again, plain = client.get(url), client.get(url), client.get(f"{url}?plain")

    assert first.content == again.content
    assert first.content == b"\xef\xbb\xbf" + plain.content
    assert first["Content-Disposition"] == f'attachment; filename="{stage.conference.slug}-payment-001.csv"'
    assert AllowanceExport.objects.get(number=1).total == Decimal(45)


# -- Queries -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["index", "roll", "sheet", "sheet_pdf", "allowances", "sync"])
def test_as_many_queries_for_thirty_citizens_as_for_one(name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    counts = []
    for seats in (1, 3, 30):
        stage = build(seats)
        client = Client()
        client.force_login(add_member(stage.conference, role=Role.ORGANISER))
        url = address(page, stage)
        with CaptureQueriesContext(
            connection,
        ) as taken:
            if page.get:
                client.get(url)
            else:
                client.post(url, page.body, content_type="application/json")
        counts.append(len(taken))

    assert counts[0] == counts[1] == counts[2], counts
    assert counts[0] <= 20
