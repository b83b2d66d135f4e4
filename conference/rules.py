"""Who may do what, and the numbers of the method. Pure: no database."""

from datetime import time

from conference.enums import Capability, Role

SEATS_MIN, SEATS_MAX, SEATS_DEFAULT = 15, 20, 18  # the panel is small enough for real dialogue
SEATS_HARD_MAX = 200  # a citizens' assembly; beyond 20 a written reason is shown to the public
SMALL_CELL = 5  # no published count between 1 and 4 may point at a person

CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.ORGANISER: frozenset(Capability) - {Capability.COMMITTEE},
    Role.FACILITATOR: frozenset({Capability.VIEW, Capability.VIEW_PEOPLE, Capability.FACILITATE}),
    Role.STEERING: frozenset({Capability.VIEW, Capability.COMMITTEE}),
    Role.GUARANTOR: frozenset({Capability.VIEW, Capability.VIEW_PEOPLE, Capability.VIEW_LOG}),
    Role.OBSERVER: frozenset({Capability.VIEW}),
}


def may(role: Role | str, capability: Capability) -> bool:
    """Whether this role carries this capability."""
    return capability in CAPABILITIES[Role(role)]


def is_quiet(at: time, start: time, end: time) -> bool:
    """Whether this hour lies in the quiet hours, which may span midnight; equal bounds mean that there are none."""
    if start <= end:
        return start <= at < end
    return at >= start or at < end
