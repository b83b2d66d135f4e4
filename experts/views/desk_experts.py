"""The organiser's pages on experts: the list with the balance of views, one expert, their part in the programme."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability, DocumentAudience
from conference.models import Conference, Membership
from conference.views.acts import attempt, status_of
from experts import long_list
from experts.access import contribution_for, expert_for
from experts.domain import committee, programme
from experts.domain import experts as life
from experts.domain.papers import open_papers_of, papers_of
from experts.domain.running_order import leave_item, speak_in
from experts.enums import CONCERNED, EXPERT_TRANSITIONS, ExpertState
from experts.forms import BypassForm, ContributionForm, ExpertForm, LongListFilter, OpinionForm, RecordAnswerForm
from experts.models import Briefing, BriefingRead, Contribution, Expert, KeyQuestion, Stance
from experts.words import speaks


def page(
    request: HttpRequest, template: str, conference: Conference, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the experts' part of the cockpit, with hours on the conference's clock."""
    with timezone.override(conference.zone):
        return render_desk(request, f"experts/desk/{template}", conference, context, current="experts", status=status)


@login_required
@require_safe
def experts(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    member: Membership = request.membership  # type: ignore[attr-defined]
    form = LongListFilter(request.GET or None, conference=conference)
    wanted = form.chosen() if request.GET else {}
    members = committee.committee_of(conference)
    rows = long_list.rows(conference, long_list.chosen(conference, wanted), member, members)
    states = Counter(Expert.objects.filter(conference=conference).order_by().values_list("state", flat=True))
    context = {
        "rows": rows,
        "listed_count": states.total(),
        "filter": form,
        "is_filtered": bool(wanted),
        "counts": {state: states[state] for state in ExpertState},
        "members": members,
        "on_committee": member.may(Capability.COMMITTEE),
        "waiting_for_me": long_list.waiting(rows),
        "balance": programme.balance_of(conference),
        "briefings": list(Briefing.objects.filter(conference=conference).with_versions()),
    }
    return page(request, "experts.html", conference, context)


@login_required
@require_safe
def expert(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return expert_page(request, expert_for(request, slug, pk, Capability.VIEW))


def expert_page(
    request: HttpRequest, found: Expert, *, forms: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The record of one expert. ``forms``: those that come back with errors, by their names in the template."""
    member: Membership = request.membership  # type: ignore[attr-defined]
    parts = Contribution.objects.filter(expert=found).select_related("session__conference")
    briefings = Briefing.objects.for_expert(found).with_versions()
    reads = set(BriefingRead.objects.filter(expert=found).values_list("version_id", flat=True))
    standing = committee.standing_of(found)
    may_invite = ExpertState.INVITED in EXPERT_TRANSITIONS[ExpertState(found.state)]
    context = {
        "expert": found,
        "parts": [(part, speaks(part)) for part in parts],
        "briefings": [(briefing, briefing.published[0], briefing.published[0].pk in reads) for briefing in briefings],  # type: ignore[attr-defined]
        "may_invite": may_invite,
        "obstacles": committee.obstacles(found, standing) if may_invite else [],
        "may_renew": found.state in CONCERNED,
        "stances": Stance.objects.filter(expert=found).select_related("question").order_by("question__number"),
        "has_questions": KeyQuestion.objects.filter(conference=found.conference).exists(),
        "availability": list(found.availabilities.all()),
        "papers": papers_of(found) if member.may(Capability.MANAGE) else open_papers_of(found),
        "audiences": DocumentAudience.choices,
        "bypass_form": BypassForm(),
        **committee_context(member, found, standing),
        **(forms or {}),
    }
    return page(request, "expert.html", found.conference, context, status=status)


def committee_context(member: Membership, found: Expert, standing: committee.Standing) -> dict[str, Any]:
    """What the committee says, and the form for a member of it."""
    mine = standing.opinions.get(member.pk)
    initial = {"opinion": mine.opinion, "reason": mine.reason} if mine else None
    return {
        "standing": standing,
        "opinions": [(one, standing.opinions.get(one.pk)) for one in standing.members],
        "mine": mine,
        "may_speak": member.may(Capability.COMMITTEE) and found.state in committee.HEARD,
        "opinion_form": OpinionForm(initial=initial),
    }


@login_required
def add_expert(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    initial = {"language": conference.language}
    form = ExpertForm(request.POST or None, conference=conference, initial=initial)
    if request.method == "POST" and form.is_valid():
        added = life.add_expert(conference=conference, actor=signed_in(request), fields=form.cleaned_data)
        messages.success(request, _("%(name)s is on the list. Nothing has been sent yet.") % {"name": added})
        return redirect("experts_desk:expert", slug, added.pk)
    return page(request, "expert_form.html", conference, {"form": form}, status=status_of(form))


@login_required
def edit_expert(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    form = ExpertForm(request.POST or None, instance=found, conference=found.conference)
    if request.method == "POST" and form.is_valid():
        life.change_expert(expert_id=pk, actor=signed_in(request), fields=form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("experts_desk:expert", slug, pk)
    # The form writes what was typed onto its instance: the page's heading takes the name from the database.
    name = str(Expert.objects.get(pk=pk)) if form.errors else str(found)
    return page(
        request,
        "expert_form.html",
        found.conference,
        {"form": form, "expert": found, "name": name},
        status=status_of(form),
    )


@login_required
@require_POST
def renew_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    done = _("A new link is on its way to %(name)s. The old one no longer works.") % {"name": found}
    attempt(request, lambda: life.renew_link(expert_id=pk, actor=signed_in(request)), done)
    return redirect("experts_desk:expert", slug, pk)


@login_required
def record_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    form = RecordAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accepts = form.cleaned_data["answer"] == "accept"

        def act() -> None:
            life.answer(expert_id=pk, accepts=accepts, actor=signed_in(request), reason=form.cleaned_data["reason"])

        attempt(request, act, _("The answer of %(name)s is noted.") % {"name": found})
        return redirect("experts_desk:expert", slug, pk)
    return page(
        request, "record_answer.html", found.conference, {"form": form, "expert": found}, status=status_of(form)
    )


@login_required
def add_contribution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = expert_for(request, slug, pk, Capability.MANAGE)
    with timezone.override(found.conference.zone):
        form = ContributionForm(request.POST or None, expert=found)
        valid = request.method == "POST" and form.is_valid()
    if valid and _give_part(request, form, found):
        messages.success(request, _("%(name)s is in the programme.") % {"name": found})
        return redirect("experts_desk:expert", slug, pk)
    return page(
        request, "contribution_form.html", found.conference, {"form": form, "expert": found}, status=status_of(form)
    )


def _give_part(request: HttpRequest, form: ContributionForm, expert: Expert, part: Contribution | None = None) -> bool:
    """In the item that was chosen, else in a session as a whole."""
    fields = {name: value for name, value in form.cleaned_data.items() if name != "item"}
    item, actor = form.cleaned_data.get("item"), signed_in(request)
    try:
        if item:
            speak_in(item_id=item.pk, actor=actor, expert=expert, contribution_id=part.pk if part else None)
        elif part:
            programme.change_contribution(contribution=part, actor=actor, fields=fields)
        else:
            programme.add_contribution(expert=expert, actor=actor, fields=fields)
    except DomainError as error:
        form.add_error("item" if item else None, error.message)
        return False
    return True


@login_required
def edit_contribution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    part = contribution_for(request, slug, pk, Capability.MANAGE)
    found = part.expert
    with timezone.override(found.conference.zone):
        form = ContributionForm(request.POST or None, instance=part, expert=found)
        valid = request.method == "POST" and form.is_valid()
    fresh = contribution_for(request, slug, pk, Capability.MANAGE)  # the form has written on the other one
    if valid and _give_part(request, form, found, fresh):
        messages.success(request, _("The changes are saved."))
        return redirect("experts_desk:expert", slug, found.pk)
    context = {"form": form, "expert": found, "contribution": part}
    return page(request, "contribution_form.html", found.conference, context, status=status_of(form))


@login_required
@require_POST
def remove_contribution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    part = contribution_for(request, slug, pk, Capability.MANAGE)
    if part.item_id:
        leave_item(contribution=part, actor=signed_in(request))
    else:
        programme.remove_contribution(contribution=part, actor=signed_in(request))
    messages.success(request, _("Taken out of the programme."))
    return redirect("experts_desk:expert", slug, part.expert_id)
