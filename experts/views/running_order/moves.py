"""Moving an item: the arrows, the keys, the dragging and the page "Elsewhere" all come here."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.access import signed_in
from conference.desk import render_desk
from conference.domain import running_order as domain
from conference.domain.errors import DomainError
from conference.domain.undone_moves import Spot, spots_of
from conference.enums import Capability
from conference.models import Item
from conference.views.acts import status_of
from conference.words import day, hour
from experts.forms.running_order import MoveForm
from experts.forms.running_order.fields import lengthening
from experts.views.running_order.items import back_to, item_for
from experts.views.running_order.undo import remember


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    item = item_for(request, slug, pk, Capability.MANAGE)
    if "places" in request.POST:
        return back_to(slug, pk, moved=_by_places(request, item))
    form = MoveForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_bound and form.is_valid() and _to_place(request, form, item):
        return back_to(slug, pk, moved=True)
    return render_desk(
        request,
        "conference/programme/move.html",
        item.session.conference,
        {"form": form, "item": item, "begins": hour(item.session.conference, item.starts_at)},
        current="programme",
        status=status_of(form),
    )


def _by_places(request: HttpRequest, item: Item) -> bool:
    """So many places earlier or later among its neighbours."""
    try:
        places = max(-50, min(50, int(request.POST["places"])))
        seen = datetime.fromisoformat(request.POST["seen"]) if request.POST.get("seen") else None
    except ValueError:
        places, seen = 0, None
    before = spots_of(item.session.conference)
    try:
        moved = domain.move_item(item_id=item.pk, actor=signed_in(request), places=places, starts_at=seen)
    except DomainError as error:
        messages.error(request, error.message)
        return False
    _say(request, item, moved, before)
    return True


def _to_place(request: HttpRequest, form: MoveForm, item: Item) -> bool:
    data = form.cleaned_data
    before = spots_of(item.session.conference)
    try:
        moved = domain.place_item(
            item_id=item.pk,
            actor=signed_in(request),
            starts_at=data["starts_at"],
            session_id=data["session"].pk,
            room_id=data["room"].pk if data["room"] else None,
            later_follow=data["follow"],
            lengthen=data["lengthen"],
            seen=data["seen"],
        )
    except domain.DoesNotFitError as error:
        form.add_error("begins", error.message)
        if error.ends_at:
            form.offer = lengthening(data["session"], error.ends_at)
        return False
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    _say(request, item, moved, before)
    return True


def _say(request: HttpRequest, item: Item, moved: Item, before: dict[int, Spot]) -> None:
    conference = item.session.conference
    remember(request, conference, moved.title, before, spots_of(conference))
    values = {
        "title": moved.title,
        "hour": hour(conference, moved.starts_at),
        "day": day(conference, moved.starts_at),
        "session": moved.session.title,
    }
    if moved.session_id != item.session_id:
        messages.success(request, _("“%(title)s” now begins at %(hour)s on %(day)s, in “%(session)s”.") % values)
    else:
        messages.success(request, _("“%(title)s” now begins at %(hour)s.") % values)
