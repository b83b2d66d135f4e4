"""What the page of the running order gets: days, what each session holds on each of them, and where it stands."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from conference.enums import ItemKind
from conference.models import Conference, Item, Session
from conference.programme import Conflict, RunningOrder, Speaker, speakers_of
from conference.words import NBSP, hour
from conference.words import day as day_in_words
from experts.timetable import Piece, Place, Tick, timetable


@dataclass(frozen=True)
class Fault:
    """A conflict in the words that stand beside an item."""

    text: str
    advice: str
    url: str
    is_mild: bool


@dataclass(frozen=True)
class Row:
    """An item. ``start`` and ``stop`` are minutes after midnight of its day, for the script."""

    item: Item
    begins: str
    ends: str
    start: int
    speakers: list[Speaker]
    faults: list[Fault]
    place: Place
    is_first: bool = False
    is_last: bool = False

    @property
    def stop(self) -> int:
        return self.start + self.item.minutes

    @property
    def is_wrong(self) -> bool:
        return any(not one.is_mild for one in self.faults)


@dataclass(frozen=True)
class Mark:
    """An hour at the side, and whether nothing happens from then on."""

    tick: Tick
    hour: str
    clock: str  # "10:05", for the link that adds an item here

    @property
    def height(self) -> int:
        """In steps of five minutes, up to what is still read at a glance."""
        return max(1, min(24, round(self.tick.minutes / 5)))

    @property
    def length(self) -> str:
        return duration(self.tick.minutes)


@dataclass(frozen=True)
class Sitting:
    """What one session holds on one day."""

    session: Session
    day: date
    begins: str
    ends: str
    start: int
    stop: int
    rows: list[Row]
    marks: list[Mark]
    fits: bool
    conflicts: list[Conflict]
    room: str  # the one that most happens in
    is_one_room: bool
    anchor: str
    facilitators: list[str]

    def minutes(self, *kinds: str) -> int:
        return sum(row.item.minutes for row in self.rows if row.item.kind in kinds)

    @property
    def talk(self) -> int:
        return self.minutes(ItemKind.TALK)

    @property
    def questions(self) -> int:
        return self.minutes(ItemKind.QUESTIONS)

    @property
    def breaks(self) -> int:
        return self.minutes(ItemKind.BREAK)

    @property
    def parts(self) -> list[Row | Mark]:
        """Items and what is free between them, in the order of the day."""
        free: list[Row | Mark] = [mark for mark in self.marks if mark.tick.is_free]
        found: list[Row | Mark] = [*self.rows, *free]
        return sorted(found, key=lambda one: one.start if isinstance(one, Row) else one.tick.at)


@dataclass(frozen=True)
class Day:
    title: str
    short: str  # without the year
    sittings: list[Sitting]


def days_of(order: RunningOrder, conflicts: Sequence[Conflict]) -> list[Day]:
    """A session stands on each day on which something of it happens, an empty one on its first."""
    conference, speakers = order.conference, speakers_of(order)
    sittings = []
    for session in order.sessions:
        items = [item for item in order.items if item.session_id == session.pk]
        for number, (on, mine) in enumerate(_days(conference, session, items)):
            whole = [one for one in conflicts if session.pk in one.sessions and not one.items] if not number else []
            anchor = f"session-{session.pk}" + (f"-{on}" if number else "")
            who = order.facilitators[session.pk]
            sittings.append(_sitting(conference, session, on, mine, speakers, conflicts, whole, anchor, who))
    sittings.sort(key=lambda one: (one.day, one.session.starts_at, one.session.pk))
    return [
        Day(day_in_words(conference, moment_of(conference, on, 0)), _short(conference, on), list(group))
        for on, group in groupby(sittings, key=lambda one: one.day)
    ]


def _short(conference: Conference, on: date) -> str:
    return day_in_words(conference, moment_of(conference, on, 0)).removesuffix(f" {on.year}")


def _days(conference: Conference, session: Session, items: Sequence[Item]) -> Iterator[tuple[date, list[Item]]]:
    if not items:
        yield conference.local(session.starts_at).date(), []
    days: dict[date, list[Item]] = {}
    for item in items:
        days.setdefault(conference.local(item.starts_at).date(), []).append(item)
    yield from sorted(days.items())


def _sitting(
    conference: Conference,
    session: Session,
    on: date,
    items: Sequence[Item],
    speakers: Mapping[int, list[Speaker]],
    conflicts: Sequence[Conflict],
    whole: list[Conflict],
    anchor: str,
    facilitators: list[str],
) -> Sitting:
    minute = {item.pk: minute_of(conference, item.starts_at, on) for item in items}
    pieces = [
        Piece(item.pk, minute[item.pk], minute[item.pk] + item.minutes, item.room.name if item.room else "")
        for item in items
    ]
    start, stop = _bounds(conference, session, on, pieces)
    table = timetable(pieces, start, stop)
    by_room: dict[int | None, list[int]] = {}
    for item in items:
        by_room.setdefault(item.room_id, []).append(item.pk)
    rows = [
        Row(
            item,
            hour(conference, item.starts_at),
            hour(conference, item.ends_at),
            minute[item.pk],
            speakers.get(item.pk, []),
            [
                Fault(one.at.get(item.pk) or one.text, one.advice, one.url, one.is_mild)
                for one in conflicts
                if item.pk in one.items
            ],
            table.places[item.pk],
            is_first=by_room[item.room_id][0] == item.pk,
            is_last=by_room[item.room_id][-1] == item.pk,
        )
        for item in items
    ]
    rooms = Counter(piece.room for piece in pieces if piece.room)
    return Sitting(
        session=session,
        day=on,
        begins=hour(conference, moment_of(conference, on, start)),
        ends=hour(conference, moment_of(conference, on, stop)),
        start=start,
        stop=stop,
        rows=rows,
        marks=[_mark(conference, on, tick) for tick in table.ticks],
        fits=table.fits,
        conflicts=whole,
        room=rooms.most_common(1)[0][0] if rooms else "",
        is_one_room=len(rooms) == 1,
        anchor=anchor,
        facilitators=facilitators,
    )


def _bounds(conference: Conference, session: Session, on: date, pieces: Sequence[Piece]) -> tuple[int, int]:
    """From when to when the session sits on this day; on the days of a long one, what happens says so."""
    first, last = (conference.local(at).date() for at in (session.starts_at, session.ends_at))
    start, stop = (minute_of(conference, at, on) for at in (session.starts_at, session.ends_at))
    if on != first or not 0 <= start < 1440:
        start = min((one.starts for one in pieces), default=9 * 60)
    if on != last and stop > 30 * 60:  # beyond six in the morning it is not the same evening
        stop = max((one.ends for one in pieces), default=start + 60)
    return start, max(stop, start + 1)


def _mark(conference: Conference, on: date, tick: Tick) -> Mark:
    at = moment_of(conference, on, tick.at)
    return Mark(tick, hour(conference, at), f"{at:%H:%M}")


def minute_of(conference: Conference, moment: datetime, on: date) -> int:
    """What the clocks show at the moment, in minutes after midnight of that day."""
    local = conference.local(moment)
    return (local.date() - on).days * 1440 + local.hour * 60 + local.minute


def moment_of(conference: Conference, on: date, minute: int) -> datetime:
    """When the clocks show so many minutes after midnight of that day."""
    return datetime.combine(on, time(), conference.zone) + timedelta(minutes=minute)


def duration(minutes: int) -> str:
    """ "45 min", "7 h 30", "2 h": the same in both languages."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")
