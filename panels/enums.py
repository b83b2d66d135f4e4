"""Closed lists of the panel, and the one table of what an invitation may become."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(TextChoices):
    """The door through which a volunteer came."""

    IMPORT = "import", _("Imported file")
    REGISTRATION = "registration", _("Registration page")
    TYPED = "typed", _("Typed in by an organiser")


class Standing(TextChoices):
    """Where a volunteer stands before the draw."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed yet")
    ELIGIBLE = "eligible", _("In the pool")
    REVIEW = "review", _("Waiting for a decision")
    EXCLUDED = "excluded", _("Not in the pool")
    WITHDRAWN = "withdrawn", _("Withdrew")


STANDING_TRANSITIONS: dict[Standing, frozenset[Standing]] = {
    Standing.UNCONFIRMED: frozenset({Standing.ELIGIBLE, Standing.REVIEW, Standing.WITHDRAWN}),
    Standing.ELIGIBLE: frozenset({Standing.REVIEW, Standing.EXCLUDED, Standing.WITHDRAWN}),
    Standing.REVIEW: frozenset({Standing.ELIGIBLE, Standing.EXCLUDED, Standing.WITHDRAWN}),
    Standing.EXCLUDED: frozenset({Standing.ELIGIBLE, Standing.WITHDRAWN}),
    Standing.WITHDRAWN: frozenset({Standing.ELIGIBLE, Standing.REVIEW}),  # the person registers again and confirms it
}


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("Columns to be mapped")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    ABANDONED = "abandoned", _("Abandoned")
    FAILED = "failed", _("Failed")


