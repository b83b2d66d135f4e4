"""The proof that comes with a lottery, and its check, which needs no solver: it multiplies and adds.

For a step of leximin let w = multipliers . matrix. Every panel x satisfies every row, so w.x is at most the sum over
rows of multiplier times upper bound (lower bound where the multiplier is negative). Types fixed by earlier steps have
their chance already, and types with negative w are at most at their cap. What is left bounds the average, weighted by
w, of the chances of the types with positive w by the level: none of them can have more unless another one, that has
no more, has less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from panels.lottery.polytope import TOLERANCE, Cut, Polytope, polytope_of, with_cuts
from panels.lottery.types import Array, Bools, Types

_NOISE = 1e-10  # a share of the largest: an absolute one would let a forger hide numbers by writing all of them small

_GREATEST = 1e12  # of a number in a proof: greater ones could overflow, and then no comparison finds a fault


@dataclass(frozen=True, eq=False)
class Claim:
    """``types`` are fixed at ``level``; the multipliers (one a row of the polytope, cuts last) prove it."""

    level: float
    types: tuple[int, ...]
    multipliers: Array
    wishes: Array | None = None


@dataclass(frozen=True, eq=False)
class Certificate:
    """A lottery over counts by type, and the claims that bound it."""

    method: str
    panels: Array
    weights: Array
    cuts: tuple[Cut, ...]
    claims: tuple[Claim, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "lottery": [
                {"weight": float(weight), "counts": _sparse(panel, whole=True)}
                for weight, panel in zip(self.weights, self.panels, strict=True)
            ],
            "cuts": [{"prices": _sparse(cut.prices), "bound": cut.bound} for cut in self.cuts],
            "steps": [
                {
                    "level": claim.level,
                    "types": list(claim.types),
                    "multipliers": _sparse(claim.multipliers),
                    **({} if claim.wishes is None else {"wishes": _sparse(claim.wishes)}),
                }
                for claim in self.claims
            ],
        }


def certificate_from(types: Types, record: Mapping[str, Any]) -> Certificate:
    """Read back what ``to_json`` wrote, for a problem given by its types. What is not a number is a ``ValueError``."""
    cuts = tuple(Cut(_dense(cut["prices"], types.size), _number(cut["bound"])) for cut in record["cuts"])
    rows = len(types.rows) + len(cuts)
    return Certificate(
        method=str(record["method"]),
        panels=np.array([_dense(part["counts"], types.size) for part in record["lottery"]]).reshape(-1, types.size),
        weights=np.array([_number(part["weight"]) for part in record["lottery"]]),
        cuts=cuts,
        claims=tuple(
            Claim(
                _number(step["level"]),
                tuple(int(t) for t in step["types"]),
                _dense(step["multipliers"], rows),
                _dense(step["wishes"], types.size) if "wishes" in step else None,
            )
            for step in record["steps"]
        ),
    )


def _sparse(row: Array, *, whole: bool = False) -> list[list[float]]:
    return [[int(i), int(row[i]) if whole else float(row[i])] for i in np.nonzero(row)[0]]


def _dense(pairs: Sequence[Sequence[float]], size: int) -> Array:
    row = np.zeros(size)
    for i, value in pairs:
        if not 0 <= int(i) < size:
            raise ValueError(f"position {i} is outside 0 to {size - 1}")
        row[int(i)] = _number(value)
    return row


def _number(value: object) -> float:
    """A published number: ``float`` would also read "nan", of which no comparison ever finds that it is wrong."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _GREATEST:
        raise ValueError(f"{value!r} is not a number that proves anything")
    return float(value)


def lottery_fault(types: Types, certificate: Certificate) -> str:
    """What is wrong with the lottery itself; empty when every panel meets every quota and the weights are a
    distribution.
    """
    panels, weights = certificate.panels, certificate.weights
    if not len(weights) or weights.min() < 0 or abs(weights.sum() - 1.0) > 1e-9:
        return "the weights of the lottery do not add up to 1"
    if np.abs(panels - np.round(panels)).max() > 0 or panels.min() < 0 or (panels > types.cap).any():
        return "a panel of the lottery counts people who do not exist"
    rows = panels @ types.matrix.T
    bad = np.nonzero((rows < types.lower) | (rows > types.upper))
    if len(bad[0]):
        return f"panel {int(bad[0][0]) + 1} of the lottery breaks {types.rows[int(bad[1][0])].name}"
    return ""


