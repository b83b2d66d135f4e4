"""Taking due messages out of the outbox and handing them to the mail server.

Claim under lock, commit, send, commit; no lock is held while talking to the server, and no state is ever guessed (see
``claims``). Two things overlap: while the server works on one message, the next is written; and while the row of the one
is being noted, the next is on the line, up to the line that ends it (``gate``). All work on the database is done by the
thread that called ``dispatch``; a second thread does nothing but speak to the server.
"""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime

from django.db import Error as DatabaseTrouble
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain import outcomes, suppression, telling, throttle, unsubscribe
from conference.mail.domain.claims import DEAD_AFTER, RENEWED_EVERY, Dispatcher, recover
from conference.mail.domain.handover import Gone, hand_over
from conference.mail.domain.outcomes import WAITS, Claim
from conference.mail.domain.pause import SERVER, SERVER_GONE, beat, paused_until
from conference.mail.domain.server import LineCut, Server, ServerGone, Trouble, connected
from conference.mail.domain.writing import Written, letter_of, log_mistake, prepare, read_together, write
from conference.mail.enums import State
from conference.mail.gate import Gate
from conference.mail.models import Message
from conference.nudge import nudge

__all__ = ["DISPATCHER", "SERVER", "SERVER_GONE", "WAITS", "dispatch", "letter_of", "prepare", "recover"]

DISPATCHER = "dispatch"  # heartbeat: when a dispatcher last began
# Reservations: about as many as go out in a second, so that what matters more soon gets its turn.
FIRST, LARGEST = 10, 50
STALE = 5.0  # seconds after which a written message is written anew: an answer may have come
CUTS = 3  # lines cut in a row after which the server counts as gone
PATIENCE = 300.0  # seconds during which a database that is away is asked again to take an outcome
RECOVER_EVERY = 10.0
TURN = 0.005  # seconds
TELL_EVERY = (
    0.2  # seconds: then the rooms hear what has gone out meanwhile; in small portions, so that nothing waits for it
)

type Stop = Callable[[], bool]


def never() -> bool:
    return False


def dispatch(*, seconds: float = 0.0, stop: Stop = never) -> int:
    """Send what is due. Returns how many messages were taken up.

    ``seconds``: stop after so long, leave the rest to the next run, and meanwhile wait for the throttle; 0: until nothing
    can be sent now. ``stop``: asked after each message, so that a worker that is to end does not end in the middle of one.
    """
    now = timezone.now()
    beat(DISPATCHER, now)
    recover(now)
    if paused_until(now):
        return 0
    dispatcher = Dispatcher()
    dispatcher.show_life()
    try:
        with _two_threads(), connected() as server, ThreadPoolExecutor(1, "mail") as line:
            return _Run(dispatcher, server, line, stop, time.monotonic() + seconds if seconds else None).go()
    finally:
        _leave(dispatcher)


