"""The trials, of any size. Each returns the figures that its test asserts and that the benchmark prints."""

import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http.cookiejar import CookieJar
from typing import Any, ClassVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from conference.mail.domain import claims, drill, outbox, pause
from conference.mail.enums import DUE, Kind, State
from conference.mail.models import Heartbeat, Message
from tests.faults.stack import FaultStack, Program, SinkProgram, wait_for

Figures = dict[str, Any]
HERE = "drill@example.org"
UNDER_WAY = [State.SCHEDULED, State.SENDING, State.RETRY]


def have(sink: SinkProgram, goal: int) -> bool:
    return sink.total() >= goal


def counts(name: str) -> drill.Counts:
    """Patient with a database that is away."""
    while True:
        try:
            return drill.counts(name)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)


def fates(sink: SinkProgram) -> Figures:
    """What arrived, against what the database says."""
    taken = sink.taken()
    rows = {message.message_id: message.state for message in Message.objects.all()}
    return {
        "lost": sum(1 for name, state in rows.items() if state == State.SENT and not taken[name]),
        "due": due().count(),
        "repeated": sum(count - 1 for count in taken.values()),
        "strangers": len(set(taken) - set(rows)),  # a repeat under another Message-ID would be one
        "states": dict(Counter(str(state) for state in rows.values())),
    }


def due() -> QuerySet[Message]:
    return Message.objects.filter(state__in=UNDER_WAY, due_at__lte=timezone.now())


def pass_the_time(*, nobody_sends: bool = False) -> None:
    """Ten seconds later: reservations have run out. With nobody sending, half a minute later: the dead are missed."""
    now = timezone.now()
    waiting = Message.objects.filter(state__in=DUE).exclude(claimed_by="")
    waiting.update(claimed_at=now - claims.RESERVED_FOR - timedelta(seconds=1))
    if nobody_sends:
        then = now - claims.DEAD_AFTER - timedelta(seconds=1)
        stuck = Message.objects.filter(state=State.SENDING, claimed_at__lt=now - timedelta(seconds=3))
        dead = [claims.PREFIX + name for name in stuck.values_list("claimed_by", flat=True)]
        Heartbeat.objects.filter(name__in=dead).update(at=then)
        stuck.update(claimed_at=then)


