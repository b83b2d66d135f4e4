"""Writing to a chosen audience: words, then how they read and to how many, then sent."""

from collections import Counter

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conference.access import conference_for, signed_in
from conference.audiences import Audience, groups_of, narrowings_of
from conference.desk import render_desk
from conference.domain import free_messages as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.forms.free_messages import LABELS, FreeForm
from conference.mail.domain.places import PLACES, known
from conference.mail.enums import Kind
from conference.models import Conference
from conference.views.acts import status_of
from conference.views.text_previews import preview_of
from conference.views.texts import PlaceRow


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing goes out before the page with the number of recipients was shown and its button pressed."""
    conference = conference_for(request, slug, Capability.MANAGE)
    form = FreeForm(
        request.POST or None,
        conference=conference,
        groups=groups_of(conference),
        narrowings=narrowings_of(conference),
    )
    act = request.POST.get("act", "")
    if request.method != "POST" or act == "change" or not form.is_valid():
        return _form_page(request, conference, form, asked=act != "change")
    found = form.audience()
    if not found.count:
        form.add_error("groups", _("Nobody in this choice can be written to."))
        return _form_page(request, conference, form)
    if act == "send":
        return _sent(request, conference, form, found)
    return _confirm(request, conference, form, found)


def _form_page(request: HttpRequest, conference: Conference, form: FreeForm, *, asked: bool = True) -> HttpResponse:
    context = {
        "form": form,
        "places": [PlaceRow(name, str(PLACES[name].meaning), needed=False) for name in known(Kind.FREE)],
        "narrowings": [form[name] for name in form.narrowings],
        "words": [(LABELS[code], form[f"subject_{code}"], form[f"body_{code}"]) for code in form.languages],
    }
    status = status_of(form) if asked else 200
    return render_desk(request, "mail/desk/free.html", conference, context, current="texts", status=status)


def _confirm(
    request: HttpRequest, conference: Conference, form: FreeForm, found: Audience, *, changed: bool = False
) -> HttpResponse:
    written = form.written
    by_language = Counter(domain.language_for(one, written, conference) for one in found.recipients)
    previews = [
        (LABELS[code], code, by_language[code], preview_of(request, conference, Kind.FREE, code, text))
        for code, text in written.items()
    ]
    context = {
        "form": form,
        "kept": [(name, value) for name in form.fields if name != "expected" for value in request.POST.getlist(name)],
        "audience": found,
        "names": found.recipients[:200],
        "more": max(0, found.count - 200),
        "previews": previews,
        "changed": changed,
    }
    return render_desk(request, "mail/desk/free_confirm.html", conference, context, current="texts")


def _sent(request: HttpRequest, conference: Conference, form: FreeForm, found: Audience) -> HttpResponse:
    if form.cleaned_data.get("expected") != found.count:
        return _confirm(request, conference, form, found, changed=True)
    try:
        message = domain.send(
            conference=conference,
            actor=signed_in(request),
            once=form.cleaned_data["once"],
            written=form.written,
            recipients=found.recipients,
            audience=form.chosen,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _form_page(request, conference, form)
    count = message.recipients
    said = ngettext("The message goes out to %(count)s person.", "The message goes out to %(count)s people.", count)
    flash.success(request, said % {"count": count})
    return redirect("mail:messages", conference.slug)
