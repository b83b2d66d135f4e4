"""Leaving optional messages: one click in a mail program (RFC 8058), or a button on a page. Nothing else can be done here."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from conference.mail.domain.unsubscribe import has_opted_out, message_behind, opt_in, opt_out
from conference.mail.enums import Cause

ONE_CLICK = "One-Click"


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "mail/unsubscribe_dead.html", status=404)


@csrf_exempt  # a mail program has no cookie of ours; the signed link says for whom, and this is all it can do
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows how things stand. POST leaves, and must say so: a mail program by its one word, the page by its button."""
    message = message_behind(token)
    if message is None:
        return _dead_link(request)
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") == ONE_CLICK:
            opt_out(message, cause=Cause.LINK)
            return HttpResponse(content_type="text/plain")
        if request.POST.get("leave") != "yes":
            return HttpResponseBadRequest()
        opt_out(message, cause=Cause.LINK)
        return redirect("unsubscribe", token)
    context = {"conference": message.conference, "token": token, "has_left": has_opted_out(message)}
    return render(request, "mail/unsubscribe.html", context)


@never_cache
@sensitive_variables("token")
@require_POST
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """From the same page, with its form: coming back is a choice of the person alone."""
    message = message_behind(token)
    if message is None:
        return _dead_link(request)
    opt_in(message)
    return redirect("unsubscribe", token)
