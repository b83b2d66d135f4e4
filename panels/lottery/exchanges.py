"""The last touch to the tickets: single seats change hands on single tickets.

Whoever sits on more tickets than their chance says gives a seat, on a ticket where the quotas allow it, to somebody who
sits on fewer. That evens out what whole panels cannot, until the largest change is less than a ticket or no such seat
is left.
"""

import numpy as np

from panels.lottery.mending import Mender
from panels.lottery.polytope import polytope_of
from panels.lottery.types import Array, Ints, Types

_EVEN = 0.8  # tickets: an error that is left alone
_EXCHANGES = 1500
_PARTNERS = 40
_LOOKED_AT = 60  # tickets
_TINY = 1e-9
_MENDS = 250  # searches for several seats at once, in all
_EFFORT = 40_000  # the same, times types
_TICKETS = 6
_FREE = 120
_STEPS = 12
_POWER = 4  # of the errors: with it the largest count most


def exchanged(types: Types, choice: Array, times: Ints, error: Array) -> list[tuple[Array, int]]:
    """The panels with their numbers of tickets, after the exchanges. ``error``: tickets too many, for each person of
    a type.
    """
    work = _Work(types, choice, times, np.round(error, 9))
    for _ in range(_EXCHANGES):
        if not work.step():
            break
    return [(panel, int(many)) for panel, many in zip(work.panels, work.times, strict=True) if many]


class _Work:
    def __init__(self, types: Types, choice: Array, times: Ints, error: Array) -> None:
        used = np.nonzero(times)[0]
        self.types = types
        self.rows = types.matrix.T
        self.used = len(used)
        room = int(times.sum())  # no more different panels than tickets
        self.panels = np.zeros((room, types.size))
        self.times = np.zeros(room, dtype=np.int64)
        self.panels[: self.used], self.times[: self.used] = choice[used], times[used]
        self.counts = self.panels @ self.rows
        self.error = error
        self.share = 1.0 / types.count
        self.mender = Mender(polytope_of(types))
        self.stuck = np.zeros(types.size, dtype=bool)
        self.mends = 0
        self.most_mends = min(_MENDS, _EFFORT // types.size)

    def step(self) -> bool:
        """One exchange that helps those with the largest errors; False when there is none."""
        while True:
            t = int(np.argmax(np.where(self.stuck, 0.0, np.abs(self.error))))
            if self.stuck[t] or abs(self.error[t]) <= _EVEN:
                return False
            if self._helped(t) or self._mended(t):
                return True
            self.stuck[t] = True

    def _helped(self, t: int) -> bool:
        giving = self.error[t] > 0
        # What the sum of squares loses when a seat moves between t and each other type.
        one, other = self.error[t], self.error
        if giving:
            gain = one**2 + other**2 - (one - self.share[t]) ** 2 - (other + self.share) ** 2
        else:
            gain = one**2 + other**2 - (one + self.share[t]) ** 2 - (other - self.share) ** 2
        gain[t] = -1.0
        partners = np.argsort(-np.round(gain, 9), kind="stable")[:_PARTNERS]
        partners = partners[gain[partners] > _TINY]
        if not len(partners):
            return False
        open_ = (self.panels[:, t] > 0.5) if giving else (self.panels[:, t] < self.types.cap[t] - 0.5)
        tickets = np.nonzero(open_ & (self.times > 0))[0][:_LOOKED_AT]
        fits = self._fitting(t, partners, tickets, giving=giving)
        best = fits.any(axis=0).nonzero()[0]
        if not len(best):
            return False
        partner = int(partners[best[0]])
        candidates = tickets[fits[:, best[0]]]
        ticket = int(candidates[int(np.argmax(self.times[candidates]))])
        self._move(ticket, *((t, partner) if giving else (partner, t)))
        return True

    def _mended(self, t: int) -> bool:
        """Several seats of one ticket at once, where the quotas let no single one move."""
        if self.mends >= self.most_mends:
            return False
        giving = self.error[t] > 0
        tickets = (self.panels[:, t] > 0.5) if giving else (self.panels[:, t] < self.types.cap[t] - 0.5)
        tickets = np.nonzero(tickets & (self.times > 0))[0]
        order = np.argsort(np.round(self.error if giving else -self.error, 9), kind="stable")[:_FREE]
        now = float((self.error[self.error != 0.0] ** _POWER).sum())
        for ticket in tickets[np.argsort(-np.round(self.panels[tickets] @ self.error, 9), kind="stable")[:_TICKETS]]:
            self.mends += 1
            panel = self.panels[ticket]
            partner = next((int(b) for b in order if self._can_trade(panel, int(b), taking=giving) and b != t), None)
            if partner is None:
                continue
            wish, low, high = panel.copy(), np.zeros(len(panel)), self.types.cap.copy()
            wish[t] += -1.0 if giving else 1.0
            wish[partner] += 1.0 if giving else -1.0
            (high if giving else low)[t] = wish[t]
            free = np.union1d(np.nonzero(panel)[0], np.argsort(np.round(self.error, 9), kind="stable")[:_FREE])
            free = np.union1d(free, [t, partner])
            cost = self.error * self.share
            found = self.mender.mend(wish, free, low, high, self.types.lower, self.types.upper, cost, _STEPS)
            if found is None:
                continue
            after = self.error + (found - panel) * self.share
            if float((after**_POWER).sum()) < now - _TINY:
                self._replace(int(ticket), found)
                return True
        return False

    def _can_trade(self, panel: Array, b: int, *, taking: bool) -> bool:
        return bool(panel[b] < self.types.cap[b] - 0.5) if taking else bool(panel[b] > 0.5)

    def _fitting(self, t: int, partners: Ints, tickets: Ints, *, giving: bool) -> Array:
        """On which tickets (rows) the quotas let a seat move between t and which partner (columns)."""
        change = self.rows[partners] - self.rows[t]
        held = self.panels[np.ix_(tickets, partners)]
        if not giving:
            change = -change
            possible = held > 0.5
        else:
            possible = held < self.types.cap[partners] - 0.5
        after = self.counts[tickets][:, None, :] + change[None, :, :]
        return np.asarray(possible & ((after >= self.types.lower) & (after <= self.types.upper)).all(axis=2))

    def _move(self, ticket: int, giver: int, taker: int) -> None:
        panel = self.panels[ticket].copy()
        panel[giver] -= 1.0
        panel[taker] += 1.0
        self._replace(ticket, panel)

    def _replace(self, ticket: int, panel: Array) -> None:
        self.error = self.error + (panel - self.panels[ticket]) * self.share
        self.times[ticket] -= 1
        if self.times[ticket]:
            ticket = self.used
            self.used += 1
        self.panels[ticket], self.times[ticket] = panel, 1
        self.counts[ticket] = panel @ self.rows
