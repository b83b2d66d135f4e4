"""A draw and what it made of each volunteer. A draw that was committed to stays for ever; a trigger keeps it as it was."""

import secrets
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panels.enums import Choosing, DrawState, Place
from panels.models.volunteer import Volunteer


class DrawQuerySet(models.QuerySet["Draw"]):
    def final(self) -> Self:
        return self.filter(state=DrawState.DONE)

    def public(self) -> Self:
        """Those that the public page shows, for ever: committed to, whatever came of it."""
        return self.filter(committed_at__isnull=False)

    def light(self) -> Self:
        """Without the frozen pool, which may be megabytes."""
        return self.defer("problem", "pseudonyms")


def new_secret() -> str:
    return secrets.token_hex(32)


class Draw(models.Model):
    conference = models.ForeignKey("conference.Conference", on_delete=models.PROTECT, related_name="draws")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(_("number"))  # 1, 2, ... within the conference
    state = models.CharField(_("state"), max_length=20, choices=DrawState.choices, default=DrawState.WAITING)
    method = models.CharField(_("method"), max_length=20, default="leximin")
    seed = models.CharField(_("seed"), max_length=80)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the worker that computes it
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reason = models.TextField(_("reason for drawing again"), blank=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    progress_note = models.CharField(max_length=60, blank=True)  # key of a sentence
    # What is drawn from: {"size", "alternates", "quotas": [...], "people": [{"id": pseudonym, "values": {...}, "household": "H1"}]}.
    problem = models.JSONField(default=dict)
    pseudonyms = models.JSONField(default=dict)  # {reference: pseudonym}; never published
    # Codes are made from it (panels.domain.codes); never published, never in a log.
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    # Of the prepared lottery: minimum, upper_bound, exact, method, seconds, largest_change, entropy, distinct_panels;
    # once the ticket is drawn: panel, and alternates as soon as they are known (pseudonyms).
    result = models.JSONField(default=dict)
    outlook = models.JSONField(default=dict)  # who is shut out or certain, and what each quota costs
    greedy = models.JSONField(default=dict)  # what the usual drawing would do to the least likely
    # The commitment.
    tickets = models.PositiveSmallIntegerField(_("number of tickets"), default=1000)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    root = models.CharField(_("root of the hash tree"), max_length=64, blank=True)
    choosing = models.CharField(_("how the ticket is chosen"), max_length=20, choices=Choosing.choices, blank=True)
    choosing_note = models.TextField(_("in words"), max_length=1000, blank=True)
    reveal_at = models.DateTimeField(_("when the ticket is drawn"), null=True, blank=True)
    reveal_place = models.CharField(_("where the ticket is drawn"), max_length=200, blank=True)
    committed_at = models.DateTimeField(_("committed"), null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    # The reveal.
    ticket = models.PositiveSmallIntegerField(_("ticket drawn"), null=True, blank=True)
    witnesses = models.CharField(_("who drew and who watched"), max_length=300, blank=True)
    revealed_at = models.DateTimeField(_("ticket drawn on"), null=True, blank=True)
    revealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    # Set aside, before or after the reveal.
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_reason = models.TextField(_("reason for setting it aside"), blank=True)
    explanation = models.JSONField(default=dict)  # when infeasible: what stands in the way
    failure = models.TextField(blank=True)

    objects: ClassVar[DrawQuerySet] = DrawQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="draw_number_once"),
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(state__in=["waiting", "running", "prepared", "committed", "done"]),
                name="one_draw_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id}/{self.number}"

    @property
    def digits(self) -> int:
        """How many digits name a ticket: 3 for 000 to 999."""
        return len(str(self.tickets - 1))

    @property
    def ticket_name(self) -> str:
        """ "047"; empty before the reveal."""
        return "" if self.ticket is None else f"{self.ticket:0{self.digits}d}"


class DrawBundle(models.Model):
    """What is published about a draw, byte for byte as it is hashed. Public from the reveal on."""

    draw = models.OneToOneField(Draw, on_delete=models.CASCADE, related_name="bundle", primary_key=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("bundle of a draw")
        verbose_name_plural = _("bundles of the draws")

    def __str__(self) -> str:
        return str(self.draw_id)


class DrawEntry(models.Model):
    """One volunteer in one draw: their chance (0 to 1) and what came of it."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="entries")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="entries")
    pseudonym = models.CharField(_("pseudonym"), max_length=12)
    probability = models.FloatField(_("probability of selection"))
    tickets = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # those that name this person
    place = models.CharField(_("place"), max_length=20, choices=Place.choices, default=Place.NOT_DRAWN)
    rank = models.PositiveSmallIntegerField(default=0)  # of an alternate, 1 first

    class Meta:
        verbose_name = _("chance of a volunteer")
        verbose_name_plural = _("chances of the volunteers")
        ordering = ["place", "rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "volunteer"], name="entry_once"),
            models.UniqueConstraint(fields=["draw", "pseudonym"], name="pseudonym_once"),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.probability:.4f}"
