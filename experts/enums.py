"""Closed lists of experts and briefings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExpertState(TextChoices):
    LISTED = "listed", pgettext_lazy("expert", "Listed")
    INVITED = "invited", pgettext_lazy("expert", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("expert", "Accepted")
    DECLINED = "declined", pgettext_lazy("expert", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("expert", "Withdrew")


# An expert may change their answer with the same link. LISTED -> ACCEPTED or DECLINED: they said so by telephone,
# before any mail. Whoever leaves after having accepted has withdrawn, not declined: the programme counted on them.
EXPERT_TRANSITIONS: dict[ExpertState, frozenset[ExpertState]] = {
    ExpertState.LISTED: frozenset({ExpertState.INVITED, ExpertState.ACCEPTED, ExpertState.DECLINED}),
    ExpertState.INVITED: frozenset({ExpertState.ACCEPTED, ExpertState.DECLINED}),
    ExpertState.ACCEPTED: frozenset({ExpertState.WITHDRAWN}),
    ExpertState.DECLINED: frozenset({ExpertState.ACCEPTED, ExpertState.INVITED}),
    ExpertState.WITHDRAWN: frozenset({ExpertState.ACCEPTED, ExpertState.INVITED}),
}
CONCERNED = frozenset({ExpertState.INVITED, ExpertState.ACCEPTED})  # these read briefings and are told of changes


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


class Side(TextChoices):
    """What the balance of views weighs: two sides that must both be heard, and those between them."""

    FOR = "side_for", pgettext_lazy("side", "For")
    BETWEEN = "side_between", pgettext_lazy("side", "Between the two")
    AGAINST = "side_against", pgettext_lazy("side", "Against")
