"""The call list: whom to call, what to say, and one click for what came of it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Session
from conference.words import moment, session_when
from panels import access
from panels.domain import calls as domain
from panels.enums import CallOutcome, DeclineReason


class CallForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)
    decline_reason = forms.ChoiceField(choices=DeclineReason.choices, required=False)
    again_on = forms.DateField(required=False)


@login_required
@never_cache
@require_safe
def calls(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    waiting = domain.to_call(conference)
    held = Session.objects.filter(conference=conference).held().select_related("conference")
    context = {
        "rows": [(one, moment(conference, one.invitation.deadline)) for one in waiting],
        "sessions": [(session, session_when(session)) for session in held],
        "reasons": DeclineReason.choices,
        "organiser": conference.organised_by or conference.commissioner,
    }
    return render_desk(request, "panels/calls.html", conference, context, current="panel")


@login_required
@require_POST
def note(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    invitation = access.invitation_in(conference, uuid)
    form = CallForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This was not understood. Choose what came of the call, and a day to call again."))
        return redirect("panels_desk:calls", slug)
    try:
        domain.note_call(invitation=invitation, actor=signed_in(request), **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            _("Noted for %(reference)s: %(outcome)s.")
            % {
                "reference": invitation.volunteer.reference,
                "outcome": CallOutcome(form.cleaned_data["outcome"]).label,
            },
        )
    return redirect("panels_desk:calls", slug)
