"""Who comes, for what is printed: name plates, badges, attendance sheets. Rooms register when they start."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from conference.models import Conference, Membership


class Group(TextChoices):
    """In this order on sheets, and by a word on badges."""

    CITIZEN = "citizen", pgettext_lazy("on a badge", "Citizens’ panel")
    EXPERT = "expert", pgettext_lazy("on a badge", "Expert")
    TEAM = "team", pgettext_lazy("on a badge", "Team")


@dataclass(frozen=True)
class Attendee:
    """``name``: as it is printed; of a citizen the first name, with letters of the family name where two share it."""

    group: Group
    name: str
    about: str = ""
    number: int | None = None  # of the seat


type Provider = Callable[[Conference], list[Attendee]]
_PROVIDERS: list[Provider] = []


def register_attendees(provider: Provider) -> None:
    _PROVIDERS.append(provider)


def attendees_of(conference: Conference) -> list[Attendee]:
    found = [attendee for provider in _PROVIDERS for attendee in provider(conference)]
    order = list(Group)
    return sorted(found, key=lambda one: (order.index(one.group), one.number or 0, one.name))


def _team(conference: Conference) -> list[Attendee]:
    members = Membership.objects.filter(conference=conference, user__is_active=True).select_related("user")
    return [
        Attendee(Group.TEAM, str(member.user), member.public_title or str(member.get_role_display()))
        for member in members
    ]


register_attendees(_team)
