"""What the experts' room stores."""

from experts.models.board import BoardSignature, BoardSnapshot, Wish
from experts.models.briefing import Briefing, BriefingRead, BriefingVersion
from experts.models.claim import Claim, Expense
from experts.models.code import AccessCode
from experts.models.expert import Availability, CommitteeOpinion, Contribution, Expert, ExpertQuerySet
from experts.models.paper import Paper
from experts.models.question import Ask, KeyQuestion, QuestionList, ScaleStep, Stance

__all__ = [
    "AccessCode",
    "Ask",
    "Availability",
    "BoardSignature",
    "BoardSnapshot",
    "Briefing",
    "BriefingRead",
    "BriefingVersion",
    "Claim",
    "CommitteeOpinion",
    "Contribution",
    "Expense",
    "Expert",
    "ExpertQuerySet",
    "KeyQuestion",
    "Paper",
    "QuestionList",
    "ScaleStep",
    "Stance",
    "Wish",
]
