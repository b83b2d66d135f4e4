"""What is drawn from: the pool and the quotas as a record without personal data, and whether a panel can come of it."""

import dataclasses
from collections import Counter, defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference
from panels import lottery
from panels.models import Criterion, Draw, Volunteer


@dataclasses.dataclass(frozen=True)
class Readiness:
    """What stands between a conference and its draw. ``feasibility`` is None while the pool or criteria are unusable."""

    pool: int
    incomplete: tuple[str, ...]  # references of volunteers without a value for some criterion
    obstacles: tuple[str, ...]  # sentences; empty when the draw can be made
    feasibility: "lottery.Feasibility | None"

    @property
    def ready(self) -> bool:
        return not self.obstacles and self.feasibility is not None and self.feasibility.feasible


def _quotas(conference: Conference) -> list[dict[str, Any]]:
    criteria = Criterion.objects.filter(conference=conference).prefetch_related("values")
    return [
        {"feature": criterion.name, "value": value.name, "min": value.minimum, "max": value.maximum}
        for criterion in criteria
        for value in criterion.values.all()
    ]


def _people(conference: Conference) -> tuple[list[dict[str, Any]], list[str]]:
    """The pool as pseudonyms with their values, and the references of those without a value for some criterion."""
    criteria = dict(Criterion.objects.filter(conference=conference).values_list("pk", "name"))
    values: dict[int, dict[str, str]] = defaultdict(dict)
    traits = (
        Volunteer.objects.filter(conference=conference)
        .pool()
        .values_list("pk", "traits__criterion", "traits__value__name")
    )
    for pk, criterion_id, value in traits.iterator():
        if criterion_id in criteria:
            values[pk][criteria[criterion_id]] = value
    pool = list(
        Volunteer.objects.filter(conference=conference)
        .pool()
        .order_by("reference")
        .values_list("pk", "reference", "household")
    )
    shared = [key for key, count in Counter(key for _pk, _ref, key in pool if key).items() if count > 1]
    groups = {key: f"H{number}" for number, key in enumerate(sorted(shared), 1)} if conference.one_per_household else {}
    people, incomplete = [], []
    for pk, reference, household in pool:
        if len(values[pk]) < len(criteria):
            incomplete.append(reference)
            continue
        person: dict[str, Any] = {"id": reference, "values": values[pk]}
        if household in groups:
            person["household"] = groups[household]  # a number: the address stays at home
        people.append(person)
    return people, incomplete


def snapshot(conference: Conference) -> tuple[dict[str, Any], list[str]]:
    """What is drawn from, as JSON under references, and the references of incomplete volunteers."""
    people, incomplete = _people(conference)
    frozen = {
        "size": conference.seats,
        "alternates": conference.alternates,
        "quotas": _quotas(conference),
        "people": people,
    }
    return frozen, incomplete


def problem_from(record_: dict[str, Any]) -> "lottery.Problem":
    """The engine's problem from a frozen record."""
    return lottery.Problem(
        size=record_["size"],
        quotas=tuple(lottery.Quota(q["feature"], q["value"], q["min"], q["max"]) for q in record_["quotas"]),
        people=tuple(lottery.Person(p["id"], p["values"], p.get("household")) for p in record_["people"]),
    )


def obstacles_of(conference: Conference, frozen: dict[str, Any], incomplete: list[str]) -> list[str]:
    found = []
    if not frozen["quotas"]:
        found.append(_("No criteria yet. Define the criteria and their quotas first."))
    if not frozen["people"] and not incomplete:
        found.append(_("The pool is empty. Import a file or open the registration first."))
    elif len(frozen["people"]) < conference.seats:
        found.append(
            _("The pool has %(pool)s volunteers for %(seats)s seats. More volunteers are needed.")
            % {"pool": len(frozen["people"]), "seats": conference.seats}
        )
    if incomplete:
        found.append(
            ngettext(
                "%(count)s volunteer has no value for one of the criteria (%(first)s). Complete or withdraw them first.",
                "%(count)s volunteers have no value for one of the criteria (%(first)s). Complete or withdraw them first.",
                len(incomplete),
            )
            % {"count": len(incomplete), "first": ", ".join(incomplete[:5])}
        )
    return found


def feasibility_for(conference: Conference) -> Readiness:
    """Whether a draw can be made now, and if not, what stands in the way. Reads only."""
    frozen, incomplete = snapshot(conference)
    obstacles = obstacles_of(conference, frozen, incomplete)
    feasibility = None
    if not obstacles:
        try:
            feasibility = lottery.check(problem_from(frozen))
        except lottery.UnusableInput as error:
            obstacles.append(str(error))
    return Readiness(len(frozen["people"]) + len(incomplete), tuple(incomplete), tuple(obstacles), feasibility)


@dataclasses.dataclass(frozen=True)
class Changes:
    """What has changed since a draw was prepared. Counts of volunteers; ``rules``: quotas, seats or alternates."""

    joined: int
    left: int
    altered: int
    rules: bool

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.altered or self.rules)

    def sentences(self) -> list[str]:
        told = []
        if self.joined:
            told.append(
                ngettext("%(count)s volunteer joined.", "%(count)s volunteers joined.", self.joined)
                % {"count": self.joined}
            )
        if self.left:
            told.append(
                ngettext("%(count)s volunteer left.", "%(count)s volunteers left.", self.left) % {"count": self.left}
            )
        if self.altered:
            told.append(
                ngettext(
                    "The values of %(count)s volunteer changed.",
                    "The values of %(count)s volunteers changed.",
                    self.altered,
                )
                % {"count": self.altered}
            )
        if self.rules:
            told.append(_("The criteria, the number of seats or of alternates changed."))
        return told


def changes_since(draw: Draw) -> Changes:
    """Compare the frozen record with the pool and the quotas of this moment."""
    now, _incomplete = snapshot(draw.conference)
    before = {person["id"]: _plain(person) for person in draw.problem["people"]}
    after = {draw.pseudonyms.get(person["id"], ""): _plain(person) for person in now["people"]}
    joined = sum(person["id"] not in draw.pseudonyms for person in now["people"])
    return Changes(
        joined=joined,
        left=len(before.keys() - after.keys()),
        altered=sum(before[name] != after[name] for name in before.keys() & after.keys()),
        rules=any(draw.problem.get(key) != now[key] for key in ("size", "alternates", "quotas")),
    )


def _plain(person: dict[str, Any]) -> tuple[dict[str, str], str]:
    return person["values"], person.get("household", "")
