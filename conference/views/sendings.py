"""What goes to many when an organiser says so: shown with its number of recipients, then sent."""

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain import free_messages as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.mail.domain.texts import text_in_force
from conference.mail.enums import Kind
from conference.sendings import sending_of
from conference.views.text_previews import first_of_many, preview_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sending(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    found = sending_of(conference, Kind(kind)) if kind in Kind.values else None
    if found is None:
        raise Http404
    if request.method == "POST":
        expected = request.POST.get("expected", "")
        try:
            count = domain.send_to_many(
                conference=conference,
                actor=signed_in(request),
                kind=found.kind,
                expected=int(expected) if expected.isdecimal() else -1,
            )
        except DomainError as error:
            flash.error(request, error.message)
            return redirect("mail:sending", slug, found.kind)
        said = ngettext("The message goes out to %(count)s person.", "The message goes out to %(count)s people.", count)
        flash.success(request, said % {"count": count})
        return redirect("mail:texts", slug)
    first = first_of_many(conference, found.kind)
    language = first.language if first else conference.language
    text = text_in_force(conference.pk, found.kind, language)
    context = {
        "sending": found,
        "kind": found.kind,
        "language": language,
        "names": [to.recipient for to in found.addressees[:200]],
        "more": max(0, found.count - 200),
        "preview": preview_of(request, conference, found.kind, language, text, person=first, saved=True),
    }
    return render_desk(request, "mail/desk/sending.html", conference, context, current="texts")
