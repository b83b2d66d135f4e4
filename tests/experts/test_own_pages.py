"""The expert's own pages beyond the answer: declarations, availability, documents, the code, fee and travel."""

import datetime as dt
import itertools
import logging
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings as DjangoSettings

from conference.domain.documents import SCAN
from conference.domain.errors import DomainError
from conference.enums import DocumentAudience, ScanState, SessionKind
from conference.mail.domain.delivery import prepare
from conference.mail.domain.kinds import ReasonGone
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Document, Event, Session, User
from conference.nudge import _Nudge
from experts.domain import availability, claims, codes, papers
from experts.domain import experts as life
from experts.enums import CLAIM_TRANSITIONS, ClaimState, ExpertState
from experts.models import AccessCode, Availability, Claim, Expense, Expert, KeyQuestion, Paper, Stance
from experts.own_letters import code_letter, hide_code
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_briefing, make_expert, make_part
from tests.experts.test_desk import desk_url
from tests.experts.test_life import verbs
from tests.experts.test_record import make_question
from tests.factories import make_session

PDF = b"%PDF-1.7 slides"
TRAVEL, CODE, SEND = (reverse(f"experts:{name}") for name in ("travel", "code", "code_send"))


@pytest.fixture
def nathalie(conference: Conference) -> Expert:
    return make_expert(conference, fee=Decimal(400))


def unlocked(expert: Expert) -> Client:
    """A browser in which a code has been typed."""
    client = browser_of(expert)
    client.post(SEND)
    code = AccessCode.objects.filter(expert=expert).latest("created_at")
    assert client.post(CODE, {"code": codes.digits_of(code)}).status_code == 302
    return client


def slides(name: str = "exposé.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


# -- The way through ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ExpertState.INVITED, {"briefing", "expected", "speaking"}),
        (ExpertState.ACCEPTED, {"briefing", "expected", "speaking", "declare", "papers", "travel"}),
        (ExpertState.DECLINED, {"briefing"}),
        (ExpertState.WITHDRAWN, {"briefing", "travel"}),
    ],
)
def test_each_has_the_pages_that_concern_them(conference: Conference, state: ExpertState, expected: set[str]) -> None:
    client = browser_of(make_expert(conference, state))
    names = ("briefing", "expected", "speaking", "declare", "papers", "travel")
    offered = {item.url for item in client.get(reverse("experts:briefing")).context["link_nav"]}
    assert {name for name in names if reverse(f"experts:{name}") in offered} == expected
    opened = {name: client.get(reverse(f"experts:{name}")) for name in names}
    refused = {name for name, response in opened.items() if response.status_code == 404}
    sent_back = {name for name, response in opened.items() if response.get("Location") == reverse("experts:briefing")}
    asked = {name for name, response in opened.items() if response.get("Location", "").startswith(CODE)}
    assert (refused | sent_back) & expected == set()
    if "travel" in expected:
        assert asked == {"travel"}
    assert all(response.status_code == 404 for response in (Client().get(reverse(f"experts:{name}")) for name in names))


def test_the_first_page_says_what_comes_next(conference: Conference, olive: User) -> None:
    expert = make_expert(conference)
    make_briefing(conference, olive, "Un.")
    make_part(expert, make_session(conference, timezone.now() + dt.timedelta(days=3)))
    client = browser_of(expert)
    wanted = [todo.url for todo in client.get(reverse("experts:briefing")).context["todos"]]
    assert wanted == [reverse(f"experts:{name}") for name in ("expected", "speaking", "declare", "papers")]


def test_after_the_answer_the_briefing_has_its_own_page(conference: Conference, olive: User) -> None:
    expert = make_expert(conference)
    briefing = make_briefing(conference, olive, "Parlez lentement.")
    client = browser_of(expert)
    assert "Parlez lentement." in client.get(reverse("experts:expected")).content.decode()
    response = client.post(reverse("experts:mark_read", args=[briefing.pk, 1]))
    assert response["Location"] == reverse("experts:expected")


