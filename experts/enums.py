"""Closed lists of experts and briefings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExpertState(TextChoices):
    LISTED = "listed", pgettext_lazy("expert", "Long-listed")
    APPROVED = "approved", pgettext_lazy("expert", "Approved by the committee")
    INVITED = "invited", pgettext_lazy("expert", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("expert", "Accepted")
    DECLINED = "declined", pgettext_lazy("expert", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("expert", "Withdrew")


# An expert may change their answer with the same link. LISTED -> ACCEPTED or DECLINED: they said so by telephone,
# before any mail. Whoever leaves after having accepted has withdrawn, not declined: the programme counted on them.
EXPERT_TRANSITIONS: dict[ExpertState, frozenset[ExpertState]] = {
    # LISTED -> INVITED only where no committee sits, or with a reason that the public reads (domain/committee).
    ExpertState.LISTED: frozenset(
        {ExpertState.APPROVED, ExpertState.INVITED, ExpertState.ACCEPTED, ExpertState.DECLINED}
    ),
    # APPROVED -> LISTED: a member of the committee objects after all.
    ExpertState.APPROVED: frozenset(
        {ExpertState.LISTED, ExpertState.INVITED, ExpertState.ACCEPTED, ExpertState.DECLINED}
    ),
    ExpertState.INVITED: frozenset({ExpertState.ACCEPTED, ExpertState.DECLINED}),
    ExpertState.ACCEPTED: frozenset({ExpertState.WITHDRAWN}),
    ExpertState.DECLINED: frozenset({ExpertState.ACCEPTED, ExpertState.INVITED}),
    ExpertState.WITHDRAWN: frozenset({ExpertState.ACCEPTED, ExpertState.INVITED}),
}
NOT_INVITED = frozenset({ExpertState.LISTED, ExpertState.APPROVED})  # the committee's word is still to come, or fresh
CONCERNED = frozenset({ExpertState.INVITED, ExpertState.ACCEPTED})  # these read briefings and are told of changes
GONE = frozenset({ExpertState.DECLINED, ExpertState.WITHDRAWN})  # these do not come


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


class Sector(TextChoices):
    """For whom an expert works, so that the board can show whether one kind of employer speaks alone."""

    PUBLIC_RESEARCH = "public_research", _("Public research or teaching")
    ADMINISTRATION = "administration", _("Administration or public agency")
    COMPANY = "company", _("Company or trade body")
    ASSOCIATION = "association", _("Association or trade union")
    INDEPENDENT = "independent", _("Independent")
    OTHER = "other", pgettext_lazy("sector", "Other")


class Gender(TextChoices):
    """As the expert says; empty where they have not said."""

    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", pgettext_lazy("gender", "Other")


class Opinion(TextChoices):
    """What a member of the steering committee says of an expert on the long list."""

    APPROVES = "approves", _("Approves")
    OBJECTS = "objects", _("Objects")


class Bypassed(TextChoices):
    """What an organiser passed over, with a reason, when they invited an expert."""

    OBJECTION = "objection", _("An objection of the steering committee")
    QUORUM = "quorum", _("The approval of the steering committee")
    BOARD = "board", _("A condition for all invitations")  # one of domain/invitation_gate


class ClaimState(TextChoices):
    """An expert's account of fee and travel."""

    OPEN = "open", pgettext_lazy("claim", "Being written")
    SIGNED = "signed", pgettext_lazy("claim", "Signed, to be looked at")
    QUERIED = "queried", pgettext_lazy("claim", "Sent back with a question")
    ACCEPTED = "accepted", pgettext_lazy("claim", "Accepted")


# SIGNED -> OPEN: the expert takes their signature back to correct a line. What is accepted is paid and stays.
CLAIM_TRANSITIONS: dict[ClaimState, frozenset[ClaimState]] = {
    ClaimState.OPEN: frozenset({ClaimState.SIGNED}),
    ClaimState.SIGNED: frozenset({ClaimState.OPEN, ClaimState.QUERIED, ClaimState.ACCEPTED}),
    ClaimState.QUERIED: frozenset({ClaimState.SIGNED}),
    ClaimState.ACCEPTED: frozenset(),
}
CLAIM_WRITABLE = frozenset({ClaimState.OPEN, ClaimState.QUERIED})


class Verdict(TextChoices):
    """What the panel says of an expert's answer to one of its questions."""

    ANSWERED = "answered", _("Answered")
    PARTLY = "partly", _("Partly answered")
    EVADED = "evaded", _("Evaded")
    CONTRADICTED = "contradicted", _("Contradicted")


class Decision(TextChoices):
    """What a member of the committee does with the balance board."""

    SIGNS = "signs", pgettext_lazy("board", "Signs")
    REFUSES = "refuses", pgettext_lazy("board", "Refuses to sign")


class WishAnswer(TextChoices):
    """What the organiser answers to a wish of the citizens; empty: no answer yet."""

    HEARD = "heard", pgettext_lazy("wish", "Will be heard")
    PARTLY = "partly", pgettext_lazy("wish", "Will be heard in part")
    NO = "no", pgettext_lazy("wish", "Will not be heard")


class SheetKind(TextChoices):
    """What a sheet of the information file does. One that argues is owed its opposite."""

    INFORMS = "informs", pgettext_lazy("sheet", "Informs: says what is known")
    ARGUES = "argues", pgettext_lazy("sheet", "Argues: defends a point of view")
