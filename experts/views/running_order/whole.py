"""The programme as a whole: laid from a template, shifted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import running_order as domain
from conference.enums import Capability
from conference.method import plans
from conference.models import Session
from conference.views.acts import status_of
from experts.forms.running_order import LayForm, ShiftForm


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
    form = ShiftForm(request.POST if request.method == "POST" else None, conference=conference)
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
