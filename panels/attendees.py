"""The citizens on name plates, badges and attendance sheets: by their first names."""

from collections import Counter

from conference.attendees import Attendee, Group, register_attendees
from conference.models import Conference
from panels.models import Invitation


def citizens(conference: Conference) -> list[Attendee]:
    """Who has accepted, in the order of the seats. A letter of the family name tells two of one first name apart."""
    accepted = Invitation.objects.filter(conference=conference).accepted()
    rows = accepted.select_related("seat", "volunteer__identity").order_by("seat__number")
    people = [(row.seat.number, getattr(row.volunteer, "identity", None), row.volunteer.reference) for row in rows]
    firsts = Counter(identity.first_name for _seat, identity, _reference in people if identity)
    found = []
    for seat, identity, reference in people:
        name = identity.first_name if identity else reference
        if identity and firsts[name] > 1 and identity.last_name:
            name = f"{name} {identity.last_name[0]}."
        found.append(Attendee(Group.CITIZEN, name, number=seat))
    return found


register_attendees(citizens)
