"""What a citizen is paid, on their personal page: how each amount came about, and expenses with their receipts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.domain.errors import DomainError
from panels import access
from panels.accounts import account_of
from panels.domain import allowances as domain
from panels.enums import FROM_PRESENCE, InvitationState
from panels.forms.allowances import ClaimForm
from panels.models import Claim, Invitation, Rate
from panels.statement_rows import lines_of_statement, open_lines
from panels.views.citizen import by_link
from panels.views.receipts import receipt_response

CLAIMS_AN_HOUR = 30


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def allowances(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """For those who sit on the panel, and those who did: whoever was never there is not due anything."""
    conference = invitation.conference
    offered = Rate.objects.filter(conference=conference).in_force().exclude(kind__in=FROM_PRESENCE)
    account = account_of(invitation)
    if invitation.state != InvitationState.ACCEPTED and not (account.attended or account.statements):
        return redirect("panels:invitation")
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ClaimForm(*posted, rates=offered, initial={"day": conference.local(timezone.now()).date()})
    if form.is_valid() and _claim(request, invitation, form):
        return redirect("attendance:own")
    context = {
        "invitation": invitation,
        "conference": conference,
        "account": account,
        "lines": open_lines(account),
        "statements": [(one, lines_of_statement(one)) for one in account.standing],
        "removable": {claim.pk for claim in account.claims if f"claim:{claim.pk}" not in account.settled},
        "form": form,
        "may_claim": offered.exists(),
    }
    return render(request, "panels/citizen/allowances.html", context, status=422 if form.errors else 200)


def _claim(request: HttpRequest, invitation: Invitation, form: ClaimForm) -> bool:
    if not access.within_limit("claim", invitation.pk, times=CLAIMS_AN_HOUR, seconds=3600):
        form.add_error(None, _("That was a lot of answers in a short time. Please try again in an hour, or call us."))
        return False
    said = form.cleaned_data
    file = said.pop("receipt")
    try:
        domain.add_claim(invitation=invitation, file=file or None, **said)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("Your expense is noted."))
    return True


def _own(request: HttpRequest, uuid: UUID) -> Claim:
    """A claim of the person whose page is open in this browser; everybody else's does not exist."""
    invitation = access.remembered(request)
    return get_object_or_404(
        Claim.objects.select_related("invitation__volunteer", "conference"),
        invitation=invitation.pk if invitation else 0,
        uuid=uuid,
    )


@never_cache
@require_POST
def remove(request: HttpRequest, claim: UUID) -> HttpResponse:
    found = _own(request, claim)
    try:
        domain.remove_claim(claim=found)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The expense is removed."))
    return redirect("attendance:own")


@never_cache
@require_safe
def receipt(request: HttpRequest, claim: UUID) -> HttpResponseBase:
    return receipt_response(_own(request, claim))
