"""Seats, and the invitations to them. The database itself refuses two holders of one seat, and two seats for one person."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from panels.enums import HOLDING, WAITING, Channel, DeclineReason, InvitationState, Way
from panels.models.draw import Draw
from panels.models.volunteer import Volunteer


class Seat(models.Model):
    """One chair at the table. Who sits there is the volunteer of the invitation that holds it, if any."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.PROTECT, related_name="seat_set")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField(_("seat"))

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draw", "number"], name="seat_number_once")]

    def __str__(self) -> str:
        return str(self.number)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def holding(self) -> Self:
        """Those that hold a seat now: waiting or accepted."""
        return self.filter(state__in=HOLDING)

    def overdue(self, now: datetime) -> Self:
        return self.filter(state__in=WAITING, deadline__lt=now)

    def accepted(self) -> Self:
        return self.filter(state=InvitationState.ACCEPTED)

    def with_letter(self) -> Self:
        """Each with ``has_letter``: a letter was made whose code still opens the page."""
        letter = self.model._meta.apps.get_model("panels.Letter")
        in_force = letter.objects.filter(invitation=OuterRef("pk"), version=OuterRef("version"))
        return self.annotate(has_letter=Exists(in_force))


class Invitation(models.Model):
    """An invitation of one volunteer to one seat, with its whole life. ``version`` is raised to kill earlier links."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.PROTECT, related_name="invitations")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="invitations")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="invitations")
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    round = models.PositiveSmallIntegerField(default=0)  # 0: drawn; 1, 2, ...: call-ups of alternates, in order
    state = models.CharField(
        _("state"), max_length=20, choices=InvitationState.choices, default=InvitationState.PENDING
    )
    deadline = models.DateTimeField(_("answer by"))
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.CharField(_("last sent"), max_length=10, choices=Way.choices, blank=True)
    # Since when no e-mail arrives; emptied by a new address or a new link.
    bounced_at = models.DateTimeField(_("e-mail came back"), null=True, blank=True)
    # Set by a button or a typed code, never by a page that was merely opened: scanners open pages.
    opened_at = models.DateTimeField(_("opened (a hint only)"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    channel = models.CharField(_("answer came by"), max_length=20, choices=Channel.choices, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    decline_reason = models.CharField(_("reason"), max_length=20, choices=DeclineReason.choices, blank=True)
    decline_note = models.TextField(_("in their words"), max_length=1000, blank=True)
    lot = models.JSONField(
        default=dict, blank=True
    )  # of a call-up: the tied candidates (references) and the lot that chose

    has_letter: bool  # on rows of ``with_letter``

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["seat__number", "-round"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=["pending", "sent", "accepted"]), name="seat_held_once"
            ),
            models.UniqueConstraint(
                fields=["conference", "volunteer"],
                condition=Q(state__in=["pending", "sent", "accepted"]),
                name="one_seat_per_person",
            ),
        ]
        indexes = [models.Index(fields=["conference", "state"]), models.Index(fields=["deadline"])]

    def __str__(self) -> str:
        return f"{self.seat_id}/{self.volunteer_id}"

    @property
    def is_unreached(self) -> bool:
        """Awaited, though no e-mail arrives and no letter was made. On rows of ``with_letter`` with their identity."""
        identity = getattr(self.volunteer, "identity", None)
        no_mail = identity is not None and (not identity.email or self.bounced_at is not None)
        return self.state in WAITING and no_mail and not self.has_letter


class Needs(models.Model):
    """What a citizen needs to come. Purpose: to welcome them. Erased with the identity; never in lists or logs."""

    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="needs", primary_key=True)
    access = models.TextField(_("access and health"), max_length=1000, blank=True)
    diet = models.CharField(_("diet"), max_length=300, blank=True)
    childcare = models.CharField(_("childcare or care of someone close"), max_length=300, blank=True)
    transport = models.CharField(_("travel and lodging"), max_length=300, blank=True)
    image_consent = models.BooleanField(_("may be photographed and filmed"), null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return str(self.volunteer_id)
