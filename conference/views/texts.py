"""The words of messages: what each kind says, an organiser's own version of it, how it reads, and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
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
from conference.mail.domain.texts import Overtaken, Problem, latest, problems, text_of
from conference.mail.enums import Kind
from conference.mail.models import Message, TextVersion
from conference.models import Conference, Membership
from conference.models.conference import LANGUAGE_CHOICES
from conference.samples import Sample, people, sample
from conference.sendings import sendings_of
from conference.views.acts import attempt
from conference.words import moment

LANGUAGES = dict(LANGUAGE_CHOICES)
DRAFT_KEPT = 900  # seconds during which the frame of a preview finds the words that were not saved
# A letter is shown as a stranger's: no script, no form, nothing from elsewhere.
LETTER_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups"],
}


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
class Preview:
    """How words read, and what keeps them from being saved."""

    sample: Sample
    problems: list[Problem]
    url: str  # where the letter stands by itself


@dataclass(frozen=True)
class Meeting:
    """Somebody saved meanwhile: who, when, and what differs from theirs to yours."""

    by: str
    when: str
    subject: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)


def _kind(kind: str, language: str) -> Kind:
    if kind not in EDITABLE or language not in LANGUAGES:
        raise Http404
    return Kind(kind)


def _may(request: HttpRequest, capability: Capability) -> bool:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership.may(capability)


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
        "sendings": sendings_of(conference) if _may(request, Capability.VIEW_PEOPLE) else [],
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
    of = _kind(kind, language)
    capability = Capability.MANAGE if request.method == "POST" else Capability.VIEW
    conference = conference_for(request, slug, capability)
    if request.method == "POST":
        return _posted(request, conference, of, language)
    current = latest(conference.pk, of, language)
    words = text_of(current, of, language)
    form = _form(request, conference, of, language, initial=_initial(words, current))
    chosen = _person(request, conference, of, request.GET.get("person", ""))
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
    known_people = people(conference, kind) if _may(request, Capability.VIEW_PEOPLE) else []
    return TextForm(data, kind=kind, language=language, people=known_people, initial=initial)


def _person(request: HttpRequest, conference: Conference, kind: Kind, key: str) -> Message | None:
    """The message whose recipient the text is shown for; nobody where the member may not see people."""
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    if not _may(request, Capability.VIEW_PEOPLE):
        return None
    return Message.objects.select_related("conference").filter(conference=conference, kind=kind, uuid=uuid).first()


def _preview(request: HttpRequest, form: TextForm, person: Message | None, *, saved: bool = False) -> Preview:
    words = form.text
    conference = request.membership.conference  # type: ignore[attr-defined]
    return preview_of(request, conference, form.kind, form.language, words, person=person, saved=saved)


def preview_of(
    request: HttpRequest,
    conference: Conference,
    kind: Kind,
    language: str,
    words: Text,
    *,
    person: Message | None = None,
    saved: bool = False,
) -> Preview:
    """Words that are not saved wait in the cache for the frame that shows them: no names, and not for long."""
    query = {"person": str(person.uuid)} if person else {}
    if not saved:
        key = uuid4().hex
        cache.set(_draft_key(request, key), {"subject": words.subject, "body": words.body}, DRAFT_KEPT)
        query["draft"] = key
    url = reverse("mail:text_letter", args=[conference.slug, kind, language], query=query)
    shown = sample(conference, kind, language, words, message=person)
    return Preview(shown, problems(kind, language, words), url)


def _draft_key(request: HttpRequest, key: str) -> str:
    return f"text-draft:{signed_in(request).pk}:{key}"


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
        ] if _may(request, Capability.VIEW_PEOPLE) else [],
    }  # fmt: skip
    return render_desk(request, "mail/desk/text.html", conference, context, current="texts", status=status)


def _posted(request: HttpRequest, conference: Conference, kind: Kind, language: str) -> HttpResponse:
    form = _form(request, conference, kind, language, data=request.POST)
    person = _person(request, conference, kind, request.POST.get("person", ""))
    act = request.POST.get("act", "preview")
    if act == "save" and form.is_valid():
        return _saved(request, conference, form, person)
    current = latest(conference.pk, kind, language)
    if act == "test":
        _send_test(request, conference, form)
    else:
        form.is_valid()
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
    form.is_valid()
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
        compare(before.subject, mine.subject),
        compare(before.body, mine.body),
    )
    again = request.POST.copy()
    again["base"] = str(theirs.number if theirs else 0)
    kept = _form(request, conference, form.kind, form.language, data=again)
    preview = _preview(request, kept, person)
    return _page(request, conference, kept, theirs, preview, status=409, meeting=meeting)


@login_required
@never_cache
@require_safe
@csp_override(LETTER_CSP)  # type: ignore[arg-type]
@xframe_options_sameorigin
def letter(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """The HTML of a letter by itself, for the frame of the preview: words being written, a version, or those in force."""
    of = Kind.FREE if kind == Kind.FREE and "draft" in request.GET else _kind(kind, language)
    conference = conference_for(request, slug, Capability.VIEW)
    person = _person(request, conference, of, request.GET.get("person", ""))
    shown = sample(conference, of, language, _words(request, conference, of, language), message=person)
    if shown.rendered is None:
        return HttpResponse(shown.note, content_type="text/plain; charset=utf-8")
    return HttpResponse(SafeString(shown.rendered.html))


def _words(request: HttpRequest, conference: Conference, kind: Kind, language: str) -> Text:
    if language not in LANGUAGES:
        raise Http404
    if "draft" in request.GET:
        draft = cache.get(_draft_key(request, request.GET["draft"][:40]))
        if draft is None:
            raise Http404
        return Text(draft["subject"], draft["body"])
    number = request.GET.get("version", "")
    if number.isdecimal():
        return text_of(
            text_version_for(request, conference.slug, kind, language, int(number), Capability.VIEW), kind, language
        )
    return text_of(latest(conference.pk, kind, language), kind, language)


# -- Versions ----------------------------------------------------------------------------------------------------------
@login_required
@require_safe
def version(request: HttpRequest, slug: str, kind: str, language: str, number: int) -> HttpResponse:
    of = _kind(kind, language)
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
    return int(typed) if typed.isdecimal() else 0


def _put_back(request: HttpRequest, slug: str, kind: Kind, language: str, act: Any, done: str) -> HttpResponse:
    try:
        attempt(request, act, done)
    except Overtaken:
        flash.error(request, _("Somebody saved another version meanwhile. Look at it first."))
    return redirect("mail:text", slug, kind, language)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, kind: str, language: str, number: int) -> HttpResponse:
    of = _kind(kind, language)
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
    of = _kind(kind, language)
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
