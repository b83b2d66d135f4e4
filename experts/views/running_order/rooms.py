"""The rooms of a conference: listed, added, renamed, removed."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import running_order as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Room
from conference.views.acts import attempt, status_of
from experts.forms.running_order import RoomForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, and a new one below it."""
    conference = conference_for(request, slug, Capability.MANAGE)
    form = RoomForm(request.POST if request.method == "POST" else None, instance=Room(conference=conference))
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        attempt(
            request,
            lambda: domain.add_room(conference_id=conference.pk, actor=signed_in(request), name=name),
            _("“%(name)s” is among the rooms.") % {"name": name},
        )
        return redirect("programme:rooms", slug)
    return _page(request, conference, form)


def _page(request: HttpRequest, conference: Conference, form: RoomForm, wrong: RoomForm | None = None) -> HttpResponse:
    found = Room.objects.filter(conference=conference).annotate(used=Count("items"))
    forms = [
        (room, wrong if wrong and wrong.instance.pk == room.pk else RoomForm(instance=room, prefix=f"room-{room.pk}"))
        for room in found
    ]
    context = {"form": form, "rooms": forms}
    status = status_of(wrong or form)
    return render_desk(
        request, "conference/programme/rooms.html", conference, context, current="programme", status=status
    )


def _room_for(request: HttpRequest, slug: str, pk: int) -> Room:
    conference = conference_for(request, slug, Capability.MANAGE)
    return get_object_or_404(Room.objects.select_related("conference"), pk=pk, conference=conference)


@login_required
@require_POST
def rename(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    room = _room_for(request, slug, pk)
    form = RoomForm(request.POST, instance=room, prefix=f"room-{pk}")
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            domain.rename_room(room_id=pk, actor=signed_in(request), name=name)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            return redirect("programme:rooms", slug)
    return _page(request, room.conference, RoomForm(instance=Room(conference=room.conference)), form)


@login_required
@require_POST
def remove_room(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    room = _room_for(request, slug, pk)
    attempt(
        request,
        lambda: domain.remove_room(room_id=pk, actor=signed_in(request)),
        _("“%(name)s” is no longer among the rooms.") % {"name": room.name},
    )
    return redirect("programme:rooms", slug)
