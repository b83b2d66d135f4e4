"""Kinds of message and the life of one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    REGISTRATION_CONFIRM = "registration_confirm", _("Registration to confirm")
    REGISTRATION_CONFIRMED = "registration_confirmed", _("Registration confirmed")
    INVITATION = "invitation", _("Invitation to a seat")
    CALL_UP = "call_up", _("Call-up of an alternate")
    INVITATION_REMINDER = "invitation_reminder", _("Reminder of the invitation")
    ACCEPTED = "accepted", _("Acceptance confirmed, with calendar")
    DECLINED = "declined", _("Refusal noted")
    SESSION_REMINDER = "session_reminder", _("Reminder of a session")
    SESSION_CHANGED = "session_changed", _("Session changed or cancelled")
    NOT_DRAWN = "not_drawn", _("Not drawn")
    THANKS = "thanks", _("Thanks to the panel")
    EXPERT_INVITATION = "expert_invitation", _("Invitation of an expert")
    EXPERT_ACCEPTED = "expert_accepted", _("Expert’s acceptance confirmed")
    EXPERT_SESSION_CHANGED = "expert_session_changed", _("An expert’s session changed or cancelled")
    EXPERT_PROGRAMME = "expert_programme", _("Programme published or changed: to an expert concerned")
    EXPERT_CODE = "expert_code", _("Code for an expert’s confidential pages")
    EXPERT_CLAIM = "expert_claim", _("Fee and travel: accepted, or a question")
    EXPERT_THANKS = "expert_thanks", _("Thanks to an expert")
    BRIEFING_CHANGED = "briefing_changed", _("Briefing published or changed")
    QUESTIONS_ASKED = "questions_asked", _("Questions put to an expert")
    ANSWERS_DUE = "answers_due", _("Reminder of written answers due")
    BRIEFING_REMINDER = "briefing_reminder", _("Reminder of a briefing not read yet")
    COMMITTEE_ASKED = "committee_asked", _("Steering committee: an opinion or a signature is awaited")
    TEAM_PROGRAMME = "team_programme", _("Programme published or changed: to a colleague concerned")
    COLLEAGUE_ADDED = "colleague_added", _("Colleague added")
    ACCOUNT = "account", _("Account: password and sign-in")
    FREE = "free", _("Free message")
    TEST = "test", _("Test of a text, to oneself")
    DRILL = "drill", _("Drill: a harmless test message")


class State(TextChoices):
    SCHEDULED = "scheduled", pgettext_lazy("state of a message", "Scheduled")
    SENDING = "sending", pgettext_lazy("state of a message", "Being sent")
    RETRY = "retry", pgettext_lazy("state of a message", "Waiting to try again")
    SENT = "sent", pgettext_lazy("state of a message", "Sent")
    FAILED = "failed", pgettext_lazy("state of a message", "Failed")
    HELD = "held", pgettext_lazy("state of a message", "Held")
    CANCELLED = "cancelled", pgettext_lazy("state of a message", "Cancelled")
    MISSED = "missed", pgettext_lazy("state of a message", "Missed")
    BOUNCED = "bounced", pgettext_lazy("state of a message", "Bounced")


# One table of allowed transitions. SCHEDULED and RETRY are due when their time has come; SENDING has been claimed.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.SCHEDULED: frozenset({State.SENDING, State.HELD, State.CANCELLED, State.MISSED}),
    State.HELD: frozenset({State.SCHEDULED, State.CANCELLED, State.MISSED}),
    # SENDING -> SCHEDULED never: whether the server took it is not known, so a lost worker's message becomes RETRY.
    State.SENDING: frozenset({State.SENT, State.RETRY, State.FAILED, State.CANCELLED, State.MISSED}),
    State.RETRY: frozenset({State.SENDING, State.HELD, State.CANCELLED, State.FAILED, State.MISSED}),
    State.SENT: frozenset({State.BOUNCED}),
    State.FAILED: frozenset({State.SCHEDULED}),
    State.CANCELLED: frozenset(),
    State.MISSED: frozenset(),
    State.BOUNCED: frozenset(),
}
OPEN = frozenset({State.SCHEDULED, State.RETRY, State.HELD})  # may still be cancelled
DUE = frozenset({State.SCHEDULED, State.RETRY})


class ReportKind(TextChoices):
    """What a mail server or a provider told us about a message that had gone out."""

    DELAYED = "delayed", _("Delivery is delayed")
    BOUNCED = "bounced", _("It came back")
    COMPLAINT = "complaint", _("The person reported it as unwanted")
    UNSUBSCRIBED = "unsubscribed", _("The person asked for no more of these")


class Route(TextChoices):
    RETURN_PATH = "return_path", _("by mail to the return address")
    WEBHOOK = "webhook", _("from the mail provider")


class Cause(TextChoices):
    """Why an address takes no mail of ours, or a person no optional mail."""

    BOUNCED = "bounced", _("a message came back")
    REFUSED = "refused", _("the mail server refused the address")
    LINK = "link", _("by the link in a message")
    COMPLAINT = "complaint", _("by reporting a message as unwanted")
    PROVIDER = "provider", _("through the mail provider")
