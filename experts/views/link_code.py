"""The second key: a code by mail, typed in the browser that asked for it."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from conference.domain.errors import DomainError
from experts.access import CODE_KEY, code_in_hand, is_unlocked, unlock
from experts.domain import codes
from experts.forms import CodeForm
from experts.models import Expert
from experts.views.link_frame import for_expert, render_link

NEXT = ("experts:travel", "experts:papers")  # where a code may lead: names of ours, never an address from outside


def to_code(after: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("experts:code") + f"?next={NEXT.index(after)}")


def confidential[**P, R: HttpResponseBase](
    view: Callable[Concatenate[HttpRequest, Expert, P], R],
) -> Callable[Concatenate[HttpRequest, Expert, P], HttpResponseBase]:
    """Inside ``for_expert``: the view opens only where a code was typed in this browser within the hour."""

    def inner(request: HttpRequest, expert: Expert, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_unlocked(request, expert):
            return to_code("experts:travel")
        return view(request, expert, *args, **kwargs)

    update_wrapper(inner, view)
    return inner


def _after(request: HttpRequest) -> int:
    return 1 if request.GET.get("next") == "1" else 0


@sensitive_post_parameters("code")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
@for_expert
def code(request: HttpRequest, expert: Expert) -> HttpResponse:
    """Ask for a code, then type it. A wrong one says how many tries are left."""
    after = _after(request)
    if is_unlocked(request, expert):
        return redirect(NEXT[after])
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            codes.use_code(expert_id=expert.pk, in_hand=code_in_hand(request), digits=form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            unlock(request, expert)
            return redirect(NEXT[after])
    context = {
        "form": form,
        "after": after,
        "asked": code_in_hand(request) is not None,
        "address": _masked(expert.email),
    }
    current = NEXT[after].removeprefix("experts:")
    status = 422 if form.errors else 200
    return render_link(request, "experts/link/code.html", expert, context, current=current, status=status)


@require_POST
@for_expert
def send_code(request: HttpRequest, expert: Expert) -> HttpResponse:
    try:
        sent = codes.send_code(expert_id=expert.pk, in_hand=code_in_hand(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        request.session[CODE_KEY] = str(sent.uuid)
        messages.success(request, _("The message with the code is on its way."))
    return HttpResponseRedirect(reverse("experts:code") + f"?next={_after(request)}")


def _masked(email: str) -> str:
    """ "i•••@example.org": enough to know which mailbox, not enough for whoever looks over the shoulder."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
