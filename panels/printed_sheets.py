"""Attendance sheets on paper: boxes to sign by hand, and what was noted and signed once a roll call is closed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conference.enums import Capability
from conference.models import Conference, Membership
from conference.print.sheet import MOST_HALVES, Box, Column, Line, Sheet, SheetWords, sheets_pdf
from conference.printing import about_of, foot_of, register_printed
from conference.words import clock, moment, session_when
from panels.half_days import HalfDay
from panels.roll_rows import AttendanceSheet, Row, SheetRow, attendance_sheets


def printed_sheets(member: Membership, session_id: int | None = None) -> bytes | None:
    """Of one session, or of all. Signatures are for those who take them (``FACILITATE``): the others see who was there."""
    conference = member.conference
    found = attendance_sheets(conference, session_id)
    with_signatures = member.may(Capability.FACILITATE)
    sheets = [sheet for one in found for sheet in _sheets(one, with_signatures=with_signatures)]
    return sheets_pdf(sheets, _words(conference, found)) if sheets else None


def _words(conference: Conference, found: Sequence[AttendanceSheet]) -> SheetWords:
    title = _title(found[0]) if len(found) == 1 else _("Attendance sheets") + f" · {conference.title}"
    return SheetWords(
        about=about_of(conference, title),
        foot=foot_of(conference),
        name=_("Name"),
        present=pgettext("attendance sheet", "Present"),
        called_by=_("Roll called and closed by"),
    )


def _title(one: AttendanceSheet) -> str:
    return _("Attendance sheet: %(session)s") % {"session": one.session.title}


def _sheets(one: AttendanceSheet, *, with_signatures: bool) -> list[Sheet]:
    """As many as the half-days need."""
    session = one.session
    about = " · ".join(fact for fact in (session_when(session), session.place) if fact)
    cuts = [slice(at, at + MOST_HALVES) for at in range(0, len(one.half_days), MOST_HALVES)]
    return [
        Sheet(
            title=_title(one),
            about=about,
            columns=[_column(half, number, one.rows) for number, half in list(enumerate(one.half_days))[cut]],
            lines=[
                Line(
                    row.name,
                    _("seat %(number)s") % {"number": row.seat},
                    [
                        _box(cell, half, with_signatures=with_signatures)
                        for cell, half in zip(row.cells[cut], one.half_days[cut], strict=True)
                    ],
                )
                for row in one.rows
            ],
        )
        for cut in cuts
    ]


def _column(half: HalfDay, number: int, rows: Sequence[SheetRow]) -> Column:
    call = half.roll_call
    if call is None or call.closed_at is None:
        return Column(half.words, half.hours)
    here = sum(row.cells[number].presence.is_here for row in rows)
    closed = _("%(name)s, %(when)s") % {"name": call.closed_by, "when": moment(half.session.conference, call.closed_at)}
    total = _("%(here)s of %(all)s") % {"here": here, "all": len(rows)}
    return Column(half.words, half.hours, total, closed)


def _box(cell: Row, half: HalfDay, *, with_signatures: bool) -> Box:
    """Nothing while the roll call is open: the sheet may be signed by hand."""
    if not half.is_closed:
        return Box()
    signed = cell.signed
    says = ", ".join([_presence(cell), *_remarks(cell, with_signatures=with_signatures)])
    if signed is None or not with_signatures:
        return Box(says)
    return Box(says, signed.strokes, signed.typed)


def _presence(cell: Row) -> str:
    presence = cell.presence
    if not presence.is_here:
        return _("Absent")
    says = _("Present from %(at)s") % {"at": clock(presence.late)} if presence.late else _("Present")
    return says + (", " + _("left at %(at)s") % {"at": clock(presence.left)} if presence.left else "")


def _remarks(cell: Row, *, with_signatures: bool) -> list[str]:
    found = [_("corrected afterwards")] if any(mark.reason for mark in cell.history) else []
    signed = cell.signed
    if signed is None:
        return found
    if not with_signatures:
        return [*found, _("signed")]
    if signed.typed:
        return [*found, _("name written")]
    return found if signed.strokes else [*found, _("signature erased")]


register_printed("attendance", printed_sheets)
