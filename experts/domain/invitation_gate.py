"""What must hold before an invitation to an expert leaves. Parts of this room register their reasons when they start.

An organiser may go on in spite of them with a written reason, which the public reads (``committee.invite_against``).
"""

from collections.abc import Callable

from conference.models import Conference

type Gate = Callable[[Conference], str | None]

_GATES: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """``gate(conference)``: a sentence that says why nobody is invited yet, in the reader's language; None lets through."""
    if gate not in _GATES:
        _GATES.append(gate)


def unregister_gate(gate: Gate) -> None:
    _GATES.remove(gate)


def closed_gates(conference: Conference) -> list[str]:
    """Every sentence that stands in the way, in the order of registration."""
    return [reason for gate in _GATES if (reason := gate(conference))]
