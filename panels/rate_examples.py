"""What others have paid, as tables to start from. Each says whose it is and of which year; none is a recommendation."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from panels.enums import RateKind


@dataclass(frozen=True)
class Example:
    kind: RateKind
    amount: Decimal | None
    by_receipt: bool = False
    cap: Decimal | None = None
    label: str | Promise = ""


@dataclass(frozen=True)
class Table:
    key: str
    source: str | Promise
    note: str | Promise
    rates: Sequence[Example]


TABLES: tuple[Table, ...] = (
    Table(
        "cese-2019",
        _("CESE, citizens’ convention on the climate, 2019"),
        _(
            "By the day, as for jurors at assizes; loss of income, nights and childcare on request (decree of 27 September 2019)."
        ),
        (
            Example(RateKind.DAY, Decimal("86.24")),
            Example(RateKind.LOST_INCOME_HOUR, Decimal("10.03")),
            Example(RateKind.LODGING, Decimal("110.00"), by_receipt=True),
            Example(RateKind.CHILDCARE_HOUR, Decimal("18.00"), by_receipt=True),
        ),
    ),
    Table(
        "cese-2022",
        _("CESE, citizens’ convention on the end of life, 2022"),
        _("94 € gross a day."),
        (Example(RateKind.DAY, Decimal("94.00")),),
    ),
    Table(
        "rennes-2021",
        _("Rennes, 2021"),
        _("88 € for a day of seven hours, paid by the hour of presence on a signed sheet."),
        (Example(RateKind.HOUR, Decimal("12.57")),),
    ),
    Table(
        "poitiers",
        _("Poitiers, citizens’ assembly"),
        _(
            "41.22 € a session (13.74 € an hour) where the family quotient is 1,000 € at most. It is entered for those concerned."
        ),
        (Example(RateKind.CUSTOM, Decimal("41.22"), label=_("Session, family quotient of 1,000 € at most")),),
    ),
    Table(
        "bourgogne-franche-comte",
        _("Bourgogne-Franche-Comté region"),
        _("70 € a day."),
        (Example(RateKind.DAY, Decimal("70.00")),),
    ),
)
