"""The call list: whom to call, what to say, and one click for what came of it."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Session
from conference.words import moment, plain_day, session_when
from panels import access
from panels.domain import calls as domain
from panels.enums import CallOutcome, DeclineReason
from panels.models import CallAttempt


class CallForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)
    decline_reason = forms.ChoiceField(choices=DeclineReason.choices, required=False)
    again_on = forms.DateField(required=False)


@dataclass(frozen=True)
class CallRow:
    """Somebody to call, with the moments in words."""

    one: domain.ToCall
    deadline: str
    attempts: list[tuple[str, CallAttempt]]
    again_on: str


def _row(conference: Conference, one: domain.ToCall) -> CallRow:
    return CallRow(
        one,
        moment(conference, one.invitation.deadline),
        [(moment(conference, attempt.at), attempt) for attempt in one.attempts],
        again_on=plain_day(one.again_on) if one.again_on else "",
    )


@login_required
@never_cache
@require_safe
def calls(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    everybody = domain.to_call(conference)
    now, part = timezone.now(), request.GET.get("only", "")
    waiting = [one for one in everybody if one.fits(part, now)]
    held = Session.objects.filter(conference=conference).held().select_related("conference")
    context = {
        "rows": [_row(conference, one) for one in waiting],
        "sessions": [(session, session_when(session)) for session in held],
        "reasons": DeclineReason.choices,
        "part": part if part in domain.Filter.values else "",
        "parts": [
            (value, label, sum(one.fits(value, now) for one in everybody)) for value, label in domain.Filter.choices
        ],
        "everybody": len(everybody),
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
