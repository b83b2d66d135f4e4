"""The lines of a statement as a page shows them: day, what for, how it came about, amount."""

from dataclasses import dataclass
from decimal import Decimal

from panels.accounts import Account, described_by
from panels.allowance_words import day_of, sentence, what_for
from panels.models import Claim, Statement
from panels.reckoning import NOTHING, Due


@dataclass(frozen=True)
class ShownLine:
    day: str
    what: str
    how: str
    amount: Decimal
    claim: Claim | None = None
    is_correction: bool = False


def open_lines(account: Account) -> list[ShownLine]:
    """What a confirmation would add."""
    claims = {f"claim:{claim.pk}": claim for claim in account.claims}
    return [_shown(due, account.settled.get(due.key, NOTHING), claims.get(due.key)) for due in account.open]


def lines_of_statement(statement: Statement) -> list[ShownLine]:
    return [_shown(described_by(line), line.before) for line in statement.lines.all()]


def _shown(due: Due, before: Decimal, claim: Claim | None = None) -> ShownLine:
    return ShownLine(day_of(due), what_for(due), sentence(due, before), due.amount, claim, bool(before))
