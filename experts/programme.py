"""What the experts' room tells about the running order: who speaks in each item, and what does not hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.enums import ItemKind
from conference.models import Conference, Item, Session
from conference.programme import Conflict, RunningOrder, Speaker, register_conflicts, register_speakers
from conference.words import moment
from experts.conflicts import Fault, Found, Gathering, Spot, Stretches, find
from experts.domain.running_order import GONE
from experts.enums import ExpertState
from experts.models import Availability, Contribution, Expert
from experts.programme_news import key_of


def _parts(order: RunningOrder) -> list[Contribution]:
    """All, with their experts: most have their place in the running order."""
    if "experts.parts" not in order.memo:
        parts = Contribution.objects.filter(session__conference=order.conference).select_related("expert")
        order.memo["experts.parts"] = list(parts.order_by("id"))
    found: list[Contribution] = order.memo["experts.parts"]
    return found


def speakers(order: RunningOrder) -> Mapping[int, list[Speaker]]:
    found: dict[int, list[Speaker]] = {}
    for part in _parts(order):
        if part.item_id is not None:
            found.setdefault(part.item_id, []).append(_speaker(order.conference, part.expert))
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


def conflicts(order: RunningOrder) -> list[Conflict]:
    """In words; one query beyond those of the running order and its speakers."""
    who: dict[int, set[int]] = {}
    experts: dict[int, Expert] = {}
    parts = _parts(order)
    for part in parts:
        experts[part.expert_id] = part.expert
        if part.item_id is not None:
            who.setdefault(part.item_id, set()).add(part.expert_id)
    spots = [_spot(item, who.get(item.pk, set())) for item in order.items]
    with_items = {spot.session for spot in spots}
    sessions = {
        one.pk: Gathering(one.pk, one.kind, one.starts_at, one.ends_at, len(order.facilitators[one.pk]))
        for one in order.sessions
    }
    apart = {-part.pk: part for part in parts if part.item_id is None and part.session_id in sessions}
    spots += [_apart(part) for part in apart.values() if part.starts_at and part.expert.state not in GONE]
    faults = find(
        [one for key, one in sessions.items() if key in with_items],
        spots,
        _stretches(order.conference),
        {expert.pk for expert in experts.values() if expert.state in GONE},
        bare=[one for key, one in sessions.items() if key not in with_items],
    )
    return [_in_words(order, one, experts, apart) for one in faults]


def _apart(part: Contribution) -> Spot:
    """A part that was agreed without a place in the running order."""
    assert part.starts_at is not None
    ends = part.starts_at + timedelta(minutes=part.minutes + part.question_minutes)
    experts = frozenset({part.expert_id})
    return Spot(-part.pk, part.session_id, ItemKind.TALK, part.starts_at, ends, experts=experts, apart=True)


def _spot(item: Item, experts: set[int]) -> Spot:
    return Spot(
        item.pk, item.session_id, item.kind, item.starts_at, item.ends_at, item.room_id or 0, frozenset(experts)
    )


def _stretches(conference: Conference) -> Stretches:
    stretches: dict[int, list[tuple[datetime, datetime]]] = {}
    for row in Availability.objects.filter(expert__conference=conference):
        stretches.setdefault(row.expert_id, []).append((row.starts_at, row.ends_at))
    return stretches


def _in_words(
    order: RunningOrder, found: Found, experts: Mapping[int, Expert], apart: Mapping[int, Contribution]
) -> Conflict:
    items = {item.pk: item for item in order.items if item.pk in found.items}
    here = [items[key] for key in found.items if key in items]
    sessions = {one.pk: one for one in order.sessions}
    values = _values(order.conference, here, sessions.get(found.session), experts.get(found.expert))
    if found.other:
        values["other"] = sessions[found.other].title
    for part in (apart[key] for key in found.items if key in apart):
        values["other"] = part.subject or sessions[part.session_id].title
        values["item"] = values["item"] or values["other"]
        values["when"] = values["when"] or (moment(order.conference, part.starts_at) if part.starts_at else "")
    text, advice = _sentences(found.fault)
    return Conflict(
        text % values,
        items=tuple(item.pk for item in here),
        sessions=tuple(key for key in (found.session, found.other) if key),
        is_mild=found.fault == Fault.BEYOND_SLOT,
        url=_mended_at(order.conference, found),
        advice=advice,
        at={
            item.pk: _short(found.fault)
            % {**values, "other": values["other"] if len(here) == 1 else _other(here, item).title}
            for item in here
        },
    )


def _other(here: list[Item], item: Item) -> Item:
    return next((one for one in here if one.pk != item.pk), item)


def _values(conference: Conference, here: list[Item], session: Session | None, expert: Expert | None) -> dict[str, str]:
    return {
        "expert": str(expert or ""),
        "item": here[0].title if here else "",
        "other": here[-1].title if here else "",
        "when": moment(conference, here[-1].starts_at) if here else "",
        "session": session.title if session else "",
        "room": str(here[0].room or "") if here else "",
    }


def _mended_at(conference: Conference, found: Found) -> str:
    if found.fault == Fault.NO_FACILITATOR:
        return reverse("desk:session", args=[conference.slug, found.session])
    if found.fault == Fault.SESSIONS_TWICE:
        return reverse("desk:session", args=[conference.slug, found.other])
    if found.fault == Fault.UNAVAILABLE:
        return reverse("experts_desk:expert", args=[conference.slug, found.expert])
    return ""


def _sentences(fault: Fault) -> tuple[str, str]:
    """What does not hold, and what to do about it."""
    return {
        Fault.EXPERT_TWICE: (
            _("%(expert)s is expected twice at once: “%(item)s” and “%(other)s” (%(when)s)"),
            _("Move one of the two, or let somebody else speak there."),
        ),
        Fault.ROOM_TWICE: (
            _("Two things at once in one room: “%(item)s” and “%(other)s” (%(when)s)"),
            _("Move one of the two, or give it another room."),
        ),
        Fault.UNAVAILABLE: (
            _("%(expert)s has not said to be free for “%(item)s” (%(when)s)"),
            _("Move the item, or ask the expert."),
        ),
        Fault.OUTSIDE: (
            _("“%(item)s” (%(when)s) lies outside its session"),
            _("Move the item, or change the hours of the session."),
        ),
        Fault.EXPERT_IN_CLOSED: (
            _("%(expert)s would be in the room while the citizens deliberate: “%(item)s”"),
            _("Take the expert out of this item, or move it to a session that is open to experts."),
        ),
        Fault.BEYOND_SLOT: (_("%(expert)s would stay in the room beyond their turn: “%(item)s”"), ""),
        Fault.NO_BREAK: (_("“%(session)s”: more than three hours without a break"), _("Put a break in between.")),
        Fault.NO_FACILITATOR: (
            _("“%(session)s”: nobody facilitates yet"),
            _("Name who facilitates, on the session’s page."),
        ),
        Fault.FEW_QUESTIONS: (
            _("“%(session)s”: less time for questions than for talks"),
            _("Lengthen the question time, or shorten a talk."),
        ),
        Fault.GONE: (
            _("%(expert)s no longer takes part, and still has a place in “%(item)s”"),
            _("Open the item, and choose who speaks instead."),
        ),
        Fault.SESSIONS_TWICE: (
            _("“%(session)s” and “%(other)s” take place at the same time"),
            _("Move or cancel one of the two, on its page."),
        ),
    }[fault]


def _short(fault: Fault) -> str:
    """The same beside the item that it is about."""
    return {
        Fault.EXPERT_TWICE: _("%(expert)s speaks in “%(other)s” at the same time"),
        Fault.ROOM_TWICE: _("“%(other)s” is in the same room at the same time"),
        Fault.UNAVAILABLE: _("%(expert)s has not said to be free at this hour"),
        Fault.OUTSIDE: _("This lies outside the hours of the session"),
        Fault.EXPERT_IN_CLOSED: _("%(expert)s would be in the room while the citizens deliberate"),
        Fault.BEYOND_SLOT: _("%(expert)s would stay in the room beyond their turn"),
        Fault.NO_BREAK: "",
        Fault.NO_FACILITATOR: "",
        Fault.FEW_QUESTIONS: "",
        Fault.GONE: _("%(expert)s no longer takes part"),
        Fault.SESSIONS_TWICE: "",
    }[fault]


register_speakers(speakers)
register_conflicts(conflicts)
