"""The settings of a conference, and its public page made visible or hidden."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import conferences
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.forms.conference import ConferenceForm
from conference.forms.plain import write_plainly
from conference.models import Conference
from conference.views.acts import attempt


@dataclass(frozen=True)
class Check:
    """A line of what the public page needs."""

    label: str
    field: str
    filled: bool
    required: bool


def checklist(conference: Conference) -> list[Check]:
    names = [(name, True) for name in conferences.REQUIRED_TO_PUBLISH]
    names += [(name, False) for name in conferences.ADVISED_TO_PUBLISH]
    meta = Conference._meta
    return [
        Check(str(meta.get_field(name).verbose_name), name, bool(getattr(conference, name)), required)  # type: ignore[union-attr]
        for name, required in names
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    # The form writes what was typed onto its instance: the frame of the page keeps a copy from the database.
    form = ConferenceForm(request.POST or None, instance=Conference.objects.get(pk=conference.pk))
    write_plainly(form, "summary", url=reverse("plain:desk", args=[slug]), language=conference.language)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _save(request, conference, form):
            return redirect("desk:settings", slug)
        status = 422
    context = {"form": form, "checklist": checklist(conference)}
    return render_desk(request, "conference/desk/settings.html", conference, context, current="settings", status=status)


def _save(request: HttpRequest, conference: Conference, form: ConferenceForm) -> bool:
    try:
        conferences.change_conference(conference_id=conference.pk, actor=signed_in(request), fields=form.cleaned_data)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("The settings are saved."))
    return True


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    done = _("The public page is visible to everybody.")
    attempt(request, lambda: conferences.publish(conference_id=conference.pk, actor=signed_in(request)), done)
    return redirect("desk:settings", slug)


@login_required
@require_POST
def hide(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    done = _("The public page is hidden.")
    attempt(request, lambda: conferences.hide(conference_id=conference.pk, actor=signed_in(request)), done)
    return redirect("desk:settings", slug)
