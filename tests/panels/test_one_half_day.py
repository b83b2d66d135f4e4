"""What a half-day is, is one thing: on the sheet that is printed, on the roll call, in the allowances."""

import io
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from conference.enums import ItemKind
from conference.models import Conference, Item, Session, User
from panels.accounts import accounts
from panels.domain import allowances
from panels.domain.attendance import Sent, close_half_day, take_marks
from panels.domain.invitations import accept, invite_panel
from panels.enums import MarkKind, RateKind
from panels.half_days import half_days
from panels.models import Invitation
from tests.factories import make_drawn, make_user

pytestmark = pytest.mark.django_db

LAST_SATURDAY = "2026-03-14"  # long over, so that every half-day can be closed
WORDS = {
    "am": "samedi 14 mars 2026, matin",
    "pm": "samedi 14 mars 2026, après-midi",
    "evening": "samedi 14 mars 2026, soirée",
}


@pytest.fixture
def olive() -> User:
    return make_user(name="Olive")


@pytest.fixture
def conference(olive: User) -> Conference:
    conference, _draw = make_drawn(olive)
    first = invite_panel(conference=conference, actor=olive)[0]
    accept(invitation_id=first.pk)
    for kind, amount in ((RateKind.HALF_DAY, "47"), (RateKind.HOUR, "10")):
        allowances.save_rate(conference_id=conference.pk, actor=olive, fields={"kind": kind, "amount": Decimal(amount)})
    return conference


def hold(conference: Conference, start: str, end: str) -> Session:
    starts, ends = (
        datetime.fromisoformat(f"{LAST_SATURDAY}T{at}").replace(tzinfo=conference.zone) for at in (start, end)
    )
    return Session.objects.create(conference=conference, title=f"De {start} à {end}", starts_at=starts, ends_at=ends)


def on_sheets(conference: Conference, olive: User) -> list[str]:
    """The headings of the columns, sheet by sheet."""
    client = Client()
    client.force_login(olive)
    path = reverse("publication:print", args=[conference.slug, "attendance"])
    content = client.get(path, headers={"accept-language": "fr"}).content
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
    return [words for page in pages for words in WORDS.values() if words in page]


def on_roll_calls(conference: Conference) -> list[str]:
    with translation.override("fr"):
        return [" ".join(half.words.split()) for half in half_days(conference)]


def paid(conference: Conference, olive: User) -> list[tuple[str, str]]:
    """One citizen is there all the time, every half-day is closed: what is due for half-days, and for hours."""
    person = Invitation.objects.filter(conference=conference).accepted().get()
    for half in half_days(conference):
        mark = Sent(uuid4(), person.uuid, MarkKind.PRESENT, half.starts_at)
        take_marks(half=half, marks=[mark], actor=olive)
        close_half_day(half=half, actor=olive)
    dues = accounts(conference)[0].dues
    return [(str(due.kind), str(due.amount)) for due in dues]


@pytest.mark.parametrize(
    ("sessions", "halves", "due"),
    [
        # Across noon: two half-days, lunch left out.
        ([("09:30", "17:00")], ["am", "pm"], [("half_day", "47.00")] * 2 + [("hour", "30.00")] * 2),
        # Over noon by less than an hour: one, wherever it is read.
        ([("09:00", "13:00")], ["am"], [("half_day", "47.00"), ("hour", "40.00")]),
        ([("11:45", "17:00")], ["pm"], [("half_day", "47.00"), ("hour", "52.50")]),
        ([("18:30", "21:00")], ["evening"], [("half_day", "47.00"), ("hour", "25.00")]),
        # An afternoon and an evening are two half-days; two sessions on one morning are called twice and paid once.
        ([("14:00", "17:00"), ("18:30", "21:00")], ["pm", "evening"], [("half_day", "47.00")] * 2 + [("hour", "30.00"), ("hour", "25.00")]),
        ([("09:00", "10:30"), ("11:00", "12:30")], ["am", "am"], [("half_day", "47.00")] + [("hour", "15.00")] * 2),
    ],
)  # fmt: skip
def test_sheet_roll_call_and_allowances_agree(
    conference: Conference,
    olive: User,
    sessions: list[tuple[str, str]],
    halves: list[str],
    due: list[tuple[str, str]],
) -> None:
    for start, end in sessions:
        hold(conference, start, end)
    expected = [WORDS[half] for half in halves]

    assert on_sheets(conference, olive) == expected
    assert on_roll_calls(conference) == expected
    assert paid(conference, olive) == due


def test_the_running_order_moves_the_cut_for_all_alike(conference: Conference, olive: User) -> None:
    session = hold(conference, "09:00", "17:00")
    for hours, minutes, kind in ((0, 150, ItemKind.TALK), (3, 60, ItemKind.BREAK), (4, 60, ItemKind.TABLES)):
        starts = session.starts_at + timedelta(hours=hours)
        Item.objects.create(session=session, title="x", kind=kind, starts_at=starts, minutes=minutes)
    expected = [WORDS["am"], WORDS["pm"]]

    assert (on_sheets(conference, olive), on_roll_calls(conference)) == (expected, expected)
    assert paid(conference, olive) == [("half_day", "47.00")] * 2 + [("hour", "25.00"), ("hour", "10.00")]


def test_one_morning_is_paid_once_whichever_session_is_closed_first(conference: Conference, olive: User) -> None:
    """What was confirmed for the second session is not paid again, nor taken back, when the first is closed too."""
    person = Invitation.objects.filter(conference=conference).accepted().get()
    for hours in (("09:00", "10:30"), ("11:00", "12:30")):
        hold(conference, *hours)
    first, second = half_days(conference)
    for half in (first, second):
        take_marks(half=half, marks=[Sent(uuid4(), person.uuid, MarkKind.PRESENT, timezone.now())], actor=olive)
    close_half_day(half=second, actor=olive)
    allowances.confirm_all(conference_id=conference.pk, actor=olive)
    close_half_day(half=first, actor=olive)

    assert [(str(due.kind), str(due.amount)) for due in accounts(conference)[0].open] == [("hour", "15.00")]
