"""Sessions: the list, a new one, a change, a cancellation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import conference_for, session_for, signed_in
from conference.desk import render_desk
from conference.domain import sessions as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.forms.plain import write_plainly
from conference.forms.session import CancelSessionForm, SessionForm
from conference.models import Conference, Session
from conference.views.acts import attempt, status_of
from conference.words import session_when


@login_required
@require_safe
def sessions(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    listed = Session.objects.filter(conference=conference).select_related("conference")
    rows = [(session, session_when(session)) for session in listed]
    context = {
        "rows": rows,
        "held": sum(1 for session, _when in rows if not session.cancelled_at),
        "next": next((row for row in rows if not row[0].cancelled_at and row[0].ends_at > timezone.now()), None),
    }
    return render_desk(request, "conference/desk/sessions.html", conference, context, current="sessions")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = SessionForm(request.POST or None, zone=conference.zone, conference=conference)
    if form.is_bound and form.is_valid():
        added = domain.add_session(conference_id=conference.pk, actor=signed_in(request), fields=form.values())
        messages.success(request, _("Session “%(title)s” is added.") % {"title": added.title})
        return redirect("desk:sessions", slug)
    return _form_page(request, conference, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    session = session_for(request, slug, pk, Capability.MANAGE)
    title = session.title  # the form writes what was typed onto its instance
    form = SessionForm(
        request.POST or None, instance=session, zone=session.conference.zone, conference=session.conference
    )
    if form.is_bound and form.is_valid() and _change(request, pk, form):
        return redirect("desk:sessions", slug)
    return _form_page(request, session.conference, form, title)


def _change(request: HttpRequest, pk: int, form: SessionForm) -> bool:
    try:
        domain.change_session(session_id=pk, actor=signed_in(request), fields=form.values())
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("The changes are saved. Those who come are told of a new time or place."))
    return True


def _form_page(request: HttpRequest, conference: Conference, form: SessionForm, title: str | None) -> HttpResponse:
    write_plainly(form, "description", url=reverse("plain:desk", args=[conference.slug]), language=conference.language)
    context = {"form": form, "title": title}
    template = "conference/desk/session_form.html"
    return render_desk(request, template, conference, context, current="sessions", status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    session = session_for(request, slug, pk, Capability.MANAGE)
    form = CancelSessionForm(request.POST or None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Session “%(title)s” is cancelled. Those who come are told.") % {"title": session.title}
        attempt(request, lambda: domain.cancel_session(session_id=pk, actor=signed_in(request), reason=reason), done)
        return redirect("desk:sessions", slug)
    context = {"form": form, "session": session, "when": session_when(session)}
    template = "conference/desk/session_cancel.html"
    return render_desk(request, template, session.conference, context, current="sessions", status=status_of(form))
