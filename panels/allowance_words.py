"""How an amount came about, in one sentence that somebody can check by hand."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.words import NBSP, plain_day
from panels.enums import RateKind
from panels.reckoning import Due

UNITS = {RateKind.TRAVEL_KM: "km", RateKind.CHILDCARE_HOUR: "h", RateKind.LOST_INCOME_HOUR: "h"}


def number(value: Decimal | str, places: int | None = None) -> str:
    """With the reader's decimal sign; without zeros at the end where no number of places is asked for."""
    text = f"{Decimal(value):,f}" if places is None else f"{Decimal(value):,.{places}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.replace("-", "\N{MINUS SIGN}")
    if (get_language() or "fr").startswith("fr"):
        text = text.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
    return text


def money(amount: Decimal | str) -> str:
    """ "38,40 €"."""
    return f"{number(amount, 2)}{NBSP}€"


def unit_price(amount: str) -> str:
    """At least two places, and more where the rate has them: "0,529 €"."""
    exact = number(amount)
    places = len(amount.rstrip("0").partition(".")[2])
    return exact + f"{NBSP}€" if places > 2 else money(amount)


def what_for(due: Due) -> str:
    """ "Transport, au kilomètre"; the rate's own words where it has some."""
    return due.label or str(RateKind(due.kind).label)


def reckoned(kind: str, facts: Mapping[str, str]) -> str:
    """ "2 h 45 × 12,57 €", with the receipt and the cap that held it down."""
    parts = []
    if "amount" in facts:
        parts.append(f"{_quantity(kind, facts)} × {unit_price(facts['amount'])}")
    if "paid" in facts:
        parts.append(_("receipt of %(amount)s") % {"amount": money(facts["paid"])})
    if "cap" in facts:
        parts.append(_("at most %(amount)s") % {"amount": money(facts["cap"])})
    return "; ".join(parts) if not (get_language() or "fr").startswith("fr") else f"{NBSP}; ".join(parts)


def _quantity(kind: str, facts: Mapping[str, str]) -> str:
    if "minutes" in facts:
        minutes = int(facts["minutes"])
        return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02d}"
    unit = UNITS.get(RateKind(kind), "")
    return number(facts.get("quantity", "1")) + (f"{NBSP}{unit}" if unit else "")


def sentence(due: Due, before: Decimal) -> str:
    """The reckoning of an amount; of a correction, what was confirmed before and what is due now."""
    if before:
        return _("%(before)s confirmed before, %(now)s due now") % {
            "before": money(before),
            "now": money(before + due.amount),
        }
    return reckoned(due.kind, due.reckoning)


def day_of(due: Due) -> str:
    return plain_day(due.day)
