"""The long list as one works with it: what is known of each expert, what is missing, what the committee says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference, Membership
from experts.domain.committee import HEARD, Standing, standings
from experts.enums import CONCERNED, ExpertState
from experts.models import Availability, CommitteeOpinion, Expert, ExpertQuerySet, KeyQuestion


@dataclass(frozen=True)
class Row:
    expert: Expert
    standing: Standing
    missing: list[str]
    mine: CommitteeOpinion | None  # of the member who looks
    is_open: bool  # the committee may still speak

    @property
    def waits_for_me(self) -> bool:
        return self.is_open and self.mine is None


def chosen(conference: Conference, wanted: Mapping[str, str]) -> ExpertQuerySet:
    """The experts that a filter leaves. "none": not known yet."""
    found = Expert.objects.filter(conference=conference)
    for name in ("state", "sector", "position"):
        if name in wanted:
            found = found.filter(**{name: "" if wanted[name] == "none" else wanted[name]})
    for word in wanted.get("q", "").split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(affiliation__icontains=word)
        )
    return found


def rows(
    conference: Conference, experts: ExpertQuerySet, member: Membership, committee: tuple[Membership, ...]
) -> list[Row]:
    """Four queries for any number of experts."""
    listed = list(
        experts.with_programme().annotate(
            has_said_when=Exists(Availability.objects.filter(expert=OuterRef("pk"))),
            stance_count=Count("stances", distinct=True),
        )
    )
    questions = KeyQuestion.objects.filter(conference=conference).count()
    standing = standings(conference, listed, committee)
    return [
        Row(
            expert,
            standing[expert.pk],
            missing_of(expert, questions),
            standing[expert.pk].opinions.get(member.pk),
            expert.state in HEARD,
        )
        for expert in listed
    ]


def missing_of(expert: Expert, questions: int) -> list[str]:
    """In words, the gravest first. ``expert`` bears the annotations of ``rows``."""
    found = [
        (not expert.position, _("position")),
        (not expert.interests, _("interests")),
        (not expert.sector, _("sector")),
        (not expert.gender, _("gender")),
        (not expert.biography, _("biography")),
        (not expert.photograph, _("photograph")),
        (expert.state in CONCERNED and not expert.has_said_when, _("availability")),  # type: ignore[attr-defined]
        (expert.state == ExpertState.ACCEPTED and not expert.programme, _("session")),  # type: ignore[attr-defined]
    ]
    unsaid = questions - expert.stance_count  # type: ignore[attr-defined]
    words = ngettext("position on %(number)s question", "position on %(number)s questions", unsaid)
    return [text for is_missing, text in [*found, (unsaid > 0, words % {"number": unsaid})] if is_missing]


def waiting(rows: Iterable[Row]) -> int:
    return sum(1 for row in rows if row.waits_for_me)