@dataclass(slots=True)
class Clock:
    """Ticks as beat does. ``hasten``: where nothing moves, the time that the program would wait is passed over."""

    stack: FaultStack
    hasten: bool
    next_tick: float = 0.0
    left: int = -1
    since: float = field(default_factory=time.monotonic)

    def tick(self, left: int) -> None:
        now = time.monotonic()
        if left != self.left:
            self.left, self.since = left, now
        if now < self.next_tick:
            return
        if self.hasten and now - self.since > 1.0:
            pass_the_time(nobody_sends=now - self.since > 3.0)
        self.stack.ask()
        self.next_tick = now + (0.5 if self.hasten else 10.0)

    def until(self, done: Callable[[], bool], left: Callable[[], int], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            self.tick(left())
            if time.monotonic() > deadline:
                raise AssertionError(f"not done within {seconds} s; {left()} left")
            time.sleep(0.05)


def finish(stack: FaultStack, name: str, *, hasten: bool, seconds: float) -> None:
    """Tick as beat does until nothing waits."""
    Clock(stack, hasten).until(lambda: not counts(name).waiting, lambda: counts(name).waiting, seconds)


# -- A worker is killed ------------------------------------------------------------------------------------------------
def worker_killed(stack: FaultStack, *, messages: int, kills: int, hasten: bool) -> Figures:
    """Two workers; one after the other is killed, mostly with all its children, and another is started."""
    sink = stack.sink(seconds=0.005)
    workers = [stack.worker(wait=False), stack.worker(wait=False)]
    start = time.monotonic()
    name = drill.start(count=messages, address=HERE)
    stack.ask()
    done = 0
    clock = Clock(stack, hasten)
    for number in range(1, kills + 1):
        goal = messages * number // (kills + 1)
        clock.until(partial(have, sink, goal), lambda: -sink.total(), 120)
        victim = workers[number % 2]
        if number % 3:
            victim.kill()
            workers[number % 2] = stack.worker(wait=False)
        else:  # only those who send: their parent starts others by itself
            _kill_children(victim)
        done += 1
        stack.ask()
    finish(stack, name, hasten=hasten, seconds=300)
    found = fates(sink)
    return {"messages": messages, "kills": done, **found, "seconds": round(time.monotonic() - start, 1)}


def _kill_children(worker: Program) -> None:
    import os
    import signal

    for pid in worker.children():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# -- The broker goes -----------------------------------------------------------------------------------------------------
def broker_lost(
    stack: FaultStack, *, messages: int, outage: float, act: Callable[[], object], requests: int
) -> Figures:
    """Emptied in the middle of sending, silent for a while, then stopped, then started empty.

    ``act``: what a person does on the web that writes messages.
    """
    sink = stack.sink(seconds=0.005)
    stack.worker()
    act()  # the web server has warmed up
    Browser.waits.clear()
    name = drill.start(count=messages, address=HERE)
    wait_for(lambda: sink.total() >= messages // 4, 60, "the first quarter")
    stack.empty_broker()
    with stack.silent_broker():
        act()
    Clock(stack, hasten=False).until(lambda: sink.total() >= messages // 2, lambda: -sink.total(), 90)
    stack.stop_broker()
    over = time.monotonic() + outage
    for number in range(requests):
        act()
        time.sleep(max(0.0, over - time.monotonic()) / (requests - number))
    stack.start_broker()
    back = time.monotonic()
    finish_all(stack, name, seconds=180)
    return {
        "messages": Message.objects.count(),
        "outage": outage,
        **fates(sink),
        "requests": len(Browser.waits),
        "slowest_request": round(max(Browser.waits), 2),
        "seconds_after_return": round(time.monotonic() - back, 1),
    }


def finish_all(stack: FaultStack, name: str, *, seconds: float) -> None:
    finish(stack, name, hasten=False, seconds=seconds)
    Clock(stack, hasten=False).until(lambda: not due().exists(), lambda: due().count(), seconds)


# -- The database goes ---------------------------------------------------------------------------------------------------
def database_restarted(stack: FaultStack, *, messages: int, restarts: int, hasten: bool) -> Figures:
    sink = stack.sink(seconds=0.005)
    for _number in range(2):
        stack.worker()
    start = time.monotonic()
    name = drill.start(count=messages, address=HERE)
    stack.ask()
    for number in range(1, restarts + 1):
        wait_for(partial(have, sink, messages * number // (restarts + 1)), 90, f"restart {number}")
        stack.stop_database()
        time.sleep(1.0)
        stack.start_database()
        connection.close()
        stack.ask()
    finish(stack, name, hasten=hasten, seconds=300)
    return {"messages": messages, "restarts": restarts, **fates(sink), "seconds": round(time.monotonic() - start, 1)}


# -- The mail server misbehaves ------------------------------------------------------------------------------------------
PASSING = ["rcpt-450", "rcpt-451", "data-451", "dot-450", "dot-451", "rcpt-421", "dot-421"]
FOR_EVER = ["rcpt-550", "dot-550", "dot-552", "data-554"]
CUTS = ["rcpt-cut", "data-cut", "body-cut", "dot-cut", "kept-cut"]
SILENCES = ["rcpt-hang", "dot-hang", "kept-hang"]


def server_misbehaves(stack: FaultStack, *, messages: int, silences: int, line: float, seed: int) -> Figures:
    """A fate at random for each message; the hours of waiting pass in a moment."""
    sink = stack.sink(line=line, seed=seed)
    for _number in range(2):
        stack.worker(wait=False)
    chance = random.Random(seed)
    for number in range(messages):
        fate = _fate(chance) if number >= silences else f"{SILENCES[number % len(SILENCES)]}-1"
        someone = outbox.Recipient(f"drill:{number}", f"m{number}.{fate}@example.org", "", "fr")
        outbox.schedule(
            kind=Kind.DRILL, recipient=someone, conference_id=None, subject_type=drill.ABOUT, subject_id="faults",
            occurrence=str(number), data={"number": number, "count": messages},
        )  # fmt: skip
    _until_settled(stack, "faults", seconds=240)
    return _by_class(sink, messages)


def _fate(chance: random.Random) -> str:
    kind = chance.choices(["sound", "passing", "for ever", "cut"], [4, 3, 2, 3])[0]
    if kind == "sound":
        return "rcpt-250-0"
    if kind == "for ever":
        return f"{chance.choice(FOR_EVER)}-99"
    return f"{chance.choice(PASSING if kind == 'passing' else CUTS)}-{chance.randint(1, 3)}"


def _until_settled(stack: FaultStack, name: str, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    tick = 0.0
    while counts(name).waiting:
        if time.monotonic() > deadline:
            raise AssertionError(f"not settled within {seconds} s: {counts(name)}")
        Message.objects.filter(state=State.RETRY, due_at__gt=timezone.now()).update(due_at=timezone.now())
        pause.end_pause()
        if time.monotonic() > tick:
            stack.ask()
            tick = time.monotonic() + 0.5
        time.sleep(0.1)


def _by_class(sink: SinkProgram, messages: int) -> Figures:
    """Against what each address asked for."""
    taken = sink.taken_by_address()
    wrong, after_refusal, sent_after_doubt = [], 0, 0
    for address, state in Message.objects.values_list("recipient_email", "state"):
        for_ever = any(f".{fate}-" in address for fate in FOR_EVER)
        doubtful = ".kept-" in address  # the server took it and its answer was lost: to send again is right
        wanted = State.FAILED if for_ever else State.SENT
        if state != wanted or (not for_ever and not taken[address]):
            wrong.append((address, state))
        after_refusal += taken[address] if for_ever else 0
        sent_after_doubt += taken[address] - 1 if doubtful and taken[address] else 0
    found = fates(sink)
    return {
        "messages": messages,
        "wrong": wrong,
        "sent_after_permanent_refusal": after_refusal,
        "lost": found["lost"] + found["due"],
        "strangers": found["strangers"],
        "repeated_after_lost_answer": sent_after_doubt,
        "repeated_otherwise": found["repeated"] - sent_after_doubt,
        "states": found["states"],
        "line_faults": sum(1 for event in sink.events() if event["event"] == "line"),
    }


# -- Everything twice ----------------------------------------------------------------------------------------------------
def doubled(stack: FaultStack, *, messages: int, act: Callable[[], object]) -> Figures:
    """Two beats with a clock of half a second, two workers of two processes, every task sent twice, a double click."""
    sink = stack.sink()
    for _number in range(2):
        stack.worker(wait=False, processes=2)
        stack.beat()
    name = drill.start(count=messages, address=HERE)
    barrier = threading.Barrier(2)

    def click() -> None:
        barrier.wait(10)
        act()
        connection.close()

    clicks = [threading.Thread(target=click) for _number in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    deadline = time.monotonic() + 120
    while counts(name).waiting or due().exists():
        assert time.monotonic() < deadline, counts(name)
        stack.ask("conference.mail.tasks.dispatch", "conference.mail.tasks.dispatch", "conference.mail.tasks.tick")
        time.sleep(0.2)
    arrived = fates(sink)
    return {"messages": sum(arrived["states"].values()), **arrived}


# -- A citizen's browser -------------------------------------------------------------------------------------------------
class Browser:
    """As much of one as a form needs."""

    waits: ClassVar[list[float]] = []  # how long each request took, redirects included

    def __init__(self, site: str) -> None:
        self.site = site
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self.page = ""

    def get(self, path: str) -> "Browser":
        request = urllib.request.Request(self.site + path, headers={"Host": "testserver"})
        began = time.monotonic()
        with self.open(request, timeout=30) as answer:
            self.page = answer.read().decode()
        self.waits.append(time.monotonic() - began)
        return self

    def post(self, path: str, **fields: str) -> int:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        assert token is not None
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        request = urllib.request.Request(self.site + path, data=body, headers={"Host": "testserver"})
        began = time.monotonic()
        try:
            with self.open(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        finally:
            self.waits.append(time.monotonic() - began)
