"""Closed lists of experts and briefings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExpertState(TextChoices):
    LISTED = "listed", _("Listed")
    INVITED = "invited", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrew")


EXPERT_TRANSITIONS: dict[ExpertState, frozenset[ExpertState]] = {
    ExpertState.LISTED: frozenset({ExpertState.INVITED}),
    ExpertState.INVITED: frozenset({ExpertState.ACCEPTED, ExpertState.DECLINED}),
    ExpertState.ACCEPTED: frozenset({ExpertState.WITHDRAWN, ExpertState.DECLINED}),
    ExpertState.DECLINED: frozenset({ExpertState.ACCEPTED, ExpertState.INVITED}),
    ExpertState.WITHDRAWN: frozenset({ExpertState.INVITED}),
}


class Position(TextChoices):
    """Where an expert stands on the question, as they declare it."""

    FOR = "for", _("For")
    RATHER_FOR = "rather_for", _("Rather for")
    OPEN = "open", _("Open")
    RATHER_AGAINST = "rather_against", _("Rather against")
    AGAINST = "against", _("Against")


class ProposedBy(TextChoices):
    ORGANISER = "organiser", _("The organiser")
    STEERING = "steering", _("The steering committee")
    CITIZENS = "citizens", _("The citizens")
    OPEN_CALL = "open_call", _("An open call")
