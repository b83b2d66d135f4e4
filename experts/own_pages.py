"""Which of their pages an expert has, and what each of them wants of the expert now, in a sentence."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.enums import ClaimState, ExpertState
from experts.models import Availability, Briefing, BriefingRead, Claim, Contribution, Expert, KeyQuestion, Paper

PAPERS_BEFORE = timedelta(days=14)  # slides are asked for when the session comes near


def has_accepted(expert: Expert) -> bool:
    return expert.state == ExpertState.ACCEPTED


def may_claim(expert: Expert) -> bool:
    """Whoever has withdrawn may have paid for a ticket."""
    return expert.state in {ExpertState.ACCEPTED, ExpertState.WITHDRAWN}


def reading_todo(expert: Expert) -> str:
    if expert.state != ExpertState.ACCEPTED:  # the answer comes first
        return ""
    newest = [briefing.published[0].pk for briefing in Briefing.objects.for_expert(expert).with_versions()]  # type: ignore[attr-defined]
    unread = len(newest) - BriefingRead.objects.filter(expert=expert, version__in=newest).count() if newest else 0
    words = ngettext(
        "Read a briefing and say that you have.", "Read %(number)s briefings and say that you have.", unread
    )
    return words % {"number": unread} if unread else ""


def availability_todo(expert: Expert) -> str:
    if expert.state != ExpertState.ACCEPTED or Availability.objects.filter(expert=expert).exists():
        return ""
    return _("Say on which half-days you can come.")


def declarations_todo(expert: Expert) -> str:
    if not (expert.position and expert.position_text and expert.interests):
        return _("Say where you stand, and what your interests are.")
    missing = KeyQuestion.objects.filter(conference=expert.conference_id).exclude(stances__expert=expert).count()
    words = ngettext(
        "Say where you stand on a question of the citizens.",
        "Say where you stand on %(number)s questions of the citizens.",
        missing,
    )
    return words % {"number": missing} if missing else ""


def papers_todo(expert: Expert) -> str:
    """Once the session is near, and nothing has been handed in."""
    near = Contribution.objects.held().filter(
        expert=expert,
        session__starts_at__gt=timezone.now(),
        session__starts_at__lt=timezone.now() + PAPERS_BEFORE,
    )
    if Paper.objects.filter(expert=expert, from_expert=True).exists() or not near.exists():
        return ""
    return _("Hand in your slides or your sheet, if you bring any.")


def travel_todo(expert: Expert) -> str:
    claim = Claim.objects.filter(expert=expert).first()
    if claim and claim.state == ClaimState.QUERIED:
        return _("The organisers have a question about your account.")
    spoke = Contribution.objects.held().filter(expert=expert, session__ends_at__lt=timezone.now())
    if (claim is None or claim.state == ClaimState.OPEN) and spoke.exists():
        return _("Write and sign your account of fee and travel.")
    return ""
