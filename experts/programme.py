"""What the experts' room tells about the running order: who speaks in each item, and what does not hold."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Conference, Item, Session
from conference.programme import Conflict, Speaker, register_conflicts, register_speakers
from conference.words import moment
from experts.conflicts import Fault, Found, Gathering, Spot, find
from experts.enums import ExpertState
from experts.models import Availability, Contribution, Expert
from experts.programme_news import key_of


def speakers(conference: Conference) -> Mapping[int, list[Speaker]]:
    parts = Contribution.objects.filter(item__session__conference=conference).select_related("expert").order_by("id")
    found: dict[int, list[Speaker]] = {}
    for part in parts:
        if part.item_id is not None:
            found.setdefault(part.item_id, []).append(_speaker(conference, part.expert))
    return found


def _speaker(conference: Conference, expert: Expert) -> Speaker:
    return Speaker(
        key=key_of(expert),
        name=str(expert),
        about=expert.affiliation or expert.field,
        is_sure=expert.state == ExpertState.ACCEPTED,
        url=reverse("experts_desk:expert", args=[conference.slug, expert.pk]),
        position=expert.get_position_display(),
    )


def conflicts(conference: Conference) -> list[Conflict]:
    """In words, in five queries."""
    sessions = {
        session.pk: session
        for session in Session.objects.filter(conference=conference).held().prefetch_related("facilitators")
    }
    items = {item.pk: item for item in Item.objects.filter(session__in=sessions).select_related("room")}
    experts = {expert.pk: expert for expert in Expert.objects.filter(conference=conference)}
    who: dict[int, set[int]] = {}
    for item_id, expert_id in Contribution.objects.filter(item__in=items).values_list("item_id", "expert_id"):
        who.setdefault(item_id or 0, set()).add(expert_id)
    stretches: dict[int, list[tuple[object, object]]] = {}
    for row in Availability.objects.filter(expert__conference=conference):
        stretches.setdefault(row.expert_id, []).append((row.starts_at, row.ends_at))
    gatherings = [
        Gathering(one.pk, one.kind, one.starts_at, one.ends_at, len(one.facilitators.all()))
        for one in sessions.values()
    ]
    spots = [
        Spot(
            item.pk,
            item.session_id,
            item.kind,
            item.starts_at,
            item.ends_at,
            item.room_id or 0,
            frozenset(who.get(item.pk, ())),
        )
        for item in items.values()
    ]
    with_items = {spot.session for spot in spots}
    found = find([one for one in gatherings if one.key in with_items], spots, stretches)  # type: ignore[arg-type]
    return [_in_words(conference, one, sessions, items, experts) for one in found]


def _in_words(
    conference: Conference,
    found: Found,
    sessions: Mapping[int, Session],
    items: Mapping[int, Item],
    experts: Mapping[int, Expert],
) -> Conflict:
    here = [items[key] for key in found.items]
    values = {
        "expert": str(experts.get(found.expert, "")),
        "item": here[0].title if here else "",
        "other": here[-1].title if here else "",
        "when": moment(conference, here[-1].starts_at) if here else "",
        "session": sessions[found.session].title if found.session else "",
        "room": str(here[0].room or "") if here else "",
    }
    sentences = {
        Fault.EXPERT_TWICE: _("%(expert)s is expected twice at once: “%(item)s” and “%(other)s” (%(when)s)"),
        Fault.ROOM_TWICE: _("Two things at once in one room: “%(item)s” and “%(other)s” (%(when)s)"),
        Fault.UNAVAILABLE: _("%(expert)s has not said to be free for “%(item)s” (%(when)s)"),
        Fault.OUTSIDE: _("“%(item)s” (%(when)s) lies outside its session"),
        Fault.EXPERT_IN_CLOSED: _("%(expert)s would be in the room while the citizens deliberate: “%(item)s”"),
        Fault.BEYOND_SLOT: _("%(expert)s would stay in the room beyond their turn: “%(item)s”"),
        Fault.NO_BREAK: _("“%(session)s”: more than three hours without a break"),
        Fault.NO_FACILITATOR: _("“%(session)s”: nobody facilitates yet"),
        Fault.FEW_QUESTIONS: _("“%(session)s”: less time for questions than for talks"),
    }
    return Conflict(
        sentences[found.fault] % values,
        items=found.items,
        sessions=(found.session,) if found.session else (),
        is_mild=found.fault == Fault.BEYOND_SLOT,
    )


register_speakers(speakers)
register_conflicts(conflicts)
