"""The scale of positions in the words of a conference. Wherever a position is shown, it is shown in these words."""

from django.utils.functional import Promise

from conference.models import Conference
from experts.enums import Position
from experts.models import ScaleStep

_KEPT = "_scale_of_positions"  # on the conference of this request: lists ask once


def scale_of(conference: Conference) -> dict[str, str | Promise]:
    """The steps that this conference uses, in order, with their words. Both ends are always there."""
    kept: dict[str, str | Promise] | None = getattr(conference, _KEPT, None)
    if kept is None:
        own = dict(ScaleStep.objects.filter(conference=conference).values_list("position", "label"))
        steps = [step for step in Position if not own or step in own]
        kept = {step.value: own.get(step, step.label) for step in steps}
        setattr(conference, _KEPT, kept)
    return kept


def forget_scale(conference: Conference) -> None:
    """After the words were changed."""
    conference.__dict__.pop(_KEPT, None)


def position_label(conference: Conference, position: str) -> str:
    """The words for a position; the usual ones for a step that the conference has since taken off its scale."""
    if not position:
        return ""
    words = scale_of(conference).get(position)
    return str(words if words is not None else Position(position).label)


def choices_of(conference: Conference, *, kept: str = "") -> list[tuple[str, str | Promise]]:
    """For a form. ``kept``: a position that stands there already, though the scale no longer has its step."""
    scale = scale_of(conference)
    extra = [(kept, position_label(conference, kept))] if kept and kept not in scale else []
    return [*scale.items(), *extra]