class DrawState(TextChoices):
    """A draw is prepared (nothing is public yet), committed (its fingerprint is), and done when the ticket is drawn."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    PREPARED = "prepared", _("Prepared")
    COMMITTED = "committed", _("Committed")
    DONE = "done", _("Done")
    INFEASIBLE = "infeasible", _("No panel meets the quotas")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    WITHDRAWN = "withdrawn", _("Withdrawn before the ticket was drawn")
    SUPERSEDED = "superseded", _("Replaced by a later draw")


BINDING = frozenset({DrawState.COMMITTED, DrawState.DONE})  # the pool and the criteria are frozen


class Choosing(TextChoices):
    """How the digits of the ticket come about; published with the commitment."""

    BALLS = "balls", _("Balls drawn in public")
    DICE = "dice", _("Ten-sided dice thrown in public")
    SOURCE = "source", _("A public source that nobody can steer")
    PROGRAM = "program", _("The program itself, from its sealed seed")


class Place(TextChoices):
    """What the draw made of a volunteer."""

    PANEL = "panel", _("Panel")
    ALTERNATE = "alternate", _("Alternate")
    NOT_DRAWN = "not_drawn", _("Not drawn")


class InvitationState(TextChoices):
    PENDING = "pending", _("Not sent yet")
    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("No answer in time")
    WITHDRAWN = "withdrawn", _("Withdrew after accepting")
    REVOKED = "revoked", _("Taken back by the organiser")


# A person may change their answer until the deadline as long as the seat is still theirs: DECLINED -> ACCEPTED is allowed
# only while nobody else was invited to the seat, which the database's constraint decides.
INVITATION_TRANSITIONS: dict[InvitationState, frozenset[InvitationState]] = {
    InvitationState.PENDING: frozenset(
        {
            InvitationState.SENT,
            InvitationState.ACCEPTED,
            InvitationState.DECLINED,
            InvitationState.EXPIRED,
            InvitationState.REVOKED,
        }
    ),
    InvitationState.SENT: frozenset(
        {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.EXPIRED, InvitationState.REVOKED}
    ),
    InvitationState.ACCEPTED: frozenset({InvitationState.DECLINED, InvitationState.WITHDRAWN, InvitationState.REVOKED}),
    InvitationState.DECLINED: frozenset({InvitationState.ACCEPTED}),
    InvitationState.EXPIRED: frozenset({InvitationState.ACCEPTED}),
    InvitationState.WITHDRAWN: frozenset(),
    InvitationState.REVOKED: frozenset(),
}
HOLDING = frozenset({InvitationState.PENDING, InvitationState.SENT, InvitationState.ACCEPTED})  # these hold a seat
WAITING = frozenset({InvitationState.PENDING, InvitationState.SENT})


class Channel(TextChoices):
    """How an answer came in."""

    LINK = "link", _("Personal link")
    TELEPHONE = "telephone", _("Telephone")
    LETTER = "letter", _("Letter")
    PROGRAM = "program", _("The program")


class Way(TextChoices):
    """How an invitation went out."""

    EMAIL = "email", _("by e-mail")
    LETTER = "letter", _("by letter")


class CallOutcome(TextChoices):
    """What came of a telephone call."""

    ACCEPTED = "accepted", _("Said yes")
    DECLINED = "declined", _("Said no")
    NO_ANSWER = "no_answer", _("Nobody answered")
    AGAIN = "again", _("To be called again")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class DeclineReason(TextChoices):
    DATES = "dates", _("The dates do not suit me")
    HEALTH = "health", _("Health or care of someone close")
    WORK = "work", _("Work or studies")
    SUBJECT = "subject", _("The subject does not interest me")
    UNCOMMITTED = "uncommitted", _("I am involved in the subject")
    OTHER = "other", _("Another reason")
    UNSAID = "unsaid", _("I would rather not say")


class MarkKind(TextChoices):
    """What is noted at a roll call. Each kind writes into one of three registers (``panels.roll``)."""

    PRESENT = "present", pgettext_lazy("roll call", "Present")
    LATE = "late", pgettext_lazy("roll call", "Arrived late")
    ABSENT = "absent", pgettext_lazy("roll call", "Absent")
    CLEARED = "cleared", pgettext_lazy("roll call", "Not noted")
    LEFT = "left", pgettext_lazy("roll call", "Left early")
    STAYED = "stayed", pgettext_lazy("roll call", "Stayed to the end")
    SIGNED = "signed", pgettext_lazy("roll call", "Signed")


class RateKind(TextChoices):
    """What a citizen is paid for."""

    HALF_DAY = "half_day", pgettext_lazy("rate", "Each half-day attended")
    DAY = "day", pgettext_lazy("rate", "Each day attended, even in part")
    HOUR = "hour", pgettext_lazy("rate", "Each hour of presence")
    TRAVEL_KM = "travel_km", pgettext_lazy("rate", "Travel, by the kilometre")
    TRAVEL_RECEIPT = "travel_receipt", pgettext_lazy("rate", "Travel, by receipt")
    CHILDCARE_HOUR = "childcare_hour", pgettext_lazy("rate", "Childcare, by the hour")
    MEAL = "meal", pgettext_lazy("rate", "Meals")
    LODGING = "lodging", pgettext_lazy("rate", "Nights")
    LOST_INCOME_HOUR = "lost_income_hour", pgettext_lazy("rate", "Loss of income, by the hour")
    CUSTOM = "custom", pgettext_lazy("rate", "Something else")


FROM_PRESENCE = (RateKind.HALF_DAY, RateKind.DAY, RateKind.HOUR)  # reckoned by the roll call, never typed


class StatementState(TextChoices):
    """What is due to one citizen at one time. Before it is confirmed nothing is stored: the draft is reckoned anew."""

    DRAFT = "draft", pgettext_lazy("allowance", "Draft")
    CONFIRMED = "confirmed", pgettext_lazy("allowance", "Confirmed")
    REOPENED = "reopened", pgettext_lazy("allowance", "Taken back")
    EXPORTED = "exported", pgettext_lazy("allowance", "Handed over for payment")
    PAID = "paid", pgettext_lazy("allowance", "Paid")


STATEMENT_TRANSITIONS: dict[StatementState, frozenset[StatementState]] = {
    StatementState.DRAFT: frozenset({StatementState.CONFIRMED}),
    StatementState.CONFIRMED: frozenset({StatementState.REOPENED, StatementState.EXPORTED}),
    StatementState.REOPENED: frozenset(),
    StatementState.EXPORTED: frozenset({StatementState.PAID}),
    StatementState.PAID: frozenset(),
}
