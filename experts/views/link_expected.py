"""What is expected of an expert: the briefings that concern them, and the tick that they have read one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from experts.domain import briefings as writing
from experts.enums import CONCERNED, ExpertState
from experts.markdown import to_html
from experts.models import Briefing, BriefingRead, Expert
from experts.views.link_frame import for_expert, no_link, render_link
from experts.words import citizens_sentence


def briefing_items(expert: Expert) -> list[dict[str, Any]]:
    """What they are to read: the newest version of each, its documents, and the last version ticked as read."""
    found = list(Briefing.objects.for_expert(expert).with_versions().prefetch_related("documents"))
    ticked = dict(
        BriefingRead.objects.filter(expert=expert, version__briefing__in=found)
        .order_by("version__number")
        .values_list("version__briefing_id", "version__number")
    )
    result = []
    for item in found:
        version = item.published[0]  # type: ignore[attr-defined]
        result.append(
            {
                "briefing": item,
                "version": version,
                "html": to_html(version.text),
                "documents": item.documents.all(),
                "read": ticked.get(item.pk),
                "is_read": ticked.get(item.pk) == version.number,
            }
        )
    return result


@require_safe
@for_expert
def expected(request: HttpRequest, expert: Expert) -> HttpResponse:
    if expert.state not in CONCERNED:
        return no_link(request, expert.conference)
    citizens = citizens_sentence(expert.conference, translation.get_language() or "fr")
    context = {"briefings": briefing_items(expert), "citizens": citizens}
    return render_link(request, "experts/link/expected.html", expert, context, current="expected")


@require_POST
@for_expert
def mark_read(request: HttpRequest, expert: Expert, pk: int, number: int) -> HttpResponse:
    found = Briefing.objects.for_expert(expert).filter(pk=pk).first()
    version = found.versions.filter(number=number).exclude(published_at=None).first() if found else None
    if version is None:
        return no_link(request)
    writing.mark_read(expert=expert, version=version)
    messages.success(request, _("Thank you: it is noted that you have read version %(number)s.") % {"number": number})
    # Before the answer the text stands on the first page, below the two buttons.
    return redirect("experts:expected" if expert.state == ExpertState.ACCEPTED else "experts:briefing")
