"""Items of the running order: added, changed, taken out."""

import json
from dataclasses import dataclass
from datetime import date, time
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import running_order as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Item, Session
from conference.views.acts import attempt, status_of
from conference.words import moment
from experts.domain.running_order import set_speakers
from experts.forms.running_order import ItemForm
from experts.forms.running_order.fields import lengthening
from experts.forms.running_order.items import STORED, typed_values, values_of
from experts.models import Expert


@dataclass(frozen=True)
class Meeting:
    """A field that somebody else has changed while the form was open."""

    label: str
    theirs: str
    mine: str


def item_for(request: HttpRequest, slug: str, pk: int, capability: Capability) -> Item:
    conference = conference_for(request, slug, capability)
    items = Item.objects.select_related("session", "room", "lead__user").filter(session__conference=conference)
    item = get_object_or_404(items, pk=pk)
    item.session.conference = conference
    return item


def back_to(slug: str, pk: int, *, moved: bool = False) -> HttpResponse:
    """The page of the running order at this item; after a move, with the offer to undo it."""
    query = "?moved" if moved else ""
    return redirect(f"{reverse('programme:programme', args=[slug])}{query}#item-{pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        conference=conference,
        initial=_next_place(request, conference),
    )
    if form.is_bound and form.is_valid():
        item = _save(request, conference, form, None)
        if item:
            return back_to(slug, item.pk)
    return _form_page(request, conference, form, None)


def _next_place(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """Where the person pressed; else after the last item of the session that they come from."""
    sessions = Session.objects.filter(conference=conference).held()
    wanted = request.GET.get("session", "")
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 10
    session = (sessions.filter(pk=wanted) if is_number else sessions).first()
    if session is None:
        return {}
    last = session.items.order_by("starts_at", "id").last()
    local = conference.local(last.ends_at if last else session.starts_at)
    place = {"session": session.pk, "minutes": 20, "room": last.room_id if last else None}
    try:
        day, at = date.fromisoformat(request.GET["day"]), time.fromisoformat(request.GET["at"])
    except (KeyError, ValueError):
        day, at = local.date(), local.time()
    return {**place, "day": day, "begins": at}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    item = item_for(request, slug, pk, Capability.MANAGE)
    conference, title = item.session.conference, item.title
    form = ItemForm(request.POST if request.method == "POST" else None, instance=item, conference=conference)
    met: list[Meeting] = []
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            met = _met(conference, form, pk)
            saved = None if met else _save(request, conference, form, pk)
        if saved:
            return back_to(slug, pk)
    return _form_page(request, conference, form, title, pk, met)


def _met(conference: Conference, form: ItemForm, pk: int) -> list[Meeting]:
    """What somebody else has changed since the form was opened, and is not what was typed here. The form then holds what
    stands there now, so that the next press saves over it knowingly."""
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    item = Item.objects.select_related("session", "room", "lead__user").get(pk=pk)
    item.session.conference = conference
    experts = list(Expert.objects.filter(contributions__item=item).order_by("pk"))
    now, mine = values_of(item, [expert.pk for expert in experts]), typed_values(form)
    seen = form.cleaned_data["seen"]
    names = [name for name in now if name in seen and now[name] != seen[name] and now[name] != mine[name]]
    if not names:
        return []
    form.data = cast("QueryDict", form.data).copy()
    form.data["seen"] = json.dumps(now)
    typed = Item(**{name: form.cleaned_data[name] for name in STORED})
    theirs, ours = _in_words(conference, item, experts), _in_words(conference, typed, form.cleaned_data["experts"])
    return [Meeting(_label(form, name), theirs[name], ours[name]) for name in names]


def _label(form: ItemForm, name: str) -> str:
    if name == "starts_at":
        return _("Hour")
    return str(form.fields[name].label)


def _in_words(conference: Conference, item: Item, experts: Any) -> dict[str, str]:
    words = {
        "session": item.session.title,
        "kind": item.get_kind_display(),
        "title": item.title,
        "minutes": str(item.minutes),
        "room": str(item.room or ""),
        "lead": str(item.lead.user) if item.lead else "",
        "note": item.note,
        "starts_at": moment(conference, item.starts_at),
        "experts": ", ".join(str(expert) for expert in experts),
    }
    return {name: text or "–" for name, text in words.items()}


def _save(request: HttpRequest, conference: Conference, form: ItemForm, pk: int | None) -> Item | None:
    """The item, its new room and its speakers, or none of them."""
    data = form.cleaned_data
    try:
        with transaction.atomic():
            item = _store(request, conference, form, pk)
            set_speakers(item_id=item.pk, actor=signed_in(request), experts=list(data["experts"]))
    except domain.DoesNotFitError as error:
        form.add_error("begins", error.message)
        if error.ends_at:
            form.offer = lengthening(data["session"], error.ends_at)
        return None
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    messages.success(
        request, _("“%(title)s” is in the running order. Nobody is told before you publish.") % {"title": item.title}
    )
    return item


def _store(request: HttpRequest, conference: Conference, form: ItemForm, pk: int | None) -> Item:
    actor, values, data = signed_in(request), form.values(), form.cleaned_data
    if data["new_room"]:
        values["room"] = domain.add_room(conference_id=conference.pk, actor=actor, name=data["new_room"])
    if pk is not None:
        return domain.change_item(
            item_id=pk, actor=actor, fields=values, later_follow=data["follow"], lengthen=data["lengthen"]
        )
    session = values.pop("session")
    return domain.add_item(
        session_id=session.pk, actor=actor, fields=values, later_follow=data["follow"], lengthen=data["lengthen"]
    )


def _form_page(
    request: HttpRequest,
    conference: Conference,
    form: ItemForm,
    title: str | None,
    pk: int | None = None,
    met: list[Meeting] | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "pk": pk, "met": met or []}
    return render_desk(
        request,
        "conference/programme/item_form.html",
        conference,
        context,
        current="programme",
        status=422 if met else status_of(form),
    )


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    item = item_for(request, slug, pk, Capability.MANAGE)
    done = _("“%(title)s” is taken out of the running order.") % {"title": item.title}
    attempt(request, lambda: domain.remove_item(item_id=pk, actor=signed_in(request)), done)
    return redirect("programme:programme", slug)
