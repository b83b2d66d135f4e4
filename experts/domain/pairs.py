"""Which sheet says the opposite of which. A pair is one row for both, so it is symmetrical or it is not there."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.models import User
from experts.enums import Position, SheetKind, Side
from experts.models import Sheet, SheetPair
from experts.models.sheet import SheetQuerySet
from experts.rules import SIDE_OF

OPPOSITE = {Side.FOR: Side.AGAINST, Side.AGAINST: Side.FOR}


def side_of(sheet: Sheet) -> Side | None:
    """The side that a sheet argues for; None for one that informs."""
    side = SIDE_OF[Position(sheet.position)] if sheet.kind == SheetKind.ARGUES and sheet.position else None
    return side if side in OPPOSITE else None


def opposed(one: Sheet, other: Sheet) -> bool:
    side = side_of(one)
    return side is not None and side_of(other) == OPPOSITE[side]


def candidates(sheet: Sheet) -> SheetQuerySet:
    """Sheets of the other side and the same language that have no opposite yet, and the one that is its own."""
    side = side_of(sheet)
    if side is None:
        return Sheet.objects.none()
    positions = [position for position, its_side in SIDE_OF.items() if its_side == OPPOSITE[side]]
    found = Sheet.objects.filter(
        conference=sheet.conference_id, language=sheet.language, kind=SheetKind.ARGUES, position__in=positions
    )
    mine = Q(pair_as_for__against_sheet=sheet) | Q(pair_as_against__for_sheet=sheet)
    return found.filter(mine | Q(pair_as_for=None, pair_as_against=None))


def _of(sheet: Sheet) -> SheetPair | None:
    return SheetPair.objects.filter(Q(for_sheet=sheet) | Q(against_sheet=sheet)).first()


@transaction.atomic
def pair(*, sheet_id: int, other_id: int | None, actor: User) -> SheetPair | None:
    """Say that two sheets are each other's opposite; None takes the pair apart."""
    wanted = [pk for pk in (sheet_id, other_id) if pk is not None]
    locked = {one.pk: one for one in Sheet.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")}
    sheet, other = locked[sheet_id], locked[other_id] if other_id is not None else None
    if other is not None and (other.conference_id != sheet.conference_id or not opposed(sheet, other)):
        raise DomainError(_("Only sheets that argue for opposed sides are paired."))
    before = _of(sheet)
    if before and other and other.pk in {before.for_sheet_id, before.against_sheet_id}:
        return before
    if other is not None and _of(other):
        raise DomainError(_("That sheet has its opposite already."))
    if before:
        _undo(before, sheet, actor)
    if other is None:
        return None
    pro, contra = (sheet, other) if side_of(sheet) == Side.FOR else (other, sheet)
    made = SheetPair.objects.create(for_sheet=pro, against_sheet=contra)
    record("sheet.paired", conference=sheet.conference, actor=actor, obj=made, one=pro.title, other=contra.title)
    return made


def _undo(found: SheetPair, sheet: Sheet, actor: User) -> None:
    record("sheet.unpaired", conference=sheet.conference, actor=actor, obj=sheet, title=sheet.title)
    found.delete()


def undo_if_not_opposed(sheet: Sheet, *, actor: User) -> None:
    """Called when a sheet has changed its side."""
    found = _of(sheet)
    if found is None:
        return
    pro, contra = found.for_sheet, found.against_sheet
    fresh = {sheet.pk: sheet}
    if not opposed(fresh.get(pro.pk, pro), fresh.get(contra.pk, contra)) or side_of(sheet) != (
        Side.FOR if pro.pk == sheet.pk else Side.AGAINST
    ):
        _undo(found, sheet, actor)
