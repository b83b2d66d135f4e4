"""What citizens are paid: reckoned by hand beside the program, confirmed, handed over, corrected, erased."""

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from conference.domain.errors import DomainError
from conference.models import Conference, Event, User
from panels.accounts import account_of, accounts
from panels.domain import allowances as domain
from panels.domain.attendance import Sent, close_half_day, correct_mark, take_marks
from panels.domain.erasure import erase_volunteer
from panels.domain.invitations import accept, invite_panel
from panels.enums import STATEMENT_TRANSITIONS, MarkKind, RateKind, StatementState
from panels.files.payments import payments_csv
from panels.half_days import HalfDay, half_days
from panels.models import AllowanceExport, Claim, Invitation, Rate, Statement
from panels.rate_examples import TABLES
from panels.reckoning import Asked, Attended, Due, Tariff, cents, differences, reckon
from panels.statement_rows import lines_of_statement, open_lines
from tests.factories import make_drawn, make_session, make_user

D = Decimal
SATURDAY, SUNDAY = date(2027, 3, 13), date(2027, 3, 14)
WEEKEND = [Attended(1, SATURDAY, 180), Attended(2, SATURDAY, 165), Attended(3, SUNDAY, 180)]


# -- Reckoning, against tables made by hand ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        (RateKind.HALF_DAY, "47.00", ["47.00", "47.00", "47.00"]),
        (RateKind.DAY, "86.24", ["86.24", "86.24"]),  # CESE 2019
        (RateKind.DAY, "94.00", ["94.00", "94.00"]),  # CESE 2022
        # Rennes 2021: 12.57 € an hour; 3 h = 37.71, 2 h 45 = 34.5675 → 34.57
        (RateKind.HOUR, "12.57", ["37.71", "34.57", "37.71"]),
        (RateKind.HOUR, "13.74", ["41.22", "37.79", "41.22"]),  # Poitiers: a session of three hours is 41.22
    ],
)
def test_presence(kind: RateKind, amount: str, expected: list[str]) -> None:
    dues = reckon([Tariff(1, kind, amount=D(amount))], WEEKEND, [])

    assert [str(due.amount) for due in dues] == expected


@pytest.mark.parametrize(
    ("amount", "cap", "by_receipt", "quantity", "paid", "expected"),
    [
        ("0.32", None, False, "84", None, "26.88"),
        ("0.529", None, False, "37", None, "19.57"),  # 19.573
        ("0.005", None, False, "1", None, "0.01"),  # half a cent goes up
        ("0.32", "20.00", False, "84", None, "20.00"),
        (None, "150.00", True, "1", "38.60", "38.60"),
        (None, "150.00", True, "1", "180.00", "150.00"),
        (None, None, True, "1", "180.00", "180.00"),
        ("18.00", None, True, "7.5", "127.50", "127.50"),  # childcare: the receipt is less than 7.5 × 18 = 135
        ("18.00", None, True, "4", "127.50", "72.00"),
        ("110.00", None, True, "2", "205.00", "205.00"),  # two nights
        ("110.00", None, True, "1", None, "0.00"),  # no receipt, no money
    ],
)
def test_claims(
    amount: str | None, cap: str | None, by_receipt: bool, quantity: str, paid: str | None, expected: str
) -> None:
    rate = Tariff(1, RateKind.CUSTOM, "", D(amount) if amount else None, D(cap) if cap else None, by_receipt)

    (due,) = reckon([rate], [], [Asked(7, rate, SATURDAY, D(quantity), D(paid) if paid else None)])

    assert (due.key, str(due.amount)) == ("claim:7", expected)


@given(st.fractions(min_value=0, max_value=10**5, max_denominator=10**4))
def test_rounding_is_to_the_nearest_cent_and_upwards_at_the_half(value: Fraction) -> None:
    rounded = Fraction(cents(value))

    assert -Fraction(1, 200) < rounded - value <= Fraction(1, 200)
    assert (rounded * 100).denominator == 1


amounts = st.decimals(min_value=0, max_value=500, places=2)


