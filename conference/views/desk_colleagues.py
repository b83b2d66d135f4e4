"""Colleagues: who is there, with which role; add, change, remove."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import colleague_for, conference_for, signed_in
from conference.desk import render_desk
from conference.domain import colleagues as domain
from conference.domain.errors import DomainError
from conference.enums import Capability, Role
from conference.forms.people import ROLES_IN_WORDS, AddColleagueForm, ColleagueForm
from conference.models import Membership
from conference.views.acts import attempt, status_of

ORDER = list(Role)


@login_required
@require_safe
def colleagues(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    members = list(Membership.objects.filter(conference=conference).select_related("user"))
    members.sort(key=lambda member: (ORDER.index(Role(member.role)), str(member.user).casefold()))
    context = {
        "members": members,
        "roles": [(role.label, words) for role, words in ROLES_IN_WORDS.items()],
        "has_guarantor": any(member.role == Role.GUARANTOR for member in members),
    }
    return render_desk(request, "conference/desk/colleagues.html", conference, context, current="colleagues")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = AddColleagueForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            added = domain.add_colleague(conference_id=conference.pk, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("%(name)s is added and receives a letter.") % {"name": added.user})
            return redirect("desk:colleagues", slug)
    template = "conference/desk/colleague_form.html"
    return render_desk(request, template, conference, {"form": form}, current="colleagues", status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    member = colleague_for(request, slug, pk, Capability.MANAGE)
    form = ColleagueForm(request.POST or None, instance=member)
    if form.is_bound and form.is_valid():
        try:
            domain.change_colleague(membership_id=pk, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error("role", error.message)
        else:
            messages.success(request, _("The changes are saved."))
            return _after(slug, member, signed_in(request).pk)
    context = {"form": form, "member": member}
    template = "conference/desk/colleague_form.html"
    conference = member.conference
    return render_desk(request, template, conference, context, current="colleagues", status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A page with a button, since a colleague loses their access at once."""
    member = colleague_for(request, slug, pk, Capability.MANAGE)
    if request.method == "POST":
        done = _("%(name)s is no longer a colleague in this conference.") % {"name": member.user}
        attempt(request, lambda: domain.remove_colleague(membership_id=pk, actor=signed_in(request)), done)
        return _after(slug, member, signed_in(request).pk)
    template = "conference/desk/colleague_remove.html"
    return render_desk(request, template, member.conference, {"member": member}, current="colleagues")


def _after(slug: str, member: Membership, me: int) -> HttpResponse:
    """Back to the list; home for those who have just left."""
    gone = member.user_id == me and not Membership.objects.filter(pk=member.pk).exists()
    return redirect("desk:home") if gone else redirect("desk:colleagues", slug)


@login_required
@require_POST
def remind(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    member = colleague_for(request, slug, pk, Capability.MANAGE)
    done = _("A new link to choose a password goes to %(name)s.") % {"name": member.user}
    attempt(request, lambda: domain.send_link_again(membership_id=pk, actor=signed_in(request)), done)
    return redirect("desk:colleagues", slug)
