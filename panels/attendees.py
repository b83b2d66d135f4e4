"""The citizens on name plates, badges and attendance sheets: by their first names."""

from collections.abc import Sequence

from conference.attendees import Attendee, Group, register_attendees
from conference.models import Conference
from panels.models import Invitation


def citizens(conference: Conference) -> list[Attendee]:
    """Who has accepted, in the order of the seats."""
    accepted = Invitation.objects.filter(conference=conference).accepted()
    rows = list(accepted.select_related("seat", "volunteer__identity").order_by("seat__number"))
    people = []
    for row in rows:
        identity = getattr(row.volunteer, "identity", None)
        people.append((identity.first_name, identity.last_name) if identity else (row.volunteer.reference, ""))
    names = told_apart(people)
    return [Attendee(Group.CITIZEN, name, number=row.seat.number) for row, name in zip(rows, names, strict=True)]


def told_apart(people: Sequence[tuple[str, str]]) -> list[str]:
    """First names, with as many letters of the family name as it takes to tell two of one first name apart."""
    names = []
    for first, last in people:
        others = [other for name, other in people if (name, other) != (first, last) and name == first]
        if not others and people.count((first, last)) == 1:
            names.append(first)
            continue
        letters = next((n for n in range(1, len(last)) if all(other[:n] != last[:n] for other in others)), len(last))
        names.append(f"{first} {last[:letters]}" + ("." if letters < len(last) else ""))
    return names


register_attendees(citizens)