@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), amounts), min_size=1, max_size=5))
def test_whatever_changes_the_sum_of_what_is_confirmed_is_what_is_due(history: list[dict[str, Decimal]]) -> None:
    settled: dict[str, Decimal] = {}
    described: dict[str, Due] = {}
    for now in history:
        dues = [Due(key, RateKind.CUSTOM, "", SATURDAY, amount) for key, amount in now.items()]
        for line in differences(dues, settled, described):
            settled[line.key] = settled.get(line.key, D(0)) + line.amount
            described[line.key] = line

        assert sum(settled.values(), D(0)) == sum(now.values(), D(0))
        assert differences(dues, settled, described) == []


def test_the_table_of_transitions_ends_at_payment() -> None:
    assert set(STATEMENT_TRANSITIONS) == set(StatementState)
    assert STATEMENT_TRANSITIONS[StatementState.EXPORTED] == {StatementState.PAID}
    assert STATEMENT_TRANSITIONS[StatementState.PAID] == frozenset()


# -- The file ----------------------------------------------------------------------------------------------------------
def test_the_file_as_french_spreadsheets_read_it() -> None:
    rows = [["V-0001", "=cmd()", "Dupré", "1", "-12.50"], ["V-0002", "Zoé", "d’Arc", "2", "1234.00"]]

    content = payments_csv(rows, number=3, made_on="2027-03-20", language="fr")

    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[1] == "3;2027-03-20;V-0001;'=cmd();Dupré;1;-12,50"
    assert lines[2] == "3;2027-03-20;V-0002;Zoé;d’Arc;2;1234,00"
    plain = payments_csv(rows, number=3, made_on="2027-03-20", language="en", mark=False)
    assert plain.decode().splitlines()[1] == "3,2027-03-20,V-0001,'=cmd(),Dupré,1,-12.50"


# -- The life of a statement -------------------------------------------------------------------------------------------
@pytest.fixture
def organiser(db: None) -> User:
    return make_user(name="Olive")


@pytest.fixture
def panel(organiser: User, settings: Settings, tmp_path: Path) -> list[Invitation]:
    """Three have accepted; two were present for three hours yesterday morning, and 40 € an hour is paid."""
    settings.MEDIA_ROOT = str(tmp_path)
    conference, _draw = make_drawn(organiser)
    invited = invite_panel(conference=conference, actor=organiser)
    for invitation in invited[:3]:
        accept(invitation_id=invitation.pk)
    yesterday = conference.local(timezone.now()).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=1)
    make_session(conference, yesterday, hours=3)
    people = list(
        Invitation.objects.filter(conference=conference).accepted().select_related("conference", "volunteer__identity")
    )
    half = half_days(conference)[0]
    marks = [Sent(uuid4(), person.uuid, MarkKind.PRESENT, half.starts_at) for person in people[:2]]
    take_marks(half=half, marks=marks, actor=organiser)
    close_half_day(half=half, actor=organiser)
    add_rate(conference, organiser, RateKind.HOUR, "40")
    return people


def add_rate(conference: Conference, organiser: User, kind: RateKind, amount: str | None, **more: Any) -> Rate:
    fields = {"kind": kind, "amount": D(amount) if amount else None, **more}
    return domain.save_rate(conference_id=conference.pk, actor=organiser, fields=fields)


def half_of(panel: list[Invitation]) -> HalfDay:
    return half_days(panel[0].conference)[0]


def correct(panel: list[Invitation], kind: MarkKind, clock: time | None = None) -> None:
    actor = half_of(panel).roll_call.closed_by  # type: ignore[union-attr]
    assert actor is not None
    correct_mark(half=half_of(panel), who=panel[0].uuid, kind=kind, clock=clock, reason="Erreur.", actor=actor)


def test_a_draft_follows_the_roll_and_counts_only_what_is_closed(panel: list[Invitation], organiser: User) -> None:
    today = timezone.now() - timedelta(minutes=30)
    make_session(panel[0].conference, today, hours=1)
    open_half = half_days(panel[0].conference)[-1]
    take_marks(half=open_half, marks=[Sent(uuid4(), panel[0].uuid, MarkKind.PRESENT, today)], actor=organiser)

    found = accounts(panel[0].conference)

    assert [(str(one.total), one.state) for one in found] == [
        ("120.00", "draft"),
        ("120.00", "draft"),
        ("0.00", "draft"),
    ]


