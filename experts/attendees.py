"""The experts who come, on name plates and badges."""

from conference.attendees import Attendee, Group, register_attendees
from conference.models import Conference
from experts.models import Expert


def experts(conference: Conference) -> list[Attendee]:
    rows = Expert.objects.filter(conference=conference).public().order_by("last_name", "first_name")
    return [Attendee(Group.EXPERT, str(row), row.affiliation or row.field) for row in rows]


register_attendees(experts)
