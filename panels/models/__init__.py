"""What the panels app stores, from an empty pool to a confirmed panel."""

from panels.models.allowance import AllowanceExport, Claim, Rate, Statement, StatementLine
from panels.models.attendance import AttendanceMark, RollCall, Signature
from panels.models.criteria import Criterion, Value
from panels.models.draw import Draw, DrawBundle, DrawEntry
from panels.models.imports import PoolImport
from panels.models.invitation import Invitation, Needs, Seat
from panels.models.letter import CallAttempt, Letter
from panels.models.volunteer import Identity, Trait, Volunteer

__all__ = [
    "AllowanceExport",
    "AttendanceMark",
    "CallAttempt",
    "Claim",
    "Criterion",
    "Draw",
    "DrawBundle",
    "DrawEntry",
    "Identity",
    "Invitation",
    "Letter",
    "Needs",
    "PoolImport",
    "Rate",
    "RollCall",
    "Seat",
    "Signature",
    "Statement",
    "StatementLine",
    "Trait",
    "Value",
    "Volunteer",
]
