"""What the engine found before a draw, in the reader's words: why not, what would help, who has no chance."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from panels.lottery import Feasibility


@dataclass(frozen=True)
class Explanation:
    reasons: tuple[str, ...]
    changes: tuple[str, ...]  # together the smallest change of the quotas that lets a panel exist
    hopeless: bool  # no change of quotas helps: the pool is too small
    shut_out: tuple[str, ...]  # references of volunteers whom no panel can hold
    certain: tuple[str, ...]  # references of volunteers whom every panel holds


def explain(found: Feasibility, labels: Mapping[tuple[str, str], str]) -> Explanation:
    """``labels`` translate (feature, value), and the feature itself under (feature, "")."""

    def named(feature: str, value: str) -> dict[str, str]:
        return {"feature": labels.get((feature, ""), feature), "value": labels.get((feature, value), value)}

    sentences = {
        "few_people": _(
            "The pool can fill %(available)s seats at most, and the panel has %(needed)s. More volunteers are needed."
        ),
        "minimums_exceed_size": _("%(feature)s: the minimums add up to %(needed)s, more than the %(available)s seats."),
        "maximums_below_size": _("%(feature)s: the maximums add up to %(available)s, fewer than the %(needed)s seats."),
        "too_few_with_value": _(
            "%(feature)s, %(value)s: at least %(needed)s are asked for, and %(available)s can sit on the panel."
        ),
        "joint": _("Each quota can be met by itself, but not all of them together."),
    }
    bounds = {
        "min": _("%(feature)s, %(value)s: at least %(after)s instead of %(before)s"),
        "max": _("%(feature)s, %(value)s: at most %(after)s instead of %(before)s"),
    }
    reasons = tuple(
        sentences[reason.kind]
        % {**named(reason.feature, reason.value), "needed": reason.needed, "available": reason.available}
        for reason in found.reasons
    )
    changes = tuple(
        bounds[change.bound] % {**named(change.feature, change.value), "before": change.before, "after": change.after}
        for change in found.relaxation or ()
    )
    return Explanation(reasons, changes, not found.feasible and not changes, found.shut_out or (), found.certain or ())
