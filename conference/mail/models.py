"""The outbox: one row per message, written in the transaction that causes it. The broker only accelerates."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.mail.enums import DUE, OPEN, Cause, Kind, ReportKind, Route, State


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        return self.filter(state__in=DUE, due_at__lte=now)

    def in_turn(self) -> Self:
        """What matters first, then what has waited longest."""
        return self.order_by("priority", "due_at", "pk")

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def about(self, subject_type: str, subject_id: object) -> Self:
        return self.filter(subject_type=subject_type, subject_id=str(subject_id))


class Message(models.Model):
    """One message to one person.

    ``subject_type`` and ``subject_id`` name what it is about ("panels.invitation", its pk): the room that owns the kind
    renders it at send time, so a personal link is never stored. (kind, recipient, subject, occurrence) is unique:
    scheduling the same message twice writes one row.
    Personal data: address and name, erased with the person; the text of a sent copy, erased after the retention period.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(
        "conference.Conference", on_delete=models.CASCADE, related_name="messages", null=True
    )
    kind = models.CharField(_("kind"), max_length=40, choices=Kind.choices)
    recipient_key = models.CharField(max_length=80)  # "volunteer:12", "expert:3", "user:7"
    recipient_email = models.EmailField(_("to"), blank=True)
    recipient_name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    occurrence = models.CharField(max_length=60, blank=True)
    # Small facts that the renderer needs; no personal data.
    data = models.JSONField(default=dict, blank=True)

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.SCHEDULED)
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("useless after"), null=True, blank=True)  # later than this it is marked missed
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    priority = models.PositiveSmallIntegerField(default=0)  # a higher number waits for the lower ones
    # The dispatcher that holds the row, and since when. On a due message this only keeps the others from preparing the
    # same; on one that is being sent it says who may note the outcome; on one that has ended, who still has to tell its room.
    claimed_by = models.CharField(max_length=32, blank=True, default="", editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    state_reason = models.CharField(_("why"), max_length=200, blank=True)

    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body_text = models.TextField(_("text"), blank=True)  # the sent copy, personal links blanked
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient_key", "subject_type", "subject_id", "occurrence"], name="message_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="message_in_turn",
                condition=models.Q(state__in=["scheduled", "retry"]),
            ),
            models.Index(fields=["state", "kind"], name="message_state"),
            models.Index(fields=["-claimed_at"], name="message_claimed", condition=models.Q(claimed_at__isnull=False)),
            models.Index(fields=["claimed_at"], name="message_untold", condition=~models.Q(claimed_by="")),
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["conference", "-due_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_state_display()}"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a repeat can be recognised."""
        return f"<{self.uuid.hex}@concitoyen>"


class Heartbeat(models.Model):
    """When a periodic job last ran: a dead beat must be noticed."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class Refusal(models.Model):
    """How often the mail server answered with this code. Code 0: it could not be reached, or cut the line."""

    code = models.PositiveSmallIntegerField(primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("refusal of the mail server")
        verbose_name_plural = _("refusals of the mail server")

    def __str__(self) -> str:
        return str(self.code)


# -- What comes back ---------------------------------------------------------------------------------------------------
class BounceReport(models.Model):
    """What was told of a message after it had gone out. The digest keeps the same report from counting twice.

    Personal data: the words may name the address; they go with the message's text.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind.choices)
    route = models.CharField(_("how it came"), max_length=20, choices=Route.choices)
    status = models.CharField(_("status code"), max_length=12, blank=True)  # RFC 3463, such as 5.1.1
    words = models.TextField(_("what was said"), blank=True)
    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("report on a message")
        verbose_name_plural = _("reports on messages")
        ordering = ["received_at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Suppression(models.Model):
    """An address that takes no mail, for one recipient, until a person says otherwise. Another address is not concerned.

    Personal data: the address and what was said of it; they go with the person.
    """

    recipient_key = models.CharField(max_length=80)
    email = models.EmailField(_("address"))  # in small letters
    cause = models.CharField(_("why"), max_length=20, choices=Cause.choices)
    words = models.TextField(_("what was said"), blank=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("address that takes no mail")
        verbose_name_plural = _("addresses that take no mail")
        constraints = [models.UniqueConstraint(fields=["recipient_key", "email"], name="suppressed_once")]

    def __str__(self) -> str:
        return self.recipient_key


class OptOut(models.Model):
    """Somebody who wants no optional message of a conference. What they must know reaches them all the same."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="+", null=True)
    recipient_key = models.CharField(max_length=80)
    cause = models.CharField(_("why"), max_length=20, choices=Cause.choices)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("person who wants no optional mail")
        verbose_name_plural = _("people who want no optional mail")
        constraints = [
            models.UniqueConstraint(fields=["conference", "recipient_key"], name="opted_out_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.recipient_key


# -- Words that organisers write ---------------------------------------------------------------------------------------
class TextVersion(models.Model):
    """One version of a conference's own words for a kind of message in a language; the highest number is in force.

    Never changed, only followed by another one: the database refuses an update. Both fields empty: back to the words that
    come with the program.
    """

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=40, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=5)
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"), max_length=20_000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a text")
        verbose_name_plural = _("versions of texts")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "kind", "language", "number"], name="text_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language}) {self.number}"

    @property
    def is_default(self) -> bool:
        return not self.subject and not self.body


class FreeMessage(models.Model):
    """Words written once to a chosen audience. ``uuid`` comes from the form, so that a double click writes one row.

    Personal data: none but what an organiser writes into it; it goes with the conference.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="+")
    texts = models.JSONField(_("texts"))  # {"fr": {"subject": "...", "body": "..."}}
    audience = models.JSONField(_("audience"), default=dict)  # the keys that were chosen
    recipients = models.PositiveIntegerField(_("recipients"), default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("free message")
        verbose_name_plural = _("free messages")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.uuid)
