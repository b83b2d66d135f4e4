"""What the experts' room stores."""

from experts.models.board import BoardSignature, BoardSnapshot, Wish
from experts.models.briefing import Briefing, BriefingRead, BriefingVersion
from experts.models.expert import Availability, CommitteeOpinion, Contribution, Expert, ExpertQuerySet
from experts.models.question import Ask, KeyQuestion, QuestionList, ScaleStep, Stance

__all__ = [
    "Ask",
    "Availability",
    "BoardSignature",
    "BoardSnapshot",
    "Briefing",
    "BriefingRead",
    "BriefingVersion",
    "CommitteeOpinion",
    "Contribution",
    "Expert",
    "ExpertQuerySet",
    "KeyQuestion",
    "QuestionList",
    "ScaleStep",
    "Stance",
    "Wish",
]
