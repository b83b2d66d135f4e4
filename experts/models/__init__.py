"""What the experts' room stores."""

from experts.models.board import BoardSignature, BoardSnapshot, Wish
from experts.models.briefing import Briefing, BriefingRead, BriefingVersion
from experts.models.claim import Claim, Expense
from experts.models.code import AccessCode
from experts.models.expert import Availability, CommitteeOpinion, Contribution, Expert, ExpertQuerySet
from experts.models.paper import Paper
from experts.models.question import Ask, KeyQuestion, QuestionList, ScaleStep, Stance
from experts.models.sheet import (
    Chapter,
    GlossaryEntry,
    InformationFile,
    LayReading,
    Sheet,
    SheetOpinion,
    SheetPair,
    SheetVersion,
)

__all__ = [
    "AccessCode",
    "Ask",
    "Availability",
    "BoardSignature",
    "BoardSnapshot",
    "Briefing",
    "BriefingRead",
    "BriefingVersion",
    "Chapter",
    "Claim",
    "CommitteeOpinion",
    "Contribution",
    "Expense",
    "Expert",
    "ExpertQuerySet",
    "GlossaryEntry",
    "InformationFile",
    "KeyQuestion",
    "LayReading",
    "Paper",
    "QuestionList",
    "ScaleStep",
    "Sheet",
    "SheetOpinion",
    "SheetPair",
    "SheetVersion",
    "Stance",
    "Wish",
]
