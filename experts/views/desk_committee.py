"""What members of the steering committee say of an expert, and the invitation that waits for it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.access import signed_in
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.views.acts import attempt
from experts.access import expert_for
from experts.domain import committee
from experts.domain import experts as life
from experts.enums import Opinion
from experts.forms import BypassForm, OpinionForm
from experts.views.desk_experts import expert_page


@login_required
@require_POST
def opinion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """From the long list (where it goes back to) or from the expert's page."""
    found = expert_for(request, slug, pk, Capability.COMMITTEE)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return expert_page(request, found, forms={"opinion_form": form}, status=422)

    def act() -> None:
        committee.give_opinion(
            expert_id=pk,
            member=request.membership,  # type: ignore[attr-defined]
            opinion=Opinion(form.cleaned_data["opinion"]),
            reason=form.cleaned_data["reason"],
        )

    attempt(request, act, _("What you say of %(name)s is noted.") % {"name": found})
    if "from_list" in request.POST:
        return redirect("experts_desk:experts", slug)
    return redirect("experts_desk:expert", slug, pk)


@login_required
@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.COMMITTEE)
    done = _("What you said of %(name)s is taken back.") % {"name": found}
    member = request.membership  # type: ignore[attr-defined]
    attempt(request, lambda: committee.take_back(expert_id=pk, member=member), done)
    return redirect("experts_desk:expert", slug, pk)


@login_required
@require_POST
def invite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """With a reason where something stands against it: the form that asks for it sends ``despite``."""
    found = expert_for(request, slug, pk, Capability.MANAGE)
    reason = ""
    if "despite" in request.POST:
        form = BypassForm(request.POST)
        if not form.is_valid():
            return expert_page(request, found, forms={"bypass_form": form}, status=422)
        reason = form.cleaned_data["reason"]
    try:
        life.invite(expert_id=pk, actor=signed_in(request), reason=reason)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": found})
    return redirect("experts_desk:expert", slug, pk)
