"""The balance board in the cockpit: as it stands, as it was signed, and the committee's signature."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import conference_for, membership_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, Membership
from conference.views.acts import status_of
from experts.balance.scene import Scope
from experts.balance.signed import fingerprint_of, scene_from
from experts.board_access import snapshot_for
from experts.board_pages import changes_between, committee_page, desk_name, page_of, signed_page
from experts.domain.board import Board, board_of, committee_of, counted_by_default, sign
from experts.enums import Decision
from experts.forms.board import SignForm
from experts.models import BoardSignature, Expert, Wish


def page(
    request: HttpRequest, template: str, conference: Conference, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    with timezone.override(conference.zone):
        return render_desk(request, f"experts/board/{template}", conference, context, current="balance", status=status)


def scope_of(request: HttpRequest, board: Board, offered: list[Scope]) -> Scope:
    """The scope that the address asks for; anything else is the usual one."""
    asked = request.GET.get("who", "")
    if asked in offered:
        return Scope(asked)
    usual = counted_by_default(board.scene)
    return usual if usual in offered else offered[0]


@login_required
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = board_of(conference)
    name_of = desk_name(found)
    wishes = list(Wish.objects.filter(conference=conference).select_related("expert"))
    membership: Membership = request.membership  # type: ignore[attr-defined]
    committee = committee_of(conference, found.facts)
    context = {
        "board": page_of(found, scope_of(request, found, list(Scope)), name_of),
        "scopes": [(scope, len(found.scene.of(scope).voices)) for scope in Scope],
        "committee": committee_page(found, committee, name_of),
        "may_sign": membership.may(Capability.COMMITTEE),
        "my_word": committee.word_of(membership.user_id),
        "wishes": wishes,
        "open_wishes": [wish for wish in wishes if wish.is_open],
        "exceptions": list(Expert.objects.filter(conference=conference).exclude(bypassed="")),
        "nothing_to_sign": not found.facts["experts"],
    }
    return page(request, "board.html", conference, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_board(request: HttpRequest, slug: str) -> HttpResponse:
    """What is signed, and the form. The fingerprint travels with the form: one signs what one has seen."""
    member = membership_for(signed_in(request), slug, Capability.COMMITTEE)
    request.membership = member  # type: ignore[attr-defined]
    conference = member.conference
    found = board_of(conference)
    fingerprint = fingerprint_of(found.facts)
    form = SignForm(request.POST if request.method == "POST" else None, initial={"fingerprint": fingerprint})
    if form.is_bound and form.is_valid() and _sign(request, member, form):
        return redirect("board:board", slug)
    committee = committee_of(conference, found.facts)
    context = {
        "form": form,
        "board": page_of(found, Scope.APPROVED, desk_name(found)),
        "fingerprint": fingerprint,
        "my_word": committee.word_of(member.user_id),
        "nothing_to_sign": not found.facts["experts"],
    }
    return page(request, "sign.html", conference, context, status=status_of(form))


def _sign(request: HttpRequest, member: Membership, form: SignForm) -> bool:
    """Whether it was done; if not, the form says why and carries the state as it is by now."""
    data = form.cleaned_data
    try:
        sign(
            member=member,
            decision=Decision(data["decision"]),
            remark=data["remark"],
            fingerprint=data["fingerprint"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        form.data = {**form.data.dict(), "fingerprint": form.initial["fingerprint"]}  # type: ignore[attr-defined]
        return False
    signed = data["decision"] == Decision.SIGNS
    messages.success(
        request, _("You have signed the board.") if signed else _("Your refusal is noted, with its reason.")
    )
    return True


@login_required
@require_safe
def signed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A state as it was signed: its figures, who gave their word, and what has changed since."""
    snapshot = snapshot_for(request, slug, number)
    conference = snapshot.conference
    found = board_of(conference)
    context = {
        "snapshot": snapshot,
        "signed": signed_page(found, scene_from(snapshot.facts), desk_name(found)),
        "words": list(BoardSignature.objects.filter(snapshot=snapshot)),
        "is_current": snapshot.fingerprint == fingerprint_of(found.facts),
        "changes": changes_between(snapshot.facts, found, desk_name(found)),
    }
    return page(request, "signed.html", conference, context)


@login_required
@require_safe
def signed_facts(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What the fingerprint is reckoned from, to be checked with any SHA-256 program."""
    snapshot = snapshot_for(request, slug, number)
    response = JsonResponse(
        snapshot.facts, json_dumps_params={"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
    )
    name = f"{snapshot.conference.slug}-board-{snapshot.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
