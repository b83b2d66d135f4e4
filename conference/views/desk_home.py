"""My conferences, and a new one."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import signed_in
from conference.domain import conferences
from conference.domain.errors import DomainError
from conference.forms.conference import CreateForm
from conference.forms.session import FirstSessionForm
from conference.models import Membership, Session, Step
from conference.thread import ThreadStep, thread_of

FIRST_SESSIONS = 3
DEFAULT_ZONE = ZoneInfo("Europe/Paris")


def _current(membership: Membership) -> ThreadStep | None:
    conference = membership.conference
    steps = thread_of(conference, conference.steps.all(), conference.local(timezone.now()).date())
    return next((step for step in steps if step.state == "current"), None)


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    upcoming = Session.objects.upcoming(timezone.now()).select_related("conference")
    memberships = (
        Membership.objects.filter(user=user)
        .select_related("conference")
        .prefetch_related(
            Prefetch("conference__steps", Step.objects.order_by("position")),
            Prefetch("conference__sessions", upcoming, to_attr="coming"),
        )
        .order_by("-conference__created_at")
    )
    rows = [(membership, _current(membership)) for membership in memberships]
    return render(request, "conference/desk/home.html", {"rows": rows, "may_create": user.may_create})


def _session_rows(data: Any, zone: ZoneInfo) -> BaseFormSet[FirstSessionForm]:
    formset = formset_factory(FirstSessionForm, extra=FIRST_SESSIONS, max_num=10, absolute_max=10)
    return formset(data, prefix="sessions", form_kwargs={"zone": zone})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not user.may_create:
        raise Http404
    form = CreateForm(
        request.POST or None,
        initial=None if request.POST else {"language": user.language, "languages": [user.language]},
    )
    zone = ZoneInfo(form.cleaned_data["timezone"]) if form.is_valid() else DEFAULT_ZONE
    sessions = _session_rows(request.POST or None, zone)
    status = 200
    if request.method == "POST":
        if form.is_valid() and sessions.is_valid():
            given = [row.values() for row in sessions.forms if row.has_changed()]
            try:
                created = conferences.create_conference(actor=user, fields=form.cleaned_data, sessions=given)
            except DomainError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, _("The conference is created. Only you see it so far."))
                return redirect("desk:conference", created.slug)
        status = 422
    context = {"form": form, "sessions": sessions}
    return render(request, "conference/desk/create.html", context, status=status)