def test_the_first_page_costs_the_same_for_1_3_and_30(conference: Conference, olive: User) -> None:
    """Other parts add their own question to it: what counts is that none asks once for each item."""
    expert = make_expert(conference, position="for", position_text="Oui.", interests="Aucun.")
    client, counts = browser_of(expert), []
    for number in range(1, 31):
        session = make_session(conference)
        make_part(expert, session, starts_at=session.starts_at)
        make_briefing(conference, olive, "Un.")
        make_question(conference, number)
        if number in {1, 3, 30}:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("experts:briefing")).status_code == 200
            counts.append(len(queries))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 20


# -- Declarations ------------------------------------------------------------------------------------------------------
def test_an_expert_declares_a_position_on_each_question(conference: Conference, nathalie: Expert) -> None:
    first, second = make_question(conference, 1), make_question(conference, 2, "Qui décide ?")
    client = browser_of(nathalie)
    path = reverse("experts:declare_stances")
    words = {
        f"position_{first.pk}": "for",
        f"sentence_{first.pk}": "Les usagers.",
        f"sentence_{second.pk}": "Sans position.",
    }
    assert (client.post(path, words).status_code, Stance.objects.count()) == (422, 0)
    assert client.post(path, {**words, f"sentence_{second.pk}": ""}).status_code == 302
    assert list(Stance.objects.values_list("question", "position", "sentence")) == [(first.pk, "for", "Les usagers.")]
    event = Event.objects.get(verb="expert.stances")
    assert (event.actor, event.data["numbers"]) == (None, "1")


def test_no_two_fields_of_the_declarations_share_an_id(conference: Conference, nathalie: Expert) -> None:
    KeyQuestion.objects.filter(pk=make_question(conference).pk).update(id=1)  # the number of a step of the scale too
    page = browser_of(nathalie).get(reverse("experts:declare")).content.decode()
    found = re.findall(r'\sid="([^"]+)"', page)
    assert {"id_position_1", "stance_position_1"} <= set(found)
    assert sorted(found) == sorted(set(found))


def test_an_invited_expert_declares_nothing_yet(conference: Conference, irene: Expert) -> None:
    question = make_question(conference)
    client = browser_of(irene)
    for name in ("declare", "declare_stances", "photograph_set"):
        response = client.post(reverse(f"experts:{name}"), {f"position_{question.pk}": "for"})
        assert response["Location"] == reverse("experts:briefing")
    assert Stance.objects.count() == 0


# -- When they can come ------------------------------------------------------------------------------------------------
def paris(conference: Conference, text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=conference.zone)


def saturday(conference: Conference, **fields: object) -> Session:
    day = timezone.localdate() + dt.timedelta(days=30)
    return make_session(conference, paris(conference, f"{day}T09:30"), hours=7.5, **fields)


def test_half_days_are_ticked_kept_and_changed(conference: Conference, irene: Expert) -> None:
    session = saturday(conference)
    morning, afternoon = availability.half_days(conference)
    assert [(half.starts_at, half.ends_at) for half in (morning, afternoon)] == [
        (session.starts_at, session.starts_at + dt.timedelta(hours=3.5)),
        (session.starts_at + dt.timedelta(hours=3.5), session.ends_at),
    ]
    client, path = browser_of(irene), reverse("experts:speaking")
    assert (client.post(path, {}).status_code, Availability.objects.count()) == (422, 0)
    client.post(path, {morning.key: "on"})
    assert Availability.objects.values_list("starts_at", "ends_at").get() == (morning.starts_at, morning.ends_at)
    client.post(path, {morning.key: "on", afternoon.key: "on"})
    assert Availability.objects.values_list("starts_at", "ends_at").get() == (session.starts_at, session.ends_at)
    ticked = client.get(path).context["form"]
    assert {key: field.initial for key, field in ticked.fields.items()} == {morning.key: True, afternoon.key: True}
    assert verbs(irene) == ["expert.available", "expert.available"]


