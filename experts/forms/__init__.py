"""What organisers and experts fill in. Forms check and hand over; the domain saves."""

from experts.forms.briefings import BriefingForm, DraftForm, PublishForm
from experts.forms.claims import QueryForm
from experts.forms.committee import BypassForm, OpinionForm
from experts.forms.fields import SessionField, choices
from experts.forms.link import (
    AvailabilityForm,
    CodeForm,
    DeclarationForm,
    ExpenseForm,
    ExpertAnswerForm,
    NewLinkForm,
    PaperForm,
    SignForm,
)
from experts.forms.programme import ContributionForm
from experts.forms.record import ExpertForm, LongListFilter, PhotographForm, RecordAnswerForm
from experts.forms.stances import ScaleForm, StancesForm

__all__ = [
    "AvailabilityForm",
    "BriefingForm",
    "BypassForm",
    "CodeForm",
    "ContributionForm",
    "DeclarationForm",
    "DraftForm",
    "ExpenseForm",
    "ExpertAnswerForm",
    "ExpertForm",
    "LongListFilter",
    "NewLinkForm",
    "OpinionForm",
    "PaperForm",
    "PhotographForm",
    "PublishForm",
    "QueryForm",
    "RecordAnswerForm",
    "ScaleForm",
    "SessionField",
    "SignForm",
    "StancesForm",
    "choices",
]
