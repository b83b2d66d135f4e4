"""One volunteer in the cockpit: what is known, typing in, correcting, leaving."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.views.acts import typed
from panels.domain import erasure, volunteers
from panels.domain.imports.columns import criteria_of
from panels.enums import Standing
from panels.forms.person import PersonForm, TypedForm, initial_from
from panels.models import Identity, Trait, Volunteer
from panels.views.facts import answers_of, reader, traits_of, volunteer_of


@login_required
@never_cache
@require_safe
def volunteer(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    found = volunteer_of(conference, reference)
    criteria = criteria_of(conference)
    identity = getattr(found, "identity", None)
    shown = [name for name in volunteers.IDENTITY_FIELDS if name != "language"]
    known = [(Identity.label_of(name), getattr(identity, name)) for name in shown if getattr(identity, name, None)]
    context = {
        "volunteer": found,
        "identity": identity,
        "known": known,
        "traits": traits_of(found, criteria),
        "answers": answers_of(found),
        "pending": bool(identity and identity.pending),
        "may_withdraw": found.standing != Standing.WITHDRAWN and identity is not None,
        "may_decide": found.standing in {Standing.REVIEW, Standing.EXCLUDED, Standing.ELIGIBLE},
    }
    return render_desk(request, "panels/volunteer.html", conference, context, current="pool")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Type in a person who answered on paper or by telephone."""
    conference = conference_for(request, slug, Capability.MANAGE)
    criteria = criteria_of(conference)
    if not criteria:
        messages.warning(request, _("Define the criteria first: every volunteer has a value of each."))
        return redirect("panels_desk:criteria", slug)
    form = TypedForm(
        request.POST or None,
        criteria=criteria,
        reader=reader(),
        languages=conference.languages,
        initial={"language": conference.language, "consented_on": conference.local(timezone.now()).date()},
    )
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["consented_on"]
        try:
            added = volunteers.type_in(
                conference=conference,
                actor=signed_in(request),
                draft=form.draft(conference.language),
                channel=form.cleaned_data["channel"],
                consented_at=datetime(day.year, day.month, day.day, 12, tzinfo=conference.zone),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _added_sentence(added))
            return redirect("panels_desk:pool_add" if "another" in request.POST else "panels_desk:pool", slug)
    context: dict[str, Any] = {"form": form}
    status = 422 if form.errors else 200
    return render_desk(request, "panels/volunteer_add.html", conference, context, current="pool", status=status)


def _added_sentence(added: Volunteer) -> str:
    if added.standing == Standing.REVIEW:
        said = _("%(reference)s is noted and waits for a decision: %(reason)s.")
        return said % {"reference": added.reference, "reason": added.standing_reason}
    return _("%(reference)s is in the pool.") % {"reference": added.reference}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    found = volunteer_of(conference, reference)
    if not hasattr(found, "identity"):
        messages.warning(request, _("The identity of this person was erased: nothing is left to change."))
        return redirect("panels_desk:volunteer", slug, reference)
    values = dict(Trait.objects.filter(volunteer=found).values_list("criterion", "value"))
    form = PersonForm(
        request.POST or None,
        criteria=criteria_of(conference),
        reader=reader(),
        required=False,
        screener=False,
        initial=initial_from(found, values),
    )
    if request.method == "POST" and form.is_valid():
        try:
            volunteers.change_volunteer(
                volunteer=found, actor=signed_in(request), draft=form.draft(found.identity.language)
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("%(reference)s is saved.") % {"reference": found.reference})
            return redirect("panels_desk:volunteer", slug, reference)
    context = {"form": form, "volunteer": found}
    status = 422 if form.errors else 200
    return render_desk(request, "panels/volunteer_edit.html", conference, context, current="pool", status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str, reference: str, act: str) -> HttpResponse:
    """Take a person out at their wish, or erase who they are: a page that says what happens, and a button."""
    conference = conference_for(request, slug, Capability.MANAGE)
    found = volunteer_of(conference, reference)
    problem = ""
    if request.method == "POST":
        reason = typed(request, "reason").strip()
        try:
            if act == "erase":
                erasure.erase_volunteer(volunteer=found, actor=signed_in(request), reason=reason)
                messages.success(
                    request, _("The identity of %(reference)s is erased.") % {"reference": found.reference}
                )
            else:
                volunteers.withdraw_from_pool(volunteer=found, actor=signed_in(request), reason=reason)
                messages.success(request, _("%(reference)s is no longer in the pool.") % {"reference": found.reference})
        except DomainError as error:
            problem = error.message
        else:
            return redirect("panels_desk:volunteer", slug, reference)
    context = {"volunteer": found, "act": act, "problem": problem}
    status = 422 if problem else 200
    return render_desk(request, "panels/volunteer_leave.html", conference, context, current="pool", status=status)