def bound_fault(types: Types, certificate: Certificate) -> tuple[str, float]:
    """What is wrong with the proof, and the upper bound on the minimum that its first claim proves."""
    if certificate.method in {"nash", "goldilocks"}:
        return _other_fault(types, certificate)
    polytope = with_cuts(polytope_of(types), certificate.cuts)
    chance = certificate.weights @ certificate.panels / types.count
    if not certificate.claims:
        return "the certificate makes no claim", 1.0
    free = np.ones(types.size, dtype=bool)
    fixed = np.zeros(types.size)
    first = 1.0
    for number, claim in enumerate(certificate.claims, 1):
        fault, bound = _claim_fault(polytope, claim, free, fixed)
        if number == 1:
            first = bound
        if fault:
            return f"step {number}: {fault}", first
        if (chance[free] < claim.level - TOLERANCE).any():
            return f"step {number}: somebody's chance is below the level {claim.level:.6f}", first
        chosen = list(claim.types)
        if (np.abs(chance[chosen] - claim.level) > TOLERANCE).any():
            return f"step {number}: the lottery does not give the level {claim.level:.6f}", first
        free[chosen] = False
        fixed[chosen] = claim.level * types.count[chosen]
    if certificate.method == "leximin" and free.any():
        return "the steps leave people without a proof", first
    return "", first


def _claim_fault(polytope: Polytope, claim: Claim, free: Bools, fixed: Array) -> tuple[str, float]:
    chosen = list(claim.types)
    if not chosen or not free[chosen].all():
        return "it fixes nobody, or somebody twice", 1.0
    w = polytope.matrix.T @ claim.multipliers
    w[np.abs(w) < _NOISE * float(np.abs(w).max(initial=0.0))] = 0.0
    at_cap = claim.level * polytope.count >= polytope.cap - TOLERANCE
    gain = np.where(free, np.maximum(w, 0.0), 0.0)
    total = float(gain @ polytope.count)
    if total <= 1e-12 or total <= 1e-9 * float(np.abs(claim.multipliers).max(initial=0.0)):  # nothing but rounding
        return ("", 1.0) if at_cap[chosen].all() else ("its multipliers prove nothing", 1.0)
    rows = np.where(claim.multipliers > 0, claim.multipliers * polytope.upper, claim.multipliers * polytope.lower)
    spent = float(rows.sum()) + float(np.maximum(-w, 0.0)[free] @ polytope.cap[free]) - float(w[~free] @ fixed[~free])
    bound = spent / total
    if bound > claim.level + TOLERANCE:
        return f"its multipliers prove {bound:.8f}, not {claim.level:.8f}", bound
    beyond = [t for t in chosen if gain[t] <= 0.0 and not at_cap[t]]
    if beyond:
        return "it fixes people whom its multipliers say nothing about", bound
    return "", bound


def _other_fault(types: Types, certificate: Certificate) -> tuple[str, float]:
    """Nash and goldilocks: a first claim that only bounds the minimum, and one for the method's own aim.

    The aim is concave, so that no lottery is better if none is better by its slope at this one: slope.x is bounded over
    all panels by multipliers.matrix and the caps, and the bound must meet slope.x at the lottery itself.
    """
    polytope = with_cuts(polytope_of(types), certificate.cuts)
    if len(certificate.claims) != 2:
        return "the certificate makes another number of claims", 1.0
    first, own = certificate.claims
    nobody = np.zeros(types.size)
    _, bound = _claim_fault(polytope, first, nobody < 1.0, nobody)
    x = certificate.weights @ certificate.panels
    held = x > TOLERANCE / 10
    if certificate.method == "nash":
        slope = np.where(held, types.count / np.where(held, x, 1.0), 0.0)
        scale = aim = float(slope @ x)
    else:
        people, seats = float(types.count.sum()), float(polytope.lower[0])
        chance = x / types.count
        least, most = float(chance[held].min()), float(chance.max())
        if own.wishes is None:
            return "the certificate has no wishes", bound
        # The sum's slopes in the least and the greatest chance, each spread over people; a part may have cancelled out.
        slope = own.wishes
        rise, fall = seats / people / least**2, people / seats
        spare = rise - float(np.maximum(slope, 0.0) @ types.count)
        if spare < -1e-6 * rise or abs(spare - fall + float(np.maximum(-slope, 0.0) @ types.count)) > 1e-6 * (
            rise + fall
        ):
            return "its wishes are not the slope of the sum", bound
        scale = fall * most + rise * least
        aim = rise * least - fall * most
    spent = np.where(own.multipliers > 0, own.multipliers * polytope.upper, own.multipliers * polytope.lower).sum()
    spent += float(np.maximum(slope - polytope.matrix.T @ own.multipliers, 0.0) @ polytope.cap)
    if spent > aim + 1e-5 * scale:
        return f"its multipliers leave room for improvement ({(float(spent) - aim) / scale:.1e})", bound
    return "", bound