def test_confirmed_then_handed_over_then_paid(panel: list[Invitation], organiser: User) -> None:
    conference = panel[0].conference
    made = domain.confirm_all(conference_id=conference.pk, actor=organiser)
    assert [str(one.total) for one in made] == ["120.00", "120.00"]

    file = domain.export(conference_id=conference.pk, actor=organiser, language="fr")
    first = domain.content_of(file)
    identity = panel[0].volunteer.identity
    identity.last_name = "Autrement"
    identity.save()

    again = AllowanceExport.objects.get(number=1)
    assert domain.content_of(again) == first
    assert (str(file.total), [row[4] for row in file.rows]) == ("240.00", ["120.00", "120.00"])
    assert set(Statement.objects.values_list("state", flat=True)) == {"exported"}
    with pytest.raises(DomainError):
        domain.export(conference_id=conference.pk, actor=organiser, language="fr")
    domain.mark_paid(made=again, actor=organiser)
    assert set(Statement.objects.values_list("state", flat=True)) == {"paid"}
    with pytest.raises(DomainError):
        domain.mark_paid(made=again, actor=organiser)
    verbs = set(Event.objects.filter(verb__startswith="allowance.").values_list("verb", flat=True))
    assert verbs == {"allowance.rates", "allowance.confirmed", "allowance.exported", "allowance.paid"}


def test_after_the_hand_over_only_a_correction_line(panel: list[Invitation], organiser: User) -> None:
    statement = domain.confirm(invitation=panel[0], actor=organiser)
    domain.export(conference_id=panel[0].conference_id, actor=organiser, language="fr")
    with pytest.raises(DomainError):
        domain.reopen(statement=statement, actor=organiser)
    correct(panel, MarkKind.LATE, time(9, 45))

    account = account_of(panel[0])
    assert (account.is_changed, str(account.difference), str(account.total)) == (True, "-30.00", "90.00")
    (line,) = open_lines(account)
    assert line.is_correction
    assert line.how.replace("\xa0", " ") == "120,00 € confirmés auparavant, 90,00 € dus à présent"
    second = domain.confirm(invitation=panel[0], actor=organiser)
    assert (second.number, str(second.total)) == (2, "-30.00")
    statement.refresh_from_db()
    assert (str(statement.total), len(lines_of_statement(statement))) == ("120.00", 1)
    with pytest.raises(DomainError):
        domain.confirm(invitation=panel[0], actor=organiser)


def test_before_the_hand_over_a_new_confirmation_takes_the_place_of_the_old(
    panel: list[Invitation], organiser: User
) -> None:
    first = domain.confirm(invitation=panel[0], actor=organiser)
    correct(panel, MarkKind.ABSENT)
    assert account_of(panel[0]).is_changed

    second = domain.confirm(invitation=panel[0], actor=organiser) if account_of(panel[0]).open else None

    first.refresh_from_db()
    assert first.state == StatementState.REOPENED
    assert second is not None
    assert (str(second.total), account_of(panel[0]).open) == ("0.00", [])


def test_a_statement_is_taken_back(panel: list[Invitation], organiser: User) -> None:
    statement = domain.confirm(invitation=panel[0], actor=organiser)
    domain.reopen(statement=statement, actor=organiser)

    assert str(account_of(panel[0]).difference) == "120.00"
    with pytest.raises(DomainError):
        domain.reopen(statement=statement, actor=organiser)


# -- Claims ------------------------------------------------------------------------------------------------------------
PDF = b"%PDF-1.4\n%receipt\n"


@pytest.fixture
def by_train(panel: list[Invitation], organiser: User) -> Rate:
    return add_rate(panel[0].conference, organiser, RateKind.TRAVEL_RECEIPT, None, by_receipt=True, cap=D("50"))


def claim(panel: list[Invitation], rate: Rate, **more: Any) -> Claim:
    return domain.add_claim(invitation=panel[0], rate=rate, day=SATURDAY, quantity=D(1), **{"paid": D("38.60"), **more})


def test_a_claim_with_its_receipt(panel: list[Invitation], by_train: Rate) -> None:
    made = claim(panel, by_train, file=SimpleUploadedFile("../billet.pdf", PDF))

    assert (made.filename, made.content_type) == ("billet.pdf", "application/pdf")
    assert str(account_of(panel[0]).total) == "158.60"
    assert Event.objects.filter(verb="allowance.claimed").get().actor_label == panel[0].volunteer.reference


