"""The citizens' wishes in the cockpit: noted by those who facilitate, answered by the organiser."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Membership
from conference.views.acts import attempt, status_of
from experts.board_access import wish_for
from experts.domain import wishes as domain
from experts.enums import CONCERNED, ProposedBy, WishAnswer
from experts.forms.board import WishAnswerForm, WishForm
from experts.models import Expert, Wish


def page(
    request: HttpRequest, template: str, conference: Conference, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    with timezone.override(conference.zone):
        return render_desk(request, f"experts/board/{template}", conference, context, current="wishes", status=status)


@login_required
@require_safe
def wishes(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = list(Wish.objects.filter(conference=conference).select_related("expert", "question"))
    proposed = list(
        Expert.objects.filter(conference=conference, state__in=CONCERNED).values_list("proposed_by", flat=True)
    )
    membership: Membership = request.membership  # type: ignore[attr-defined]
    context: dict[str, object] = {
        "open": [wish for wish in found if wish.is_open],
        "answered": [wish for wish in found if not wish.is_open],
        "may_note": membership.may(Capability.FACILITATE),
        "experts_count": len(proposed),
        "by_citizens": proposed.count(ProposedBy.CITIZENS),
    }
    return page(request, "wishes.html", conference, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_wish(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.FACILITATE)
    form = WishForm(request.POST if request.method == "POST" else None, conference=conference)
    if form.is_bound and form.is_valid():
        domain.add_wish(conference=conference, actor=signed_in(request), fields=form.cleaned_data)
        messages.success(request, _("The wish is noted. The organiser owes an answer."))
        return redirect("board:wish_add" if "another" in request.POST else "board:wishes", slug)
    return page(request, "wish_form.html", conference, {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_wish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    wish = wish_for(request, slug, pk, Capability.FACILITATE)
    form = WishForm(request.POST if request.method == "POST" else None, instance=wish, conference=wish.conference)
    if form.is_bound and form.is_valid():

        def act() -> None:
            domain.change_wish(wish_id=pk, actor=signed_in(request), fields=form.cleaned_data)

        attempt(request, act, _("The changes are saved."))
        return redirect("board:wishes", slug)
    return page(request, "wish_form.html", wish.conference, {"form": form, "wish": wish}, status=status_of(form))


@login_required
@require_POST
def remove_wish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    wish = wish_for(request, slug, pk, Capability.FACILITATE)
    attempt(
        request, lambda: domain.remove_wish(wish_id=wish.pk, actor=signed_in(request)), _("The wish is taken back.")
    )
    return redirect("board:wishes", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_wish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    wish = wish_for(request, slug, pk, Capability.MANAGE)
    initial = {"answer": wish.answer, "expert": wish.expert_id, "reason": wish.reason}
    form = WishAnswerForm(
        request.POST if request.method == "POST" else None, conference=wish.conference, initial=initial
    )
    if form.is_bound and form.is_valid() and _answer(request, wish, form):
        return redirect("board:wishes", slug)
    return page(request, "wish_answer.html", wish.conference, {"form": form, "wish": wish}, status=status_of(form))


def _answer(request: HttpRequest, wish: Wish, form: WishAnswerForm) -> bool:
    data = form.cleaned_data
    try:
        domain.answer_wish(
            wish_id=wish.pk,
            actor=signed_in(request),
            answer=WishAnswer(data["answer"]),
            expert=data["expert"],
            reason=data["reason"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("The answer is noted. The public reads it."))
    return True