def test_the_panels_own_hours_and_what_is_over_are_not_offered(conference: Conference) -> None:
    saturday(conference, kind=SessionKind.DRAFTING)
    saturday(conference, kind=SessionKind.DELIBERATION)
    saturday(conference, cancelled_at=timezone.now())
    make_session(conference, timezone.now() - dt.timedelta(days=9))
    assert availability.half_days(conference) == []


def test_what_was_said_of_days_past_is_kept(conference: Conference, irene: Expert) -> None:
    session = saturday(conference)
    past = timezone.now() - dt.timedelta(days=20)
    Availability.objects.create(expert=irene, starts_at=past, ends_at=past + dt.timedelta(hours=3))
    morning, _afternoon = availability.half_days(conference)
    browser_of(irene).post(reverse("experts:speaking"), {morning.key: "on"})
    assert list(Availability.objects.values_list("starts_at", flat=True)) == [past, session.starts_at]


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_half_days_hold_in_the_nights_of_clock_change(conference: Conference, day: str) -> None:
    start, end = paris(conference, f"{day}T00:30"), paris(conference, f"{day}T23:30")
    session = Session.objects.create(conference=conference, title="Jour", starts_at=start, ends_at=end)
    halves = availability.half_days(conference)
    assert [half.is_morning for half in halves] == [True, False]
    assert (halves[0].starts_at, halves[0].ends_at, halves[1].ends_at) == (
        session.starts_at,
        paris(conference, f"{day}T13:00"),
        session.ends_at,
    )


MOMENTS = st.integers(0, 60).map(lambda hours: dt.datetime(2027, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours))
STRETCHES = st.lists(st.tuples(MOMENTS, st.integers(1, 9)), max_size=8)


