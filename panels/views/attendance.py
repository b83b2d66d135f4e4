"""The roll call on a tablet. The page works as a plain form; its script keeps marks on the device and sends them later."""

import json
import unicodedata
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, session_for, signed_in
from conference.desk import render_desk
from conference.enums import Capability
from conference.views.acts import attempt, typed
from conference.views.publication_print import pdf_response
from conference.words import hour, moment
from panels import access
from panels.domain import attendance as domain
from panels.domain.attendance import Outcome, Sent
from panels.enums import MarkKind
from panels.half_days import HalfDay, half_days
from panels.printed_sheets import printed_sheets
from panels.roll import clean_strokes
from panels.roll_rows import Row, attendance_sheet, rows_of, rows_of_many

MOST_MARKS = 200  # in one sending
EARLIEST = 2000  # no mark was made before; the first and last years cannot be reckoned on every clock
FACILITATE = Capability.FACILITATE


@login_required
@never_cache
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The half-days, with how many came."""
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    halves = half_days(conference)
    rolls = rows_of_many(conference, halves)
    now = timezone.now()
    listed = [(half, _counts(rolls[half.slug]), _stage(half, now)) for half in halves]
    today = next((half for half, _row, stage in listed if stage == "now"), None)
    context = {
        "listed": listed,
        "today": today,
        "sessions": {half.session.pk: half.session for half in halves if half.roll_call}.values(),
        "may_note": request.membership.may(FACILITATE),  # type: ignore[attr-defined]
    }
    return render_desk(request, "panels/attendance/index.html", conference, context, current="attendance")


def _counts(rows: list[Row]) -> dict[str, int]:
    here = sum(row.presence.is_here for row in rows)
    noted = sum(row.presence.is_noted for row in rows)
    return {"all": len(rows), "here": here, "absent": noted - here, "open": len(rows) - noted}


def _stage(half: HalfDay, now: datetime) -> str:
    if half.is_closed:
        return "closed"
    if half.starts_at - now > domain.OPENS_BEFORE:
        return "later"
    return "now" if half.ends_at > now else "past"


@login_required
@never_cache
@require_safe
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A session's attendance with signatures, to be printed."""
    session = session_for(request, slug, pk, FACILITATE)
    context = {
        "sheet": attendance_sheet(session.conference, session),
        "printed": moment(session.conference, timezone.now()),
    }
    return render_desk(request, "panels/attendance/sheet.html", session.conference, context, current="attendance")


