"""When the mail server is away, everything waits for it, longer each time; and what it answered is counted."""

from datetime import datetime, timedelta

from django.db.models import F

from conference.mail.models import Heartbeat, Refusal

SERVER = "mail-taken"  # heartbeat: when the server last took a message
SERVER_GONE = "mail-refused"  # heartbeat: when it was last out of reach
NOT_BEFORE = "mail-not-before"  # heartbeat: until then it is left in peace
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(minutes=5)


def beat(name: str, now: datetime) -> None:
    """This has just happened, or happens then: a dead part is noticed by the silence of its heartbeat."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def paused_until(now: datetime) -> datetime | None:
    found = Heartbeat.objects.filter(name=NOT_BEFORE, at__gt=now).first()
    return found.at if found else None


def pause(now: datetime) -> datetime:
    """The server went away: twice as long as last time, and from the beginning once it has taken a message."""
    beats = dict(Heartbeat.objects.filter(name__in=[SERVER, SERVER_GONE, NOT_BEFORE]).values_list("name", "at"))
    wait, gone = SHORTEST, beats.get(SERVER_GONE)
    if gone and NOT_BEFORE in beats and not (SERVER in beats and beats[SERVER] > gone):
        wait = min(LONGEST, max(SHORTEST, 2 * (beats[NOT_BEFORE] - gone)))
    beat(SERVER_GONE, now)
    beat(NOT_BEFORE, now + wait)
    return now + wait


def end_pause() -> None:
    """A person wants to see it tried now."""
    Heartbeat.objects.filter(name=NOT_BEFORE).delete()


def count_refusal(code: int, now: datetime) -> None:
    code = max(0, code)
    if not Refusal.objects.filter(pk=code).update(count=F("count") + 1, last_at=now):
        _refusal, made = Refusal.objects.get_or_create(code=code, defaults={"count": 1, "last_at": now})
        if not made:
            Refusal.objects.filter(pk=code).update(count=F("count") + 1, last_at=now)