@given(STRETCHES)
def test_stretches_are_merged_without_loss(drawn: list[tuple[dt.datetime, int]]) -> None:
    given_stretches = [(start, start + dt.timedelta(hours=hours)) for start, hours in drawn]
    result = availability.merged(given_stretches)

    def hours(stretches: list[tuple[dt.datetime, dt.datetime]]) -> set[dt.datetime]:
        return {
            start + dt.timedelta(hours=number)
            for start, end in stretches
            for number in range(int((end - start).total_seconds() // 3600))
        }

    assert hours(result) == hours(given_stretches)
    assert all(first[1] < second[0] for first, second in itertools.pairwise(result))


# -- Documents ---------------------------------------------------------------------------------------------------------
def test_slides_are_handed_in_and_opened_to_others_by_an_organiser(
    conference: Conference, nathalie: Expert, desk: Client
) -> None:
    client = browser_of(nathalie)
    assert client.post(reverse("experts:papers"), {"title": "Exposé", "file": slides()}).status_code == 302
    paper = Paper.objects.get()
    assert (paper.document.audience, paper.from_expert, paper.document.is_confidential) == ("team", True, False)
    assert client.get(reverse("experts:paper", args=[paper.pk])).getvalue() == PDF
    assert desk.get(desk_url("paper", conference, paper.pk)).getvalue() == PDF
    desk.post(desk_url("paper_open", conference, paper.pk), {"audience": "panel"})
    assert Document.objects.get().audience == DocumentAudience.PANEL
    client.post(reverse("experts:paper_remove", args=[paper.pk]))
    assert Paper.objects.count() == 1  # the panel reads it already: not the expert's to take away
    desk.post(desk_url("paper_remove", conference, paper.pk))
    assert (Paper.objects.count(), Document.objects.count()) == (0, 0)
    assert verbs(nathalie) == ["expert.paper_added", "expert.paper_opened", "expert.paper_removed"]


def test_a_file_that_is_not_what_it_says_is_refused(nathalie: Expert) -> None:
    client = browser_of(nathalie)
    response = client.post(reverse("experts:papers"), {"title": "Exposé", "file": slides(content=b"MZ")})
    assert (response.status_code, list(response.context["form"].errors), Paper.objects.count()) == (422, ["file"], 0)


def test_a_paper_waits_for_the_scanner_like_every_document(
    conference: Conference, nathalie: Expert, desk: Client, settings: DjangoSettings
) -> None:
    settings.DOCUMENT_SCANNER = "tests.conference.test_scanning.looks_at"
    client = browser_of(nathalie)
    client.post(reverse("experts:papers"), {"title": "Exposé", "file": slides()})
    paper = Paper.objects.get()
    assert _Nudge(SCAN, (paper.document_id,)) in [entry[1] for entry in connection.run_on_commit]
    on_pages = {
        reverse("experts:papers"): (client, reverse("experts:paper", args=[paper.pk])),
        desk_url("expert", conference, nathalie.pk): (desk, desk_url("paper", conference, paper.pk)),
    }
    for state, served in ((ScanState.WAITING, False), (ScanState.CLEAN, True), (ScanState.INFECTED, False)):
        Document.objects.update(scan=state)
        for page, (reader, download) in on_pages.items():
            text = reader.get(page).text
            assert (f'href="{download}"' in text, str(state.label) in text) == (served, not served)
            response = reader.get(download)
            assert (response.status_code, b"slides" in response.getvalue()) == ((200, True) if served else (404, False))


def test_nobody_elses_papers_open(conference: Conference, nathalie: Expert) -> None:
    paper = papers.hand_in(expert_id=nathalie.pk, title="Exposé", file=slides(), is_confidential=False)
    other = browser_of(make_expert(conference))
    for name in ("paper", "paper_remove"):
        path = reverse(f"experts:{name}", args=[paper.pk])
        assert (other.get(path).status_code, other.post(path).status_code) in {(404, 405), (405, 404)}
    assert Paper.objects.count() == 1


def test_what_is_confidential_asks_for_a_code_and_stays_with_the_organisers(
    conference: Conference, nathalie: Expert, desk: Client, reader: Client
) -> None:
    paper = papers.hand_in(expert_id=nathalie.pk, title="Contrat secret", file=slides(), is_confidential=True)
    client, path = browser_of(nathalie), reverse("experts:paper", args=[paper.pk])
    assert client.get(path)["Location"] == f"{CODE}?next=1"
    assert client.post(reverse("experts:paper_remove", args=[paper.pk]))["Location"] == f"{CODE}?next=1"
    assert "Contrat secret" not in client.get(reverse("experts:papers")).content.decode()
    assert unlocked(nathalie).get(path).getvalue() == PDF
    on_desk = [
        desk_url("paper", conference, paper.pk),
        reverse("desk:document", args=[conference.slug, paper.document.uuid]),
    ]
    assert [reader.get(address).status_code for address in on_desk] == [404, 404]
    listed = [reverse("desk:documents", args=[conference.slug]), desk_url("expert", conference, nathalie.pk)]
    assert not any("Contrat secret" in reader.get(address).content.decode() for address in listed)
    assert [desk.get(address).getvalue() for address in on_desk] == [PDF, PDF]
    desk.post(desk_url("paper_open", conference, paper.pk), {"audience": "public"})
    assert Document.objects.get().audience == DocumentAudience.TEAM
    assert "Contrat" not in str(list(Event.objects.values_list("data", "reason")))


# -- The code ----------------------------------------------------------------------------------------------------------
def test_a_code_opens_the_confidential_pages_of_this_browser_only(nathalie: Expert) -> None:
    client = browser_of(nathalie)
    assert client.get(TRAVEL)["Location"] == f"{CODE}?next=0"
    client.post(SEND)
    digits = codes.digits_of(AccessCode.objects.get())
    other = browser_of(nathalie)
    assert other.post(CODE, {"code": digits}).status_code == 422
    assert client.post(CODE, {"code": f" {digits[:3]} {digits[3:]} "})["Location"] == TRAVEL
    assert (client.get(TRAVEL).status_code, other.get(TRAVEL).status_code) == (200, 302)


def test_a_code_is_used_once(nathalie: Expert) -> None:
    code = codes.send_code(expert_id=nathalie.pk)
    digits = codes.digits_of(code)
    codes.use_code(expert_id=nathalie.pk, in_hand=code.uuid, digits=digits)
    with pytest.raises(DomainError):
        codes.use_code(expert_id=nathalie.pk, in_hand=code.uuid, digits=digits)


def test_five_wrong_tries_end_a_code(nathalie: Expert) -> None:
    client = browser_of(nathalie)
    client.post(SEND)
    digits = codes.digits_of(AccessCode.objects.get())
    wrong = "000000" if digits != "000000" else "111111"
    for _ in range(5):
        assert client.post(CODE, {"code": wrong}).status_code == 422
    assert client.post(CODE, {"code": digits}).status_code == 422
    assert (AccessCode.objects.get().tries, client.get(TRAVEL).status_code) == (5, 302)


def test_a_code_lives_ten_minutes(nathalie: Expert) -> None:
    code = codes.send_code(expert_id=nathalie.pk)
    assert code.expires_at - code.created_at == dt.timedelta(minutes=10)
    AccessCode.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(DomainError):
        codes.use_code(expert_id=nathalie.pk, in_hand=code.uuid, digits=codes.digits_of(code))


def test_codes_are_asked_for_five_times_an_hour_at_most(nathalie: Expert) -> None:
    for _ in range(5):
        codes.send_code(expert_id=nathalie.pk)
    with pytest.raises(DomainError):
        codes.send_code(expert_id=nathalie.pk)
    AccessCode.objects.update(created_at=timezone.now() - dt.timedelta(minutes=61))
    codes.send_code(expert_id=nathalie.pk)
    assert Message.objects.filter(kind=Kind.EXPERT_CODE).count() == 6


def test_an_impatient_second_press_sends_one_letter(nathalie: Expert) -> None:
    client = browser_of(nathalie)
    client.post(SEND)
    client.post(SEND)
    assert Message.objects.filter(kind=Kind.EXPERT_CODE).count() == 1


def test_a_new_link_closes_what_a_code_opened(nathalie: Expert, olive: User) -> None:
    client = unlocked(nathalie)
    assert client.get(TRAVEL).status_code == 200
    life.renew_link(expert_id=nathalie.pk, actor=olive)
    assert client.get(TRAVEL).status_code == 404


def test_an_hour_later_a_new_code_is_needed(nathalie: Expert) -> None:
    client = unlocked(nathalie)
    session = client.session
    session["expert_unlocked"] = {**session["expert_unlocked"], "at": timezone.now().timestamp() - 3601}
    session.save()
    assert client.get(TRAVEL)["Location"] == f"{CODE}?next=0"


def test_the_digits_stand_in_no_table_log_or_subject(nathalie: Expert, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = browser_of(nathalie)
    client.post(SEND)
    digits = codes.digits_of(AccessCode.objects.get())
    client.post(CODE, {"code": digits})
    assert digits not in caplog.text.replace("\N{NO-BREAK SPACE}", "")
    assert digits not in str(list(Event.objects.values_list("data", "reason")))
    assert digits not in str(list(Message.objects.values_list("data", "subject", "body_text")))


def test_the_letter_brings_the_digits_without_a_link_and_its_kept_copy_hides_them(nathalie: Expert) -> None:
    code = codes.send_code(expert_id=nathalie.pk)
    digits = codes.digits_of(code)
    message = Message.objects.get(kind=Kind.EXPERT_CODE)
    _content, rendered = prepare(message)
    assert digits in re.sub(r"\D", "", rendered.text)
    assert "/e/" not in rendered.text + rendered.html
    Message.objects.update(body_text=rendered.text)
    hide_code(message)
    kept = Message.objects.get().body_text
    assert ("••• •••" in kept, digits in re.sub(r"\D", "", kept)) == (True, False)


def test_a_letter_whose_code_has_run_out_does_not_leave(nathalie: Expert) -> None:
    codes.send_code(expert_id=nathalie.pk)
    AccessCode.objects.update(expires_at=timezone.now())
    with pytest.raises(ReasonGone):
        code_letter(Message.objects.get(kind=Kind.EXPERT_CODE))


# -- Fee and travel ----------------------------------------------------------------------------------------------------
LINE = {"day": "2026-01-05", "label": "Train", "amount": "62,40"}


def receipt() -> SimpleUploadedFile:
    return SimpleUploadedFile("billet.pdf", b"%PDF-1.4 ticket", "application/pdf")


def test_an_account_is_written_signed_queried_signed_again_and_accepted(
    conference: Conference, nathalie: Expert, desk: Client
) -> None:
    client = unlocked(nathalie)
    assert client.post(TRAVEL, {**LINE, "receipt": receipt()}).status_code == 302
    line = Expense.objects.get()
    assert (line.amount, line.receipt_name) == (Decimal("62.40"), "billet.pdf")
    assert client.get(reverse("experts:receipt", args=[line.uuid])).getvalue() == b"%PDF-1.4 ticket"
    assert client.post(reverse("experts:sign"), {"name": " "}).status_code == 422
    client.post(reverse("experts:sign"), {"name": "N. Roumieu"})
    claim = Claim.objects.get()
    assert (claim.state, claim.signed_name, claim.fee, claims.total_of(claim)) == (
        ClaimState.SIGNED,
        "N. Roumieu",
        Decimal(400),
        Decimal("462.40"),
    )
    client.post(TRAVEL, LINE)
    assert Expense.objects.count() == 1  # what is signed stays as it was signed
    assert desk.post(desk_url("claim_query", conference, nathalie.pk), {"note": " "}).status_code == 422
    desk.post(desk_url("claim_query", conference, nathalie.pk), {"note": "Et le retour ?"})
    assert "Et le retour ?" in client.get(TRAVEL).content.decode()
    client.post(TRAVEL, {**LINE, "label": "Retour"})
    client.post(reverse("experts:sign"), {"name": "N. Roumieu"})
    page = desk.get(desk_url("claim", conference, nathalie.pk))
    desk.post(desk_url("claim_accept", conference, nathalie.pk), {"seen": page.context["seen"]})
    assert Claim.objects.get().state == ClaimState.ACCEPTED
    sent = Message.objects.filter(kind=Kind.EXPERT_CLAIM).order_by("id").values_list("data__state", flat=True)
    assert list(sent) == ["queried", "accepted"]


def test_what_was_signed_anew_must_be_looked_at_again(conference: Conference, nathalie: Expert, desk: Client) -> None:
    claims.sign(expert_id=nathalie.pk, name="N. R.")
    seen = desk.get(desk_url("claim", conference, nathalie.pk)).context["seen"]
    claims.unsign(expert_id=nathalie.pk)
    claims.add_expense(expert_id=nathalie.pk, day=dt.date(2026, 1, 5), label="Avion", amount=Decimal(900))
    claims.sign(expert_id=nathalie.pk, name="N. R.")
    desk.post(desk_url("claim_accept", conference, nathalie.pk), {"seen": seen})
    assert Claim.objects.get().state == ClaimState.SIGNED


def test_a_fee_changed_after_the_signature_does_not_change_what_was_signed(nathalie: Expert, olive: User) -> None:
    claims.sign(expert_id=nathalie.pk, name="N. R.")
    life.change_expert(expert_id=nathalie.pk, actor=olive, fields={"fee": Decimal(999)})
    assert claims.total_of(Claim.objects.select_related("expert").get()) == Decimal(400)


@pytest.mark.parametrize("fields", [{"amount": "0"}, {"amount": "-3"}, {"day": "2999-01-01"}, {"label": ""}])
def test_lines_that_cannot_be_are_refused(nathalie: Expert, fields: dict[str, str]) -> None:
    assert unlocked(nathalie).post(TRAVEL, {**LINE, **fields}).status_code == 422
    assert Expense.objects.count() == 0


def test_nothing_is_not_signed(conference: Conference) -> None:
    expert = make_expert(conference)
    with pytest.raises(DomainError):
        claims.sign(expert_id=expert.pk, name="Moi")


def test_nobody_elses_receipt_opens(conference: Conference, nathalie: Expert, reader: Client, otto: User) -> None:
    line = claims.add_expense(
        expert_id=nathalie.pk, day=dt.date(2026, 1, 5), label="Train", amount=Decimal(9), receipt=receipt()
    )
    other = unlocked(make_expert(conference))
    assert other.get(reverse("experts:receipt", args=[line.uuid])).status_code == 404
    path = desk_url("receipt", conference, line.uuid)
    assert [client.get(path).status_code for client in (reader, signed_in(otto))] == [404, 404]


def test_the_export_holds_every_line_and_no_formula(conference: Conference, nathalie: Expert, desk: Client) -> None:
    claims.add_expense(expert_id=nathalie.pk, day=dt.date(2026, 1, 5), label="=cmd()", amount=Decimal("9.50"))
    text = desk.get(desk_url("claims_export", conference)).content.decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert [row[-3:-1] for row in rows[1:]] == [["Honoraires", "400,00"], ["'=cmd()", "9,50"]]


@pytest.mark.parametrize("item_count", [1, 3, 30])
def test_the_accounts_cost_the_same(conference: Conference, desk: Client, item_count: int) -> None:
    for _ in range(item_count):
        expert = make_expert(conference, fee=Decimal(9))
        claims.add_expense(expert_id=expert.pk, day=dt.date(2026, 1, 5), label="Train", amount=Decimal(9))
    desk.get(desk_url("claims", conference))
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(desk_url("claims", conference)).status_code == 200
    assert len(queries) == 6, "\n".join(query["sql"][:160] for query in queries)


ACTS = st.lists(st.sampled_from(["add", "sign", "unsign", "query", "accept"]), min_size=1, max_size=10)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_no_sequence_leaves_the_table_of_accounts(conference: Conference, olive: User, acts: list[str]) -> None:
    expert = make_expert(conference, fee=Decimal(10))
    for act in acts:
        before = Claim.objects.filter(expert=expert).values_list("state", "signed_at").first() or (
            ClaimState.OPEN,
            None,
        )
        spent = Expense.objects.filter(claim__expert=expert).count()
        try:
            _do(act, expert, olive, before[1])
        except DomainError:
            assert Expense.objects.filter(claim__expert=expert).count() == spent
        after = Claim.objects.filter(expert=expert).values_list("state", flat=True).first() or ClaimState.OPEN
        assert after == before[0] or after in CLAIM_TRANSITIONS[ClaimState(before[0])]
        if before[0] in {ClaimState.SIGNED, ClaimState.ACCEPTED}:
            assert Expense.objects.filter(claim__expert=expert).count() == spent


def _do(act: str, expert: Expert, olive: User, signed_at: dt.datetime | None) -> None:
    if act == "add":
        claims.add_expense(expert_id=expert.pk, day=dt.date(2026, 1, 5), label="Train", amount=Decimal(5))
    elif act == "sign":
        claims.sign(expert_id=expert.pk, name="Moi")
    elif act == "unsign":
        claims.unsign(expert_id=expert.pk)
    elif act == "query":
        claims.query(expert_id=expert.pk, actor=olive, note="Pourquoi ?")
    else:
        claims.accept(expert_id=expert.pk, actor=olive, signed_at=signed_at)
