"""The organiser's pages on briefings: write, preview, publish as a version, see who has read it and what changed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.differences import compare
from conference.enums import Capability
from conference.forms.plain import write_plainly
from conference.views.acts import attempt, status_of
from experts.access import briefing_for, version_for
from experts.domain import briefings as writing
from experts.forms import BriefingForm, DraftForm, PublishForm
from experts.markdown import to_html
from experts.models import Briefing, BriefingRead, BriefingVersion
from experts.scaffold import scaffold
from experts.views.desk_experts import page


@login_required
def add_briefing(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    initial = {"expert": request.GET.get("expert", "")}
    form = BriefingForm(request.POST or None, conference=conference, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        added = writing.create_briefing(
            conference=conference, actor=signed_in(request), title=data["title"], expert=data["expert"]
        )
        return redirect("experts_desk:briefing_edit", slug, added.pk)
    return page(request, "briefing_form.html", conference, {"form": form}, status=status_of(form))


@login_required
@require_safe
def briefing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = briefing_for(request, slug, pk, Capability.VIEW)
    versions = list(BriefingVersion.objects.published().filter(briefing=found).select_related("written_by"))
    draft = BriefingVersion.objects.filter(briefing=found, published_at=None).first()
    readers = _readers(found, versions)
    context: dict[str, Any] = {
        "late": sum(1 for _expert, number in readers if versions and number != versions[0].number),
        "briefing": found,
        "versions": versions,
        "draft": draft,
        "documents": list(found.documents.all()),
        "readers": readers,
    }
    if versions:
        context["current"], context["html"] = versions[0], to_html(versions[0].text)
    return page(request, "briefing.html", found.conference, context)


@login_required
@require_POST
def remind(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    briefing_for(request, slug, pk, Capability.MANAGE)
    done = _("Those who have not read the newest version receive a reminder.")
    attempt(request, lambda: writing.remind_now(briefing_id=pk, actor=signed_in(request)), done)
    return redirect("experts_desk:briefing", slug, pk)


def _readers(found: Briefing, versions: list[BriefingVersion]) -> list[tuple[Any, int | None]]:
    """Each expert concerned, with the newest version that they say they have read."""
    newest: dict[int, int] = {}
    for expert_id, number in BriefingRead.objects.filter(version__in=versions).values_list(
        "expert_id", "version__number"
    ):
        newest[expert_id] = max(number or 0, newest.get(expert_id, 0))
    return [(expert, newest.get(expert.pk)) for expert in writing.concerned_by(found)]


@login_required
def edit_briefing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Two buttons: Preview shows the text and keeps what was typed without saving; Save keeps it as the draft."""
    found = briefing_for(request, slug, pk, Capability.MANAGE)
    text = _text_at_hand(found)
    initial = {"title": found.title, "text": text, "documents": list(found.documents.all())}
    form = DraftForm(request.POST or None, conference=found.conference, initial=initial)
    language = found.expert.language if found.expert else found.conference.language
    write_plainly(form, "text", url=reverse("plain:desk", args=[slug]), language=language)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            return _save(request, slug, found, form)
        preview = to_html(form.cleaned_data["text"])
    context = {"briefing": found, "form": form, "preview": preview}
    return page(request, "briefing_edit.html", found.conference, context, status=status_of(form))


def _text_at_hand(found: Briefing) -> str:
    draft = BriefingVersion.objects.filter(briefing=found, published_at=None).first()
    latest = draft or BriefingVersion.objects.published().filter(briefing=found).first()
    return latest.text if latest else scaffold(found)


def _save(request: HttpRequest, slug: str, found: Briefing, form: DraftForm) -> HttpResponse:
    data = form.cleaned_data
    draft = writing.save_draft(
        briefing_id=found.pk,
        actor=signed_in(request),
        title=data["title"],
        text=data["text"],
        documents=list(data["documents"]),
    )
    if draft:
        messages.success(request, _("The draft is saved. Nobody has been told yet."))
        if "publish" in request.POST:
            return redirect("experts_desk:briefing_publish", slug, found.pk)
    else:
        messages.success(request, _("Saved. The text is the same as the published version."))
    return redirect("experts_desk:briefing", slug, found.pk)


@login_required
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = briefing_for(request, slug, pk, Capability.MANAGE)
    draft = get_object_or_404(BriefingVersion, briefing=found, published_at=None)
    latest = BriefingVersion.objects.published().filter(briefing=found).first()
    form = PublishForm(request.POST or None, is_first=latest is None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["change_note"]

        def act() -> None:
            writing.publish(briefing_id=pk, actor=signed_in(request), change_note=note)

        attempt(request, act, _("Published. Those whom it concerns receive a message."))
        return redirect("experts_desk:briefing", slug, pk)
    context = {
        "briefing": found,
        "draft": draft,
        "number": (latest.number or 0) + 1 if latest else 1,
        "html": to_html(draft.text),
        "form": form,
        "told": writing.concerned_by(found),
        "changes": compare(latest.text, draft.text) if latest else None,
    }
    return page(request, "briefing_publish.html", found.conference, context, status=status_of(form))


@login_required
@require_safe
def version(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """A version as it was published, and what it changed."""
    found = briefing_for(request, slug, pk, Capability.VIEW)
    shown = version_for(found, number)
    before = BriefingVersion.objects.published().filter(briefing=found, number__lt=number).first()
    context = {
        "briefing": found,
        "version": shown,
        "html": to_html(shown.text),
        "before": before,
        "changes": compare(before.text, shown.text) if before else None,
    }
    return page(request, "briefing_version.html", found.conference, context)
