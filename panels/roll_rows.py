"""Who is on the roll, and what was noted about each: for the page, for devices, for the sheet that is printed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db.models import Q

from conference.models import Conference, Session
from panels.attendees import told_apart
from panels.domain.seats import current_draw
from panels.enums import InvitationState, MarkKind
from panels.half_days import HalfDay, half_days
from panels.models import AttendanceMark, Invitation
from panels.roll import Presence, fold, path_of

LOOKS = {MarkKind.PRESENT: "present", MarkKind.LATE: "present", MarkKind.ABSENT: "absent"}


@dataclass(frozen=True)
class Signed:
    """A signature for a page: the path of its strokes, or the name that was typed; neither once it was erased."""

    path: str
    typed: str
    strokes: Sequence[Sequence[int]] = ()


@dataclass(frozen=True)
class Row:
    """One citizen in one half-day. ``state``, ``number`` and ``label`` are what the drawing of the table reads."""

    invitation: Invitation
    name: str
    presence: Presence[AttendanceMark]
    signed: Signed | None
    history: Sequence[AttendanceMark] = ()

    @property
    def number(self) -> int:
        return self.invitation.seat.number

    @property
    def label(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        return LOOKS.get(MarkKind(self.presence.kind), "not-yet")

    def for_device(self) -> dict[str, Any]:
        """What a tablet is told. No name: that stands on its page already."""
        return {
            "who": str(self.invitation.uuid),
            "kind": str(self.presence.kind),
            "late": _clock(self.presence.late),
            "left": _clock(self.presence.left),
            "signed": self.signed is not None,
        }


def _clock(at: time | None) -> str:
    return at.strftime("%H:%M") if at else ""


def short_names(invitations: Iterable[Invitation]) -> dict[int, str]:
    """First name and initial, with more letters where two would read the same; the reference once the name is erased."""
    rows = list(invitations)
    people = []
    for row in rows:
        identity = getattr(row.volunteer, "identity", None)
        people.append((identity.first_name, identity.last_name) if identity else (row.volunteer.reference, ""))
    apart = told_apart(people)
    return {
        row.pk: name if name != first or not last else f"{first} {last[:1]}."
        for row, name, (first, last) in zip(rows, apart, people, strict=True)
    }


def people_of(conference: Conference, *, also: Iterable[int] = ()) -> list[Invitation]:
    """Who sits on the panel now, and whom ``also`` names (who was noted, and has left since), by seat."""
    wanted = Q(state=InvitationState.ACCEPTED, seat__draw=current_draw(conference)) | Q(pk__in=set(also))
    found = Invitation.objects.filter(wanted, conference=conference).select_related("seat", "volunteer__identity")
    return list(found.order_by("seat__number", "pk"))


def rows_of(half: HalfDay) -> list[Row]:
    """The roll of a half-day, in three queries whatever the size of the panel."""
    return rows_of_many(half.session.conference, [half])[half.slug]


def rows_of_many(conference: Conference, halves: Sequence[HalfDay]) -> dict[str, list[Row]]:
    """By the half-day's address."""
    calls = [half.roll_call.pk for half in halves if half.roll_call]
    marks = AttendanceMark.objects.filter(roll_call__in=calls).select_related("signature", "noted_by").in_order()
    noted: dict[tuple[int, int], list[AttendanceMark]] = defaultdict(list)
    for mark in marks:
        noted[mark.roll_call_id, mark.invitation_id].append(mark)
    people = people_of(conference, also=[invitation for _call, invitation in noted])
    names = short_names(people)
    found = {}
    for half in halves:
        call = half.roll_call.pk if half.roll_call else 0
        found[half.slug] = [
            _row(person, names[person.pk], noted[call, person.pk])
            for person in people
            if person.state == InvitationState.ACCEPTED or (call, person.pk) in noted
        ]
    return found


def _row(person: Invitation, name: str, marks: Sequence[AttendanceMark]) -> Row:
    presence = fold(marks)
    kept = getattr(presence.signature, "signature", None) if presence.signature else None
    signed = (
        Signed(path_of(kept.strokes), kept.typed, kept.strokes)
        if kept
        else Signed("", "")
        if presence.signature
        else None
    )
    return Row(person, name, presence, signed, marks)


@dataclass(frozen=True)
class SheetRow:
    name: str
    seat: int
    cells: Sequence[Row]  # one for each half-day of the sheet

    @property
    def was_there(self) -> bool:
        """In one of the half-days at least."""
        return any(cell.presence.is_here for cell in self.cells)


@dataclass(frozen=True)
class AttendanceSheet:
    """A session on paper: who was there, half-day by half-day, with signatures."""

    session: Session
    half_days: Sequence[HalfDay]
    rows: Sequence[SheetRow]


def attendance_sheet(conference: Conference, session: Session) -> AttendanceSheet:
    """What is printed of a session's roll calls."""
    found = attendance_sheets(conference, session.pk)
    return found[0] if found else AttendanceSheet(session, [], [])


def attendance_sheets(conference: Conference, session_id: int | None = None) -> list[AttendanceSheet]:
    """Of all sessions that have half-days, or of one, in six queries."""
    halves = half_days(conference, session_id)
    by_half = rows_of_many(conference, halves)
    by_session: dict[int, list[HalfDay]] = defaultdict(list)
    for half in halves:
        by_session[half.session.pk].append(half)
    return [_sheet_of(found, by_half) for found in by_session.values()]


def _sheet_of(halves: Sequence[HalfDay], by_half: dict[str, list[Row]]) -> AttendanceSheet:
    """Empty cells are for those who had not come to the panel yet."""
    people: dict[int, dict[str, Row]] = defaultdict(dict)
    for half in halves:
        for row in by_half[half.slug]:
            people[row.invitation.pk][half.slug] = row
    sheet = []
    for cells in people.values():
        first = next(iter(cells.values()))
        blank = Row(first.invitation, first.name, Presence(), None)
        sheet.append(SheetRow(first.name, first.number, [cells.get(half.slug, blank) for half in halves]))
    return AttendanceSheet(halves[0].session, halves, sorted(sheet, key=lambda row: (row.seat, row.name)))