@login_required
@never_cache
@require_safe
def sheet_pdf(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same as a file to keep: with what was noted and signed in the half-days that are closed, boxes in the others."""
    session = session_for(request, slug, pk, FACILITATE)
    content = printed_sheets(request.membership, session.pk)  # type: ignore[attr-defined]
    if content is None:
        raise Http404
    return pdf_response(content, f"{slug}-attendance-{pk}.pdf")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, slug: str, half: str) -> HttpResponse:
    """One half-day. Posting is the way of browsers without script: one mark for each press of a button."""
    conference = conference_for(request, slug, FACILITATE)
    found = access.half_day_of(conference, half)
    if request.method == "POST":
        return _press(request, found)
    now = timezone.now()  # before the rows: a device must not take what it was told later for older
    rows = rows_of(found)
    context = {
        "half": found,
        "rows": [(row, uuid4()) for row in rows],
        "seats": rows,
        "counts": _counts(rows),
        "stage": _stage(found, now),
        "closed_at": hour(conference, found.roll_call.closed_at)
        if found.roll_call and found.roll_call.closed_at
        else "",
        "clock": conference.local(now).strftime("%H:%M"),
        "now": int(now.timestamp() * 1000),
        "state": [row.for_device() for row in rows],
        "zone": conference.timezone,
        "worker": reverse("attendance:worker", args=[slug]),
    }
    response = render_desk(request, "panels/attendance/roll.html", conference, context, current="attendance")
    response.headers["X-Roll-Call"] = "closed" if found.is_closed else "open"
    return response


def _press(request: HttpRequest, half: HalfDay) -> HttpResponse:
    conference = half.session.conference
    read = _read_mark({**request.POST.dict(), "at": timezone.now().isoformat()})
    here = reverse("attendance:roll", args=[conference.slug, half.slug])
    if read is None:
        messages.error(request, _("This could not be read. Say at what time, or write the name."))
        return redirect(here)
    outcome = domain.take_marks(half=half, marks=[read], actor=signed_in(request))
    for why in outcome.refused.values():
        messages.error(request, why)
    return redirect(f"{here}#who-{read.who}")


def _plain(raw: Any) -> str:
    """Text that the database takes. A name cut in the middle of a sign holds half a one: it must not hold up the rest."""
    return "".join(sign for sign in str(raw or "") if unicodedata.category(sign) not in {"Cc", "Cs"})


def _read_mark(raw: Any) -> Sent | None:
    """A mark as it was sent, if it is one; devices and forms send the same fields."""
    try:
        kind = MarkKind(str(raw["kind"]))
        clock = str(raw.get("clock") or "")
        at = parse_datetime(str(raw["at"]))
        if at is None or at.tzinfo is None or at.year < EARLIEST:
            return None
        strokes = clean_strokes(raw["strokes"]) if raw.get("strokes") else []
        return Sent(
            uuid=UUID(str(raw["uuid"])),
            who=UUID(str(raw["who"])),
            kind=kind,
            made_at=at,
            clock=time.fromisoformat(clock) if clock and kind in domain.CLOCKED else None,
            strokes=strokes or [],
            typed=_plain(raw.get("typed")) if kind == MarkKind.SIGNED else "",
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


@login_required
@never_cache
@require_POST
def sync(request: HttpRequest, slug: str, half: str) -> HttpResponse:
    """Marks of a device, and back what is noted now. Sending nothing asks how things stand."""
    conference = conference_for(request, slug, FACILITATE)
    found = access.half_day_of(conference, half)
    try:
        body = json.loads(request.body)
        raw = body["marks"]
        device = _plain(body.get("device"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return HttpResponseBadRequest()
    if not isinstance(raw, list) or len(raw) > MOST_MARKS:
        return HttpResponseBadRequest()
    read = [_read_mark(one) for one in raw]
    marks = [mark for mark in read if mark is not None]
    outcome = domain.take_marks(half=found, marks=marks, actor=signed_in(request), device=device)
    unread = [
        str(one.get("uuid", "")) for one, mark in zip(raw, read, strict=True) if mark is None and isinstance(one, dict)
    ]
    return JsonResponse(_answer(access.half_day_of(conference, half), outcome, unread))


def _answer(half: HalfDay, outcome: Outcome, unread: list[str]) -> dict[str, Any]:
    now = timezone.now()
    return {
        "held": [str(uuid) for uuid in outcome.held],
        "refused": {str(uuid): why for uuid, why in outcome.refused.items()}
        | {uuid: _("This mark could not be read.") for uuid in unread},
        "rows": [row.for_device() for row in rows_of(half)],
        "closed": half.is_closed,
        "now": int(now.timestamp() * 1000),
        "words": hour(half.session.conference, now),
    }


@login_required
@require_POST
def close(request: HttpRequest, slug: str, half: str) -> HttpResponse:
    found = access.half_day_of(conference_for(request, slug, FACILITATE), half)
    actor = signed_in(request)
    attempt(request, lambda: domain.close_half_day(half=found, actor=actor), _("The half-day is closed."))
    return redirect("attendance:roll", slug, half)


@login_required
@require_POST
def correct(request: HttpRequest, slug: str, half: str) -> HttpResponse:
    """After closing: with a reason, which is kept beside the correction."""
    found = access.half_day_of(conference_for(request, slug, FACILITATE), half)
    read = _read_mark({**request.POST.dict(), "uuid": str(uuid4()), "at": timezone.now().isoformat()})
    if read is None or read.kind == MarkKind.SIGNED:
        messages.error(request, _("This could not be read. Say at what time, or write the name."))
        return redirect("attendance:roll", slug, half)
    actor, reason = signed_in(request), typed(request, "reason")
    attempt(
        request,
        lambda: domain.correct_mark(
            half=found, who=read.who, kind=read.kind, clock=read.clock, reason=reason, actor=actor
        ),
        _("The correction is noted."),
    )
    return redirect(reverse("attendance:roll", args=[slug, half]) + f"#who-{read.who}")


@login_required
@require_safe
def worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The script that answers for the page without network. It stands beside the pages, which bounds what it may touch."""
    conference_for(request, slug, FACILITATE)
    response = render(request, "panels/attendance/worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
