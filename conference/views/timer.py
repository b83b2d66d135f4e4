"""The speaker's timer: a page for the screen in the room. It needs no network once it is open."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference.access import conference_for
from conference.enums import Capability, ItemKind
from conference.models import Conference, Item
from conference.programme import speakers_of
from conference.words import hour, plain_day


@dataclass(frozen=True)
class Turn:
    title: str
    kind: str
    who: str
    begins: str
    minutes: int

    @property
    def seconds(self) -> int:
        return self.minutes * 60


@login_required
@require_safe
def timer(request: HttpRequest, slug: str) -> HttpResponse:
    """The items of one day (``?day=2027-03-13``): today's, or of the next day that has any."""
    conference = conference_for(request, slug, Capability.FACILITATE)
    items = list(
        Item.objects.held()
        .filter(session__conference=conference)
        .select_related("lead__user")
        .order_by("starts_at", "id")
    )
    days = sorted({conference.local(item.starts_at).date() for item in items})
    shown = _day(days, request.GET.get("day", ""), conference.local(timezone.now()).date())
    context = {
        "conference": conference,
        "day": plain_day(shown) if shown else "",
        "others": [(each.isoformat(), plain_day(each)) for each in days if each != shown],
        "turns": _turns(conference, [item for item in items if conference.local(item.starts_at).date() == shown]),
    }
    return render(request, "conference/publication/timer.html", context)


def _day(days: list[date], wanted: str, today: date) -> date | None:
    """The day that was asked for, else today or the next one, else the last one."""
    by_text = {each.isoformat(): each for each in days}
    if wanted in by_text:
        return by_text[wanted]
    return next((each for each in days if each >= today), days[-1] if days else None)


def _turns(conference: Conference, items: list[Item]) -> list[Turn]:
    speakers = speakers_of(conference)
    return [
        Turn(
            title=item.title,
            kind=str(ItemKind(item.kind).label),
            who=", ".join(speaker.name for speaker in speakers.get(item.pk, []))
            or (str(item.lead.user) if item.lead else ""),
            begins=hour(conference, item.starts_at),
            minutes=item.minutes,
        )
        for item in items
    ]