@pytest.mark.parametrize(
    ("name", "content"),
    [("billet.pdf", b"MZ not a pdf"), ("billet.txt", b"hello"), ("billet.exe", PDF), ("billet.pdf", b"")],
)
def test_a_receipt_that_is_none(panel: list[Invitation], by_train: Rate, name: str, content: bytes) -> None:
    with pytest.raises(DomainError):
        claim(panel, by_train, file=SimpleUploadedFile(name, content))
    assert Claim.objects.count() == 0


def test_what_cannot_be_claimed(panel: list[Invitation], by_train: Rate, organiser: User) -> None:
    other = make_drawn(organiser)[0]
    refused: list[Callable[[], object]] = [
        lambda: claim(panel, by_train, paid=None),
        lambda: claim(panel, Rate.objects.get(kind=RateKind.HOUR)),
        lambda: claim(panel, add_rate(other, organiser, RateKind.MEAL, "15")),
    ]
    for act in refused:
        with pytest.raises(DomainError):
            act()
    domain.retire_rate(rate=by_train, actor=organiser)
    with pytest.raises(DomainError):
        claim(panel, by_train)


def test_removed_only_by_who_entered_it_and_before_it_is_confirmed(
    panel: list[Invitation], by_train: Rate, organiser: User
) -> None:
    typed = claim(panel, by_train, actor=organiser)
    with pytest.raises(DomainError):
        domain.remove_claim(claim=typed)
    domain.remove_claim(claim=typed, actor=organiser)
    own = claim(panel, by_train)
    domain.confirm(invitation=panel[0], actor=organiser)
    with pytest.raises(DomainError):
        domain.remove_claim(claim=own)

    domain.refuse_claim(claim=own, reason="Hors des dates.", actor=organiser)

    assert str(account_of(panel[0]).difference) == "-38.60"
    with pytest.raises(DomainError):
        domain.refuse_claim(claim=own, reason=" ", actor=organiser)


def test_a_rate_that_was_used_is_changed_not_retired(panel: list[Invitation], organiser: User) -> None:
    rate = Rate.objects.get()
    domain.confirm(invitation=panel[0], actor=organiser)
    with pytest.raises(DomainError):
        domain.retire_rate(rate=rate, actor=organiser)

    domain.save_rate(conference_id=rate.conference_id, actor=organiser, fields={"amount": D("41")}, rate_id=rate.pk)

    assert str(account_of(panel[0]).difference) == "3.00"


@pytest.mark.parametrize(
    ("kind", "amount", "by_receipt"),
    [(RateKind.DAY, None, True), (RateKind.DAY, "90", True), (RateKind.MEAL, None, False)],
)
def test_a_rate_that_says_nothing(
    panel: list[Invitation], organiser: User, kind: RateKind, amount: str | None, by_receipt: bool
) -> None:
    with pytest.raises(DomainError):
        add_rate(panel[0].conference, organiser, kind, amount, by_receipt=by_receipt)


def test_every_example_can_be_taken(panel: list[Invitation], organiser: User) -> None:
    for table in TABLES:
        made = domain.take_example(conference_id=panel[0].conference_id, actor=organiser, table=table)
        assert {rate.source for rate in made} == {str(table.source)}
    assert Rate.objects.count() == 1 + sum(len(table.rates) for table in TABLES)


# -- Erasure -----------------------------------------------------------------------------------------------------------
def test_erasing_takes_claims_receipts_and_names_and_leaves_the_totals(
    panel: list[Invitation], by_train: Rate, organiser: User, django_capture_on_commit_callbacks: Any
) -> None:
    made = claim(panel, by_train, file=SimpleUploadedFile("billet.pdf", PDF))
    path = Path(made.receipt.path)
    domain.confirm_all(conference_id=panel[0].conference_id, actor=organiser)
    domain.export(conference_id=panel[0].conference_id, actor=organiser, language="fr")
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        erase_volunteer(volunteer=panel[0].volunteer)

    file = AllowanceExport.objects.get()
    reference = panel[0].volunteer.reference
    assert not path.exists()
    assert Claim.objects.count() == 0
    assert [row for row in file.rows if row[0] == reference] == [[reference, "", "", "1", "158.60"]]
    assert "Dupuis1;" not in domain.content_of(file).decode()
    account = next(one for one in accounts(panel[0].conference) if one.invitation.pk == panel[0].pk)
    assert (account.name, str(account.confirmed), account.open) == (reference, "158.60", [])
