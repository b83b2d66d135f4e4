"""The running order of a session: rooms, and what happens in them to the minute."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.enums import ItemKind
from conference.models.conference import Conference
from conference.models.session import Session

LONGEST_ITEM = 12 * 60  # minutes


class Room(models.Model):
    """A room of the conference's venues. Two things in one room at once are a conflict."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("room"), max_length=80)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "name"],
                name="room_once",
                violation_error_message=_("There is a room of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ItemQuerySet(models.QuerySet["Item"]):
    def held(self) -> Self:
        """Without those of sessions that were cancelled."""
        return self.filter(session__cancelled_at=None)


class Item(models.Model):
    """One entry of the running order: what, from when, for how many minutes, where, and who leads.

    Who speaks in it is the business of the room above (``experts.Contribution.item``). Items may run side by side in
    different rooms, so each has its own hour; they are kept in order by it.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind.choices, default=ItemKind.TALK)
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note for those who run it"), max_length=2000, blank=True)  # never public
    starts_at = models.DateTimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ITEM)]
    )
    room = models.ForeignKey(
        Room, on_delete=models.SET_NULL, verbose_name=_("room"), null=True, blank=True, related_name="items"
    )
    lead = models.ForeignKey(
        "conference.Membership",
        on_delete=models.SET_NULL,
        verbose_name=_("led by"),
        null=True,
        blank=True,
        related_name="led_items",
    )

    objects: ClassVar[ItemQuerySet] = ItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("item of the running order")
        verbose_name_plural = _("running order")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="item_lasts", condition=Q(minutes__gte=1, minutes__lte=LONGEST_ITEM))
        ]
        indexes = [models.Index(fields=["session", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
