"""The information file in the cockpit: chapters and sheets with their state, the glossary, the door to the public."""

from typing import Any

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
from experts.domain import information
from experts.forms.information import ChapterForm, GlossaryForm
from experts.glossary import in_order
from experts.information_access import chapter_for, entry_for
from experts.models import GlossaryEntry, InformationFile
from experts.sheet_pages import desk_file


def page(
    request: HttpRequest, template: str, conference: Conference, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    may = {
        "may_sign": membership.may(Capability.COMMITTEE),
        "may_tick": membership.may(Capability.MANAGE) or membership.may(Capability.FACILITATE),
    }
    with timezone.override(conference.zone):
        return render_desk(
            request,
            f"experts/information/{template}",
            conference,
            {**may, **context},
            current="information",
            status=status,
        )


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@login_required
@require_safe
def file(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    found = desk_file(conference)
    opened = InformationFile.objects.filter(conference=conference).first()
    context = {
        "file": found,
        "chapters": [part.chapter for part in found.parts if part.chapter],
        "opened_at": opened.published_at if opened else None,
        "words": GlossaryEntry.objects.filter(conference=conference).count(),
    }
    return page(request, "file.html", conference, context)


@login_required
@require_POST
def open_file(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    actor = signed_in(request)
    if request.POST.get("act") == "close":
        attempt(
            request,
            lambda: information.close_to_everybody(conference=conference, actor=actor),
            _("The public no longer sees the file. The panel keeps it."),
        )
    else:
        attempt(
            request,
            lambda: information.open_to_everybody(conference=conference, actor=actor),
            _("The file is open to everybody, on the public page."),
        )
    return redirect("information:file", slug)


# -- Chapters ----------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_chapter(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    form = ChapterForm(posted(request))
    if form.is_bound and form.is_valid():
        title = form.cleaned_data["title"]
        information.save_chapter(conference=conference, actor=signed_in(request), title=title)
        return redirect("information:file", slug)
    return page(request, "chapter_form.html", conference, {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_chapter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chapter = chapter_for(request, slug, pk, Capability.MANAGE)
    form = ChapterForm(posted(request), initial={"title": chapter.title})
    if form.is_bound and form.is_valid():
        information.save_chapter(
            conference=chapter.conference,
            actor=signed_in(request),
            title=form.cleaned_data["title"],
            chapter_id=chapter.pk,
        )
        return redirect("information:file", slug)
    context = {"form": form, "chapter": chapter}
    return page(request, "chapter_form.html", chapter.conference, context, status=status_of(form))


@login_required
@require_POST
def move_chapter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chapter = chapter_for(request, slug, pk, Capability.MANAGE)
    up = request.POST.get("to") == "up"
    attempt(
        request,
        lambda: information.move_chapter(chapter=chapter, actor=signed_in(request), up=up),
        _("“%(title)s” is moved.") % {"title": chapter.title},
    )
    return redirect("information:file", slug)


@login_required
@require_POST
def remove_chapter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    chapter = chapter_for(request, slug, pk, Capability.MANAGE)
    done = _("The chapter is removed. Its sheets stay, without a chapter.")
    attempt(request, lambda: information.remove_chapter(chapter=chapter, actor=signed_in(request)), done)
    return redirect("information:file", slug)


# -- Glossary ----------------------------------------------------------------------------------------------------------
@login_required
@require_safe
def glossary(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    entries = in_order(GlossaryEntry.objects.filter(conference=conference))
    return page(request, "glossary.html", conference, {"entries": entries})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_entry(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    initial = {"term": request.GET.get("term", "")[:80], "language": conference.language}
    form = GlossaryForm(posted(request), conference=conference, initial=initial)
    if form.is_bound and form.is_valid() and _save_entry(request, form):
        return redirect("information:entry_add" if "another" in request.POST else "information:glossary", slug)
    return page(request, "glossary_form.html", conference, {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    entry = entry_for(request, slug, pk, Capability.MANAGE)
    form = GlossaryForm(posted(request), instance=entry, conference=entry.conference)
    if form.is_bound and form.is_valid() and _save_entry(request, form):
        return redirect("information:glossary", slug)
    context = {"form": form, "entry": entry}
    return page(request, "glossary_form.html", entry.conference, context, status=status_of(form))


def _save_entry(request: HttpRequest, form: GlossaryForm) -> bool:
    try:
        information.save_entry(entry=form.instance, actor=signed_in(request))
    except DomainError as error:
        form.add_error("term", error.message)
        return False
    return True


@login_required
@require_POST
def remove_entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    entry = entry_for(request, slug, pk, Capability.MANAGE)
    done = _("“%(term)s” is removed from the glossary.") % {"term": entry.term}
    attempt(request, lambda: information.remove_entry(entry=entry, actor=signed_in(request)), done)
    return redirect("information:glossary", slug)
