"""The running order in the cockpit: the days with their items, moved by button, by key, by dragging or by form.

It stands in the experts' room because that is the topmost one: the page shows sessions, rooms, colleagues and speakers.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import running_order as domain
from conference.domain.errors import DomainError
from conference.enums import Capability, ItemKind
from conference.method import plans
from conference.models import Conference, Item, ProgrammeVersion, Session
from conference.programme import Conflict, Speaker, conflicts_of, speakers_of
from conference.views.acts import attempt, status_of
from conference.words import day as day_in_words
from conference.words import hour
from experts.domain.running_order import set_speakers
from experts.forms.running_order import ItemForm, LayForm, ShiftForm


@dataclass(frozen=True)
class Row:
    item: Item
    begins: str
    ends: str
    speakers: list[Speaker]
    conflicts: list[Conflict]


@dataclass(frozen=True)
class Sitting:
    """What one session holds on one day."""

    session: Session
    begins: str
    ends: str
    rows: list[Row]
    conflicts: list[Conflict]

    @property
    def talk(self) -> int:
        return sum(row.item.minutes for row in self.rows if row.item.kind == ItemKind.TALK)

    @property
    def questions(self) -> int:
        return sum(row.item.minutes for row in self.rows if row.item.kind == ItemKind.QUESTIONS)


def _item_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Item:
    conference = conference_for(request, slug, capability)
    items = Item.objects.select_related("session", "room", "lead__user").filter(session__conference=conference)
    item = get_object_or_404(items, pk=pk)
    item.session.conference = conference
    return item


@login_required
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = conflicts_of(conference)
    sittings = _sittings(conference, found)
    context = {
        "days": [
            (name, [sitting for _name, sitting in group]) for name, group in groupby(sittings, key=lambda pair: pair[0])
        ],
        "conflicts": [one for one in found if not one.is_mild],
        "items": sum(len(sitting.rows) for _day, sitting in sittings),
        "latest": ProgrammeVersion.objects.latest_of(conference),
    }
    return render_desk(request, "conference/programme/programme.html", conference, context, current="programme")


def _sittings(conference: Conference, found: list[Conflict]) -> list[tuple[str, Sitting]]:
    """(day in words, what a session holds that day), in order; a session without items stands on its first day."""
    speakers = speakers_of(conference)
    items = Item.objects.filter(session__conference=conference).select_related("room", "lead__user")
    by_session: dict[int, list[Item]] = {}
    for item in items.order_by("starts_at", "id"):
        by_session.setdefault(item.session_id, []).append(item)
    placed = []
    for session in Session.objects.filter(conference=conference).held().order_by("starts_at", "id"):
        session.conference = conference
        mine = by_session.get(session.pk, [])
        first = conference.local(session.starts_at).date()
        days: dict[date, list[Item]] = {} if mine else {first: []}
        for item in mine:
            days.setdefault(conference.local(item.starts_at).date(), []).append(item)
        for number, (on, those) in enumerate(sorted(days.items())):
            whole = [one for one in found if session.pk in one.sessions and not one.items] if number == 0 else []
            rows = [_row(conference, item, speakers, found) for item in those]
            sitting = Sitting(
                session, hour(conference, session.starts_at), hour(conference, session.ends_at), rows, whole
            )
            placed.append((on, session.starts_at, sitting))
    placed.sort(key=lambda one: (one[0], one[1]))
    return [
        (day_in_words(conference, datetime.combine(on, datetime.min.time(), conference.zone)), sitting)
        for on, _at, sitting in placed
    ]


def _row(conference: Conference, item: Item, speakers: dict[int, list[Speaker]], found: list[Conflict]) -> Row:
    mine = [one for one in found if item.pk in one.items]
    return Row(item, hour(conference, item.starts_at), hour(conference, item.ends_at), speakers.get(item.pk, []), mine)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        conference=conference,
        initial=_next_place(request, conference),
    )
    if form.is_bound and form.is_valid() and _save(request, conference, form, None):
        return redirect("programme:programme", slug)
    return _form_page(request, conference, form, None)


def _next_place(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """After the last item of the session that the person comes from."""
    sessions = Session.objects.filter(conference=conference).held()
    wanted = request.GET.get("session", "")
    session = (sessions.filter(pk=wanted) if wanted.isdigit() else sessions).first()
    if session is None:
        return {}
    last = session.items.order_by("starts_at", "id").last()
    local = conference.local(last.ends_at if last else session.starts_at)
    return {
        "session": session,
        "day": local.date(),
        "begins": local.time(),
        "minutes": 20,
        "room": last.room_id if last else None,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    item = _item_for(request, slug, pk, Capability.MANAGE)
    conference, title = item.session.conference, item.title
    form = ItemForm(request.POST if request.method == "POST" else None, instance=item, conference=conference)
    if form.is_bound and form.is_valid() and _save(request, conference, form, pk):
        return redirect("programme:programme", slug)
    return _form_page(request, conference, form, title, pk)


def _save(request: HttpRequest, conference: Conference, form: ItemForm, pk: int | None) -> bool:
    actor = signed_in(request)
    try:
        values = form.values()
        if form.cleaned_data["new_room"]:
            values["room"] = domain.add_room(
                conference_id=conference.pk, actor=actor, name=form.cleaned_data["new_room"]
            )
        if pk is None:
            session = values.pop("session")
            item = domain.add_item(session_id=session.pk, actor=actor, fields=values)
        else:
            item = domain.change_item(item_id=pk, actor=actor, fields=values)
        set_speakers(item_id=item.pk, actor=actor, experts=list(form.cleaned_data["experts"]))
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(
        request, _("“%(title)s” is in the running order. Nobody is told before you publish.") % {"title": item.title}
    )
    return True


def _form_page(
    request: HttpRequest, conference: Conference, form: ItemForm, title: str | None, pk: int | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "pk": pk}
    template = "conference/programme/item_form.html"
    return render_desk(request, template, conference, context, current="programme", status=status_of(form))


@login_required
@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One place, or several, earlier or later: the buttons, the keys and the dragging all come here."""
    item = _item_for(request, slug, pk, Capability.MANAGE)
    try:
        places = max(-50, min(50, int(request.POST.get("places", ""))))
        seen = datetime.fromisoformat(request.POST["seen"]) if request.POST.get("seen") else None
    except ValueError:
        places, seen = 0, None
    try:
        moved = domain.move_item(item_id=pk, actor=signed_in(request), places=places, starts_at=seen)
        messages.success(
            request,
            _("“%(title)s” now begins at %(hour)s.")
            % {"title": moved.title, "hour": hour(item.session.conference, moved.starts_at)},
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('programme:programme', args=[slug])}#item-{pk}")


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    item = _item_for(request, slug, pk, Capability.MANAGE)
    done = _("“%(title)s” is taken out of the running order.") % {"title": item.title}
    attempt(request, lambda: domain.remove_item(item_id=pk, actor=signed_in(request)), done)
    return redirect("programme:programme", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lay(request: HttpRequest, slug: str) -> HttpResponse:
    """Lay a whole programme from a template; look first at what it holds."""
    conference = conference_for(request, slug, Capability.MANAGE)
    form = LayForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        plan = plans()[form.cleaned_data["template"]]
        made = domain.lay_programme(
            conference_id=conference.pk,
            actor=signed_in(request),
            plan=plan,
            first_day=form.cleaned_data["first_day"],
            language=conference.language,
        )
        messages.success(
            request,
            _("%(count)s sessions are laid, with their running order. Nobody is told before you publish.")
            % {"count": len(made)},
        )
        return redirect("programme:programme", slug)
    language = (get_language() or "fr")[:2]
    context = {
        "form": form,
        "plans": [
            (plan.name(language), plan.about(language), [_planned(one, language) for one in plan.sessions])
            for plan in plans().values()
        ],
        "has_sessions": Session.objects.filter(conference=conference).held().exists(),
    }
    return render_desk(
        request, "conference/programme/lay.html", conference, context, current="programme", status=status_of(form)
    )


def _planned(session: Any, language: str) -> tuple[int, str, str, list[tuple[int, str]]]:
    hours = f"{session.starts // 60}:{session.starts % 60:02d} – {session.ends // 60}:{session.ends % 60:02d}"
    return (
        session.day + 1,
        session.title(language),
        hours,
        [(item.minutes, item.title(language)) for item in session.items],
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift(request: HttpRequest, slug: str) -> HttpResponse:
    """Every session to come, so many days later or earlier. Those who come are told of new dates at once."""
    conference = conference_for(request, slug, Capability.MANAGE)
    form = ShiftForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        days = form.cleaned_data["days"]
        moved = domain.shift_programme(conference_id=conference.pk, actor=signed_in(request), days=days)
        messages.success(
            request,
            _("%(count)s sessions were shifted by %(days)s days. Those who come are told.")
            % {"count": moved, "days": days},
        )
        return redirect("programme:programme", slug)
    return render_desk(
        request,
        "conference/programme/shift.html",
        conference,
        {"form": form},
        current="programme",
        status=status_of(form),
    )
