"""The thread of the method: by when, by whom, done or not yet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in, step_for
from conference.desk import render_desk
from conference.domain import steps as domain
from conference.enums import Capability
from conference.forms.people import StepForm
from conference.models import Step
from conference.thread import thread_of
from conference.views.acts import attempt, status_of


@login_required
@require_safe
def steps(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    today = conference.local(timezone.now()).date()
    thread = thread_of(conference, Step.objects.filter(conference=conference), today)
    context = {"thread": thread, "done": sum(1 for step in thread if step.state == "done")}
    context["now"] = next((step for step in thread if step.state == "current"), None)
    return render_desk(request, "conference/desk/steps.html", conference, context, current="overview")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    step = step_for(request, slug, pk, Capability.MANAGE)
    form = StepForm(request.POST or None, instance=step)
    if form.is_bound and form.is_valid():
        domain.plan_step(step_id=pk, actor=signed_in(request), **form.cleaned_data)
        messages.success(request, _("Step “%(step)s” is planned.") % {"step": step.get_key_display()})
        return redirect("desk:steps", slug)
    context = {"form": form, "step": step}
    template = "conference/desk/step_form.html"
    return render_desk(request, template, step.conference, context, current="overview", status=status_of(form))


@login_required
@require_POST
def done(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    step = step_for(request, slug, pk, Capability.MANAGE)
    said = _("Step “%(step)s” is done.") % {"step": step.get_key_display()}
    attempt(request, lambda: domain.mark_done(step_id=pk, actor=signed_in(request)), said)
    return redirect("desk:steps", slug)


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    step = step_for(request, slug, pk, Capability.MANAGE)
    said = _("Step “%(step)s” is open again.") % {"step": step.get_key_display()}
    attempt(request, lambda: domain.reopen(step_id=pk, actor=signed_in(request)), said)
    return redirect("desk:steps", slug)
