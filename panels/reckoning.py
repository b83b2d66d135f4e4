"""What is due to one citizen, amount by amount. Pure, in decimals; no fraction of a cent is ever carried along.

The rule of rounding: each amount is reckoned exactly and rounded to the cent, half a cent upwards; sums are sums of
rounded amounts, so that what a citizen adds up by hand is what is paid.

An amount is ``quantity x rate``; never more than the receipt where the rate goes by receipts; never more than the cap,
which counts for each entry. A day counts once somebody was present in any part of it. Hours are those of presence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from panels.enums import FROM_PRESENCE, RateKind

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Tariff:
    """A rate as numbers."""

    id: int
    kind: str
    label: str = ""
    amount: Decimal | None = None
    cap: Decimal | None = None
    by_receipt: bool = False


@dataclass(frozen=True)
class Attended:
    """A closed half-day in which the citizen was present.

    ``paid_as``: the first roll call of the same morning, afternoon or evening, where several sessions were held in it.
    """

    roll_call: int
    day: date
    minutes: int
    paid_as: int | None = None

    @property
    def half(self) -> int:
        return self.paid_as or self.roll_call


@dataclass(frozen=True)
class Asked:
    """A claim that stands."""

    id: int
    rate: Tariff
    day: date
    quantity: Decimal
    paid: Decimal | None = None


@dataclass(frozen=True)
class Due:
    """One amount, and what it is made of. ``key`` stays the same when the amount changes."""

    key: str
    kind: str
    label: str
    day: date
    amount: Decimal
    roll_call: int | None = None
    reckoning: dict[str, str] = field(default_factory=dict)


def cents(value: Fraction) -> Decimal:
    """Rounded to the cent, half a cent upwards, from the exact value."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) != value:  # thirds and the like never end: decide on the fraction itself
        doubled = 2 * 100 * value
        return Decimal((doubled.numerator // doubled.denominator + 1) // 2) * CENT
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def reckon(rates: Iterable[Tariff], attended: Iterable[Attended], asked: Iterable[Asked]) -> list[Due]:
    """Everything that is due, from presence first, then from claims, in the order of days."""
    halves = sorted(attended, key=lambda one: (one.day, one.roll_call))
    found = [due for rate in rates if rate.kind in FROM_PRESENCE for due in _from_presence(rate, halves)]
    claims = sorted(asked, key=lambda one: (one.day, one.id))
    return found + [
        _due(f"claim:{claim.id}", claim.rate, claim.day, Fraction(claim.quantity), paid=claim.paid) for claim in claims
    ]


def _from_presence(rate: Tariff, halves: list[Attended]) -> list[Due]:
    if rate.kind == RateKind.DAY:
        return [_due(f"day:{rate.id}:{day}", rate, day, Fraction(1)) for day in sorted({one.day for one in halves})]
    if rate.kind == RateKind.HALF_DAY:
        once = {one.half: one for one in reversed(halves)}
        return [
            _due(f"half:{rate.id}:{half}", rate, one.day, Fraction(1), roll_call=one.roll_call)
            for half, one in sorted(once.items(), key=lambda kept: (kept[1].day, kept[1].roll_call))
        ]
    return [
        _due(
            f"hour:{rate.id}:{one.roll_call}",
            rate,
            one.day,
            Fraction(one.minutes, 60),
            roll_call=one.roll_call,
            minutes=one.minutes,
        )
        for one in halves
    ]


def _due(
    key: str,
    rate: Tariff,
    day: date,
    quantity: Fraction,
    *,
    paid: Decimal | None = None,
    roll_call: int | None = None,
    minutes: int | None = None,
) -> Due:
    limits = []
    if rate.amount is not None:
        limits.append(cents(quantity * Fraction(rate.amount)))
    if rate.by_receipt:
        limits.append(paid if paid is not None else NOTHING)
    if rate.cap is not None:
        limits.append(rate.cap)
    numbers = {"amount": rate.amount, "cap": rate.cap, "paid": paid if rate.by_receipt else None}
    reckoning = {name: str(number) for name, number in numbers.items() if number is not None}
    reckoning |= {"minutes": str(minutes)} if minutes is not None else {"quantity": _plain(quantity)}
    amount = min(limits, default=NOTHING).quantize(CENT, rounding=ROUND_HALF_UP)
    return Due(key, rate.kind, rate.label, day, amount, roll_call, reckoning)


def _plain(quantity: Fraction) -> str:
    text = f"{Decimal(quantity.numerator) / Decimal(quantity.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def differences(dues: Iterable[Due], settled: Mapping[str, Decimal], vanished: Mapping[str, Due]) -> list[Due]:
    """What is due beyond what was confirmed, and what was confirmed and is no longer due, as amounts to take back.

    ``vanished``: how each confirmed key was described, for those that are due no more.
    """
    found = []
    seen = set()
    for due in dues:
        seen.add(due.key)
        more = due.amount - settled.get(due.key, NOTHING)
        if more or (due.key not in settled and due.amount):
            found.append(_changed(due, more))
    for key, amount in settled.items():
        if key not in seen and amount:
            found.append(_changed(vanished[key], -amount))
    return found


def _changed(due: Due, amount: Decimal) -> Due:
    return Due(due.key, due.kind, due.label, due.day, amount, due.roll_call, due.reckoning)
