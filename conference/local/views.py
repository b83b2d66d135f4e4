"""``/dev/mail/``: the pages on which caught mail is read. They exist in the embedded default only."""

import re
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from conference.local import mailbox

PER_PAGE = 50
# The HTML of a letter is shown as a stranger's: no script, no form, nothing from elsewhere; links open beside it.
LETTER_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def _folder() -> Path:
    return Path(settings.HOME) / "mail"


def _letter(name: str) -> mailbox.Letter:
    found = mailbox.letter(_folder(), name)
    if found is None:
        raise Http404
    return found


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    recipient = request.GET.get("to", "")
    page = Paginator(mailbox.lines(_folder(), recipient), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "local/letters.html", {"page": page, "recipient": recipient})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "local/letter.html", {"letter": _letter(name)})


@require_safe
@csp_override(LETTER_CSP)
@xframe_options_sameorigin
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself, in a sandbox. Its links open in a tab of their own, not inside the frame."""
    html = _letter(name).html
    base = '<base target="_blank">'
    head = HEAD.search(html)
    content = html[: head.end()] + base + html[head.end() :] if head else base + html
    return HttpResponse(SafeString(content))


@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Always a download: an attachment is never shown under our own address."""
    found = _letter(name).attachments
    if number >= len(found):
        raise Http404
    response = HttpResponse(found[number].content, content_type=found[number].content_type)
    response["Content-Disposition"] = content_disposition_header(True, found[number].name) or "attachment"
    return response


@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    content = mailbox.raw(_folder(), name)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
