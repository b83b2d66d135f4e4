"""The programme as a whole: laid from a template, shifted. Both show what will be before anything is."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import whole_programme as domain
from conference.domain.errors import DomainError
from conference.enums import Capability, ItemKind
from conference.method import plans
from conference.models import Conference, Session
from conference.views.acts import status_of
from conference.words import day, hour, session_when
from experts.forms.running_order import LayForm, ShiftForm


# -- A template --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LaidRow:
    begins: str
    minutes: int
    kind: str
    kind_label: str
    title: str


@dataclass(frozen=True)
class LaidPart:
    """A session of a template, with its day in words. ``beside``: sessions that exist already at that time."""

    title: str
    day: str
    hours: str
    is_public: bool
    is_past: bool
    rows: list[LaidRow]
    beside: list[str]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lay(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a template and a first day, look at what they make, lay it."""
    conference = conference_for(request, slug, Capability.MANAGE)
    form = LayForm(request.POST if request.method == "POST" else None)
    preview: list[LaidPart] = []
    if form.is_bound and form.is_valid():
        if request.POST.get("act") == "lay":
            return _laid(request, conference, form)
        preview = _preview(conference, form)
    context = {"form": form, "preview": preview, "has_sessions": conference.sessions.held().exists()}
    return render_desk(
        request, "conference/programme/lay.html", conference, context, current="programme", status=status_of(form)
    )


def _laid(request: HttpRequest, conference: Conference, form: LayForm) -> HttpResponse:
    made = domain.lay_programme(
        conference_id=conference.pk,
        actor=signed_in(request),
        plan=plans()[form.cleaned_data["template"]],
        first_day=form.cleaned_data["first_day"],
        language=conference.language,
    )
    messages.success(
        request,
        _("%(count)s sessions are laid, with their running order. Nobody is told before you publish.")
        % {"count": len(made)},
    )
    return redirect("programme:programme", conference.slug)


def _preview(conference: Conference, form: LayForm) -> list[LaidPart]:
    laid = domain.plan_lay(
        zone=conference.zone,
        plan=plans()[form.cleaned_data["template"]],
        first_day=form.cleaned_data["first_day"],
        language=(get_language() or "fr")[:2],
    )
    existing = list(conference.sessions.held())
    return [_part(conference, one, existing) for one in laid]


def _part(conference: Conference, laid: domain.LaidSession, existing: list[Session]) -> LaidPart:
    return LaidPart(
        title=laid.title,
        day=day(conference, laid.starts_at),
        hours=f"{hour(conference, laid.starts_at)} – {hour(conference, laid.ends_at)}",
        is_public=laid.is_public,
        is_past=laid.starts_at < timezone.now(),
        rows=[
            LaidRow(hour(conference, one.starts_at), one.minutes, one.kind, str(ItemKind(one.kind).label), one.title)
            for one in laid.items
        ],
        beside=[one.title for one in existing if one.starts_at < laid.ends_at and laid.starts_at < one.ends_at],
    )


# -- A shift -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShiftedRow:
    title: str
    before: str
    after: str
    stays: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift(request: HttpRequest, slug: str) -> HttpResponse:
    """Say by how much, look at old and new hours, confirm. Those who come are told of new dates at once."""
    conference = conference_for(request, slug, Capability.MANAGE)
    wanted = request.GET.get("session", "")
    form = ShiftForm(
        request.POST if request.method == "POST" else None, conference=conference, initial={"session": wanted}
    )
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("act") == "shift" and _shift(request, conference, form):
                return redirect("programme:programme", slug)
            context |= _shift_preview(conference, form)
        except DomainError as error:
            form.add_error(None, error.message)
            context |= _shift_preview(conference, form, quietly=True)
    return render_desk(
        request, "conference/programme/shift.html", conference, context, current="programme", status=status_of(form)
    )


def _shift(request: HttpRequest, conference: Conference, form: ShiftForm) -> bool:
    moved = domain.shift_programme(
        conference_id=conference.pk, actor=signed_in(request), shift=form.shift(), seen=request.POST.get("seen", "")
    )
    if moved:
        done = ngettext(
            "%(count)s session was shifted, with its running order. Those who come are told.",
            "%(count)s sessions were shifted, with their running order. Those who come are told.",
            moved,
        )
        messages.success(request, done % {"count": moved})
    return bool(moved)


def _shift_preview(conference: Conference, form: ShiftForm, *, quietly: bool = False) -> dict[str, Any]:
    try:
        planned = domain.plan_shift(conference, form.shift(), timezone.now())
    except DomainError:
        if quietly:
            return {}
        raise
    return {
        "preview": [_shifted(one) for one in planned],
        "moving": sum(not one.stays for one in planned),
        "seen": domain.fingerprint(planned),
    }


def _shifted(one: domain.Shifted) -> ShiftedRow:
    stays = {
        None: "",
        domain.Stays.PAST: _("It is over: it stays."),
        domain.Stays.UNDER_WAY: _("It is under way: it stays."),
    }[one.stays]
    after = copy(one.session)
    after.starts_at, after.ends_at = one.starts_at, one.ends_at
    return ShiftedRow(one.session.title, session_when(one.session), session_when(after), stays)