@contextmanager
def _two_threads() -> Iterator[None]:
    """Python lets a busy thread run for 5 ms before another has its turn; at each of the four answers in the dialogue of
    one message the server would wait for us so long."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _leave(dispatcher: Dispatcher) -> None:
    try:
        dispatcher.leave()
    except DatabaseTrouble:  # in its absence: then the reservations run out by themselves
        connection.close()


@dataclass(slots=True)
class _Run:
    dispatcher: Dispatcher
    server: Server
    line: ThreadPoolExecutor
    stop: Stop
    until: float | None
    on_its_way: tuple[Written, Future[None]] | None = None
    gone: bool = False  # the mail server is
    cuts: int = 0
    taken_at: float = 0.0
    untold: list[Message] = field(default_factory=list)
    tell_at: float = 0.0
    recover_at: float = field(default_factory=lambda: time.monotonic() + RECOVER_EVERY)

    def go(self) -> int:
        done, size = 0, FIRST
        try:
            while not self._is_over():
                began = time.monotonic()
                reserved = self.dispatcher.reserve(timezone.now(), size)
                done += len(reserved)
                self._carry(reserved)
                if not reserved and not self._settle():
                    self._tell()
                    if not self._wait_for_throttle():
                        return done
                size = max(FIRST // 2, min(LARGEST, int(len(reserved) / max(0.001, time.monotonic() - began))))
            self._hand_over()
        finally:
            self._settle()
            self._tell()
        return done

    def _is_over(self) -> bool:
        return self.gone or self.stop() or (self.until is not None and time.monotonic() > self.until)

    def _hand_over(self) -> None:
        """The time is up: another run goes on at once. Where a worker is to end, nobody is called."""
        if not (self.gone or self.stop()):
            nudge("conference.mail.tasks.dispatch")

    def _wait_for_throttle(self) -> bool:
        if self.until is None or not throttle.is_on() or not Message.objects.due(timezone.now()).exists():
            return False
        self.dispatcher.show_life()
        time.sleep(0.5)
        return True

    def _carry(self, reserved: list[int]) -> None:
        """One after the other. The rows are read together, and those whose turn comes late are read anew."""
        fit = unsubscribe.marked(suppression.marked(Message.objects.select_related("conference")))
        rows = fit.in_bulk(reserved)
        together = read_together(rows.values())
        for pk in reserved:
            self.dispatcher.show_life()
            self._look_after_others()
            claim = Claim(pk, self.dispatcher.name)
            fresh = time.monotonic() - together.at < STALE
            self._settle(begin=write(claim, rows.get(pk), together) if fresh else write(claim))
            if self._is_over():
                return

    def _look_after_others(self) -> None:
        if time.monotonic() > self.recover_at:
            recover(timezone.now())
            self.recover_at = time.monotonic() + RECOVER_EVERY

    # -- One message after the other -----------------------------------------------------------------------------------
    def _settle(self, begin: Written | None = None) -> bool:
        """Note what came of the message on its way, and in the same transaction that the next one begins, which is on the
        line meanwhile, but for its end."""
        finished, trouble = self._wait()
        if self.gone:
            begin = None
        if begin and time.monotonic() - begin.at > STALE:
            begin = write(begin.claim)
        if not (finished or begin):
            return False
        at = timezone.now()
        sent = _gone(finished, at) if finished and trouble is None else None

        def note() -> bool:
            if finished and trouble is not None:
                _note(finished, trouble)
            return hand_over(sent, begin.claim if begin else None, at)

        with self._on_the_line(begin) as gate:
            if self._patiently(note):
                gate.open()
        if finished and sent:
            self._has_gone(finished, sent)
        return True

    @contextmanager
    def _on_the_line(self, begin: Written | None) -> Iterator[Gate]:
        """Nothing ends before the gate is opened; where it is not, the line is dropped and the server has nothing."""
        gate = Gate()
        going = self.line.submit(copy_context().run, self.server.send, begin.letter, gate) if begin else None
        try:
            yield gate
        finally:
            gate.close()
        if begin and going and gate.is_open:
            self.on_its_way = begin, going

    def _has_gone(self, finished: Written, sent: Gone) -> None:
        """What need not be done before the next one goes."""
        now = time.monotonic()
        if now - self.taken_at > 1.0:
            beat(SERVER, timezone.now())
            self.taken_at = now
        if sent.untold:
            finished.message.state, finished.message.sent_at = State.SENT, sent.at
            self.tell_at = self.tell_at if self.untold else now + TELL_EVERY
            self.untold.append(finished.message)
        if self.untold and now >= self.tell_at:
            self._tell()

    def _tell(self) -> None:
        told = self.untold

        def tell() -> bool:
            telling.tell(told, by=self.dispatcher.name)
            return True

        if told:
            self._patiently(tell)
            self.untold = []

    def _wait(self) -> tuple[Written | None, Exception | None]:
        """The message that was on its way, and why it did not go out; meanwhile the others see that we live."""
        if self.on_its_way is None:
            return None, None
        finished, future = self.on_its_way
        while True:
            try:
                trouble = future.exception(timeout=RENEWED_EVERY)
            except TimeoutError:
                self._show_life_if_possible()
                continue
            self.on_its_way = None
            if trouble is not None and not isinstance(trouble, Exception):
                raise trouble
            return finished, self._judge(trouble)

    def _judge(self, trouble: Exception | None) -> Exception | None:
        """A server that cuts every line is gone."""
        self.cuts = self.cuts + 1 if isinstance(trouble, LineCut) else 0
        if isinstance(trouble, LineCut) and self.cuts >= CUTS:
            trouble = ServerGone(trouble.words, begun=True)
        self.gone = isinstance(trouble, ServerGone)
        return trouble

    def _show_life_if_possible(self) -> None:
        try:
            self.dispatcher.show_life()
        except (OperationalError, InterfaceError):
            _reconnect_later()

    def _patiently(self, note: Callable[[], bool]) -> bool:
        """The server has taken the message: to lose this because the database restarts would send it again."""
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                return note()
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > give_up:
                    raise
                self.recover_at = time.monotonic() + 2 * DEAD_AFTER.total_seconds()  # the others must come back, too
                _reconnect_later()


def _reconnect_later() -> None:
    if not connection.in_atomic_block:
        connection.close()
        time.sleep(0.5)


def _gone(finished: Written, at: datetime) -> Gone:
    untold = telling.wants_to_know(finished.message, State.SENT)
    return Gone(finished.claim, at, finished.subject, finished.kept, untold)


def _note(finished: Written, trouble: Exception) -> None:
    if isinstance(trouble, Trouble):
        outcomes.not_sent(finished.claim, trouble)
    else:  # a letter that the library cannot write down must not stop the others
        log_mistake(finished.claim.pk, trouble)
        words = _("The message could not be written: %(error)s") % {"error": type(trouble).__name__}
        outcomes.failed(finished.claim, words)
