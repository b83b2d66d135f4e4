"""The words of messages: what each kind says, an organiser's own version of it, how it reads, and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in, text_version_for
from conference.desk import render_desk
from conference.differences import Paragraph, compare
from conference.domain import texts as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.forms.texts import TextForm
from conference.mail.domain.kinds import Text
from conference.mail.domain.places import EDITABLE, PLACES, known, needed
from conference.mail.domain.render import BUTTON
from conference.mail.domain.texts import Overtaken, latest, problems, text_of
from conference.mail.enums import Kind
from conference.mail.models import Message, TextVersion
from conference.models import Conference
from conference.models.conference import LANGUAGE_CHOICES
from conference.samples import people
from conference.sendings import sendings_of
from conference.views.acts import attempt
from conference.views.text_previews import LANGUAGES, Preview, kind_of, may, person_of, preview_of
from conference.words import moment


@dataclass(frozen=True)
class Line:
    """A kind in the list, with its state in each language."""

    kind: Kind
    versions: list[tuple[str, str, TextVersion | None]]  # language, when, the version in force


@dataclass(frozen=True)
class PlaceRow:
    name: str
    meaning: str
    needed: bool


@dataclass(frozen=True)
class Meeting:
    """Somebody saved meanwhile: who, when, and what differs from theirs to yours."""

    by: str
    when: str
    subject: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)


# -- The list ----------------------------------------------------------------------------------------------------------
@login_required
@require_safe
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    newest = TextVersion.objects.filter(conference=conference).select_related("written_by")
    in_force = {
        (version.kind, version.language): version
        for version in newest.order_by("kind", "language", "-number").distinct("kind", "language")
    }
    lines = [
        Line(kind, [_cell(conference, in_force.get((kind, code)), code) for code in LANGUAGES]) for kind in EDITABLE
    ]
    context = {
        "lines": lines,
        "languages": list(LANGUAGES.values()),
        "edited": sum(not version.is_default for version in in_force.values()),
        "sendings": sendings_of(conference) if may(request, Capability.VIEW_PEOPLE) else [],
    }
    return render_desk(request, "mail/desk/texts.html", conference, context, current="texts")


def _cell(conference: Conference, version: TextVersion | None, language: str) -> tuple[str, str, TextVersion | None]:
    edited = version if version and not version.is_default else None
    return language, moment(conference, edited.created_at) if edited else "", edited


# -- One text ----------------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """Read by all, written by those who run the conference. A POST saves, previews, or sends a test; a preview saves nothing."""
    of = kind_of(kind, language)
    capability = Capability.MANAGE if request.method == "POST" else Capability.VIEW
    conference = conference_for(request, slug, capability)
    if request.method == "POST":
        return _posted(request, conference, of, language)
    current = latest(conference.pk, of, language)
    words = text_of(current, of, language)
    form = _form(request, conference, of, language, initial=_initial(words, current))
    chosen = person_of(request, conference, of, request.GET.get("person", ""))
    return _page(request, conference, form, current, _preview(request, form, chosen, saved=True))


def _initial(words: Text, current: TextVersion | None) -> dict[str, Any]:
    return {"subject": words.subject, "body": words.body, "base": current.number if current else 0}


def _form(
    request: HttpRequest,
    conference: Conference,
    kind: Kind,
    language: str,
    *,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> TextForm:
    known_people = people(conference, kind) if may(request, Capability.VIEW_PEOPLE) else []
    return TextForm(data, kind=kind, language=language, people=known_people, initial=initial)


def _preview(request: HttpRequest, form: TextForm, person: Message | None, *, saved: bool = False) -> Preview:
    words = form.text
    conference = request.membership.conference  # type: ignore[attr-defined]
    return preview_of(request, conference, form.kind, form.language, words, person=person, saved=saved)


def _page(
    request: HttpRequest,
    conference: Conference,
    form: TextForm,
    current: TextVersion | None,
    preview: Preview,
    *,
    status: int = 200,
    meeting: Meeting | None = None,
) -> HttpResponse:
    history = list(
        TextVersion.objects.filter(conference=conference, kind=form.kind, language=form.language).select_related(
            "written_by"
        )
    )
    names = sorted(known(form.kind), key=lambda name: name != BUTTON)
    context = {
        "form": form,
        "kind": form.kind,
        "language": form.language,
        "languages": LANGUAGE_CHOICES,
        "current": current if current and not current.is_default else None,
        "number": current.number if current else 0,
        "when": moment(conference, current.created_at) if current else "",
        "places": [PlaceRow(name, str(PLACES[name].meaning), name in needed(form.kind)) for name in names],
        "history": [(version, moment(conference, version.created_at)) for version in history],
        "preview": preview,
        "meeting": meeting,
        "sendings": [
            sending for sending in sendings_of(conference) if sending.kind == form.kind
        ] if may(request, Capability.VIEW_PEOPLE) else [],
    }  # fmt: skip
    return render_desk(request, "mail/desk/text.html", conference, context, current="texts", status=status)


def _posted(request: HttpRequest, conference: Conference, kind: Kind, language: str) -> HttpResponse:
    form = _form(request, conference, kind, language, data=request.POST)
    person = person_of(request, conference, kind, request.POST.get("person", ""))
    act = request.POST.get("act", "preview")
    if act == "save" and form.is_valid():
        return _saved(request, conference, form, person)
    current = latest(conference.pk, kind, language)
    form.is_valid()
    if act == "test":
        _send_test(request, conference, form)
        renewed = request.POST.copy()  # a reload sends nothing more, another press does
        renewed["once"] = str(uuid4())
        form = _form(request, conference, kind, language, data=renewed)
    if request.headers.get("X-Fragment"):
        context = {
            "conference": conference,
            "kind": kind,
            "language": language,
            "preview": _preview(request, form, person),
        }
        return render(request, "mail/desk/_text_preview.html", context)
    status = 422 if act == "save" else 200
    return _page(request, conference, form, current, _preview(request, form, person), status=status)


def _send_test(request: HttpRequest, conference: Conference, form: TextForm) -> None:
    user = signed_in(request)
    once = form.cleaned_data.get("once") or uuid4()
    attempt(
        request,
        lambda: domain.send_test(
            conference=conference, actor=user, kind=form.kind, language=form.language, text=form.text, once=once
        ),
        _("A test is on its way to %(address)s.") % {"address": user.email},
    )


def _saved(request: HttpRequest, conference: Conference, form: TextForm, person: Message | None) -> HttpResponse:
    try:
        version = domain.save(
            conference=conference,
            actor=signed_in(request),
            kind=form.kind,
            language=form.language,
            base=form.cleaned_data.get("base") or 0,
            text=form.text,
        )
    except Overtaken as overtaken:
        return _overtaken(request, conference, form, overtaken.current, person)
    except DomainError as error:
        form.add_error(None, error.message)
        current = latest(conference.pk, form.kind, form.language)
        return _page(request, conference, form, current, _preview(request, form, person), status=422)
    if version is None:
        flash.info(request, _("These words are in force already."))
    else:
        flash.success(request, _("The text is saved. What is still to go out says it in these words."))
    return redirect("mail:text", conference.slug, form.kind, form.language)


def _overtaken(
    request: HttpRequest, conference: Conference, form: TextForm, theirs: TextVersion | None, person: Message | None
) -> HttpResponse:
    """Both are kept: theirs is in force, yours stands in the form, and a second press puts it on top."""
    before = text_of(theirs, form.kind, form.language)
    mine = form.text
    meeting = Meeting(
        str(theirs.written_by) if theirs else "",
        moment(conference, theirs.created_at) if theirs else "",
        [piece for piece in compare(before.subject, mine.subject) if piece.kind != "same"],
        [piece for piece in compare(before.body, mine.body) if piece.kind != "same"],
    )
    again = request.POST.copy()
    again["base"] = str(theirs.number if theirs else 0)
    kept = _form(request, conference, form.kind, form.language, data=again)
    preview = _preview(request, kept, person)
    return _page(request, conference, kept, theirs, preview, status=409, meeting=meeting)


# -- Versions ----------------------------------------------------------------------------------------------------------
@login_required
@require_safe
def version(request: HttpRequest, slug: str, kind: str, language: str, number: int) -> HttpResponse:
    of = kind_of(kind, language)
    shown = text_version_for(request, slug, of, language, number, Capability.VIEW)
    conference = request.membership.conference  # type: ignore[attr-defined]
    before = TextVersion.objects.filter(conference=conference, kind=of, language=language, number=number - 1).first()
    old, new = text_of(before, of, language), text_of(shown, of, language)
    current = latest(conference.pk, of, language)
    context = {
        "version": shown,
        "before": before,
        "when": moment(conference, shown.created_at),
        "kind": of,
        "language": language,
        "language_name": LANGUAGES[language],
        "text": new,
        "changed_subject": compare(old.subject, new.subject) if old.subject != new.subject else [],
        "changed_body": compare(old.body, new.body) if old.body != new.body else [],
        "current": current,
        "wrong": problems(of, language, new),
    }
    return render_desk(request, "mail/desk/text_version.html", conference, context, current="texts")


def _base(request: HttpRequest) -> int:
    typed = request.POST.get("base", "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0


def _put_back(request: HttpRequest, slug: str, kind: Kind, language: str, act: Any, done: str) -> HttpResponse:
    try:
        attempt(request, act, done)
    except Overtaken:
        flash.error(request, _("Somebody saved another version meanwhile. Look at it first."))
    return redirect("mail:text", slug, kind, language)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, kind: str, language: str, number: int) -> HttpResponse:
    of = kind_of(kind, language)
    earlier = text_version_for(request, slug, of, language, number, Capability.MANAGE)
    conference, actor, base = earlier.conference, signed_in(request), _base(request)
    done = _("Version %(number)s is in force again.") % {"number": number}
    return _put_back(
        request,
        slug,
        of,
        language,
        lambda: domain.restore(conference=conference, actor=actor, version=earlier, base=base),
        done,
    )


@login_required
@require_POST
def default(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    of = kind_of(kind, language)
    conference = conference_for(request, slug, Capability.MANAGE)
    actor, base = signed_in(request), _base(request)
    return _put_back(
        request,
        slug,
        of,
        language,
        lambda: domain.back_to_default(conference=conference, actor=actor, kind=of, language=language, base=base),
        _("The program’s own words are in force again. The earlier versions stay below."),
    )
