"""To whom a free message may go. Each room supplies its own groups, the core its colleagues.

A group is a list of people; a narrowing keeps, of all of them, those whom it concerns (the women, say). Where two groups
overlap a person counts once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.mail.domain.outbox import Recipient
from conference.mail.models import OptOut, Suppression
from conference.models import Conference, Membership, User


@dataclass(frozen=True)
class Group:
    """People under one name. ``members`` may hold people without an address: they are counted, not written to."""

    key: str
    label: str | Promise
    members: Callable[[], Iterable[Recipient]]


@dataclass(frozen=True)
class Narrowing:
    """``keys``: the recipient keys of those who fit a value."""

    key: str
    label: str
    options: list[tuple[str, str]]
    keys: Callable[[str], set[str]]


@dataclass(frozen=True)
class Audience:
    """Whom a message would reach, and whom it would not."""

    recipients: list[Recipient] = field(default_factory=list)
    without_address: int = 0
    dead_address: int = 0  # a message came back: nothing more is sent there
    left: int = 0  # they want no optional messages

    @property
    def count(self) -> int:
        return len(self.recipients)


Supply = Callable[[Conference], list[Group]]
SupplyNarrowings = Callable[[Conference], list[Narrowing]]
FirstName = Callable[[int], str | None]

_GROUPS: list[Supply] = []
_NARROWINGS: list[SupplyNarrowings] = []
_NAMES: dict[str, FirstName] = {}


def register_audiences(
    prefix: str, groups: Supply, first_name: FirstName, narrowings: SupplyNarrowings | None = None
) -> None:
    """``prefix``: of the recipient keys ("volunteer"); ``first_name``: how to greet such a person, None if they are erased."""
    _GROUPS.append(groups)
    _NAMES[prefix] = first_name
    if narrowings:
        _NARROWINGS.append(narrowings)


def groups_of(conference: Conference) -> list[Group]:
    return [group for supply in _GROUPS for group in supply(conference)]


def narrowings_of(conference: Conference) -> list[Narrowing]:
    return [narrowing for supply in _NARROWINGS for narrowing in supply(conference) if narrowing.options]


def first_name_of(recipient_key: str) -> str | None:
    prefix, _sign, pk = recipient_key.partition(":")
    look_up = _NAMES.get(prefix)
    return look_up(int(pk)) if look_up and pk.isdecimal() else None


def audience(conference: Conference, groups: Iterable[str], narrowed: Mapping[str, str]) -> Audience:
    """Everybody in one of the groups who fits every narrowing; nobody twice."""
    wanted = set(groups)
    chosen = {one.key: one for group in groups_of(conference) if group.key in wanted for one in group.members()}
    for narrowing in narrowings_of(conference):
        if value := narrowed.get(narrowing.key):
            fitting = narrowing.keys(value)
            chosen = {key: one for key, one in chosen.items() if key in fitting}
    return _reachable(conference, list(chosen.values()))


def _reachable(conference: Conference, everybody: list[Recipient]) -> Audience:
    keys = [one.key for one in everybody]
    left = set(
        OptOut.objects.filter(conference=conference, recipient_key__in=keys).values_list("recipient_key", flat=True)
    )
    dead = set(Suppression.objects.filter(recipient_key__in=keys).values_list("recipient_key", "email"))
    found: list[Recipient] = []
    counts = {"without_address": 0, "dead_address": 0, "left": 0}
    for one in everybody:
        if not one.email:
            counts["without_address"] += 1
        elif one.key in left:
            counts["left"] += 1
        elif (one.key, one.email.lower()) in dead:
            counts["dead_address"] += 1
        else:
            found.append(one)
    return Audience(sorted(found, key=lambda one: (one.name, one.key)), **counts)


# -- The core's own ----------------------------------------------------------------------------------------------------
def _colleagues(conference: Conference) -> list[Group]:
    def members() -> Iterable[Recipient]:
        rows = Membership.objects.filter(conference=conference, user__is_active=True).select_related("user")
        for row in rows:
            yield Recipient(f"user:{row.user_id}", row.user.email, str(row.user), row.user.language)

    return [Group("colleagues", _("Colleagues: everybody with a role in this conference"), members)]


def _name_of_user(pk: int) -> str | None:
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user.get_short_name() if user else None


register_audiences("user", _colleagues, _name_of_user)
