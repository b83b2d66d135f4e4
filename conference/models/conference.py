"""A conference and the people who run it."""

import uuid
from datetime import datetime, time
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference import rules
from conference.enums import Capability, Role

if TYPE_CHECKING:
    from conference.models.user import User

LANGUAGE_CHOICES = [("fr", _("French")), ("en", _("English"))]


def _one_language() -> list[str]:
    return ["fr"]


def _reminder_days() -> list[int]:
    return [3, 7]


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def visible_to(self, user: "User") -> Self:
        """The conferences in which this person has a role; nothing else, superusers included."""
        return self.filter(memberships__user=user).distinct()

    def published(self) -> Self:
        return self.filter(is_published=True)


class Conference(models.Model):
    """One citizen conference. Times are UTC; days and hours that people see are in ``timezone``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    question = models.TextField(_("question put to the citizens"), max_length=600)
    summary = models.TextField(_("summary"), max_length=4000)
    commissioner = models.CharField(_("commissioner"), max_length=200)
    commissioner_pledge = models.TextField(
        _("what the commissioner has promised to answer, and by when"), max_length=2000, blank=True
    )
    funding = models.TextField(_("who pays"), max_length=1000, blank=True)
    organised_by = models.CharField(_("organised by"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact’s e-mail address"), blank=True)
    contact_phone = models.CharField(_("contact’s telephone"), max_length=40, blank=True)

    language = models.CharField(_("main language"), max_length=5, choices=LANGUAGE_CHOICES, default="fr")
    languages = ArrayField(
        models.CharField(max_length=5, choices=LANGUAGE_CHOICES), verbose_name=_("languages"), default=_one_language
    )
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")

    seats = models.PositiveSmallIntegerField(
        _("seats"),
        default=rules.SEATS_DEFAULT,
        validators=[MinValueValidator(1), MaxValueValidator(rules.SEATS_HARD_MAX)],
        help_text=_("15 to 20. Another number needs a written reason, which the public page shows."),
    )
    seats_reason = models.TextField(_("reason for another number of seats"), max_length=1000, blank=True)
    alternates = models.PositiveSmallIntegerField(_("alternates"), default=5)
    one_per_household = models.BooleanField(_("at most one person per household"), default=True)
    auto_replace = models.BooleanField(
        _("invite the alternate at once when a seat comes free"),
        default=True,
        help_text=_("Otherwise an organiser confirms each replacement with a click."),
    )
    reply_deadline = models.DateTimeField(_("reply deadline"), null=True, blank=True)
    reply_days_for_alternates = models.PositiveSmallIntegerField(_("days that an alternate has to answer"), default=3)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders, days after the invitation"),
        default=_reminder_days,
        blank=True,
    )
    session_reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders, days before a session"),
        default=_reminder_days,
        blank=True,
    )

    reminder_hour = models.TimeField(
        _("hour of reminders"),
        default=time(10),  # late enough for a telephone to ring, early enough to call back the same day
        help_text=_("On the conference’s clock."),
    )
    quiet_from = models.TimeField(_("quiet hours, from"), default=time(20))
    quiet_to = models.TimeField(_("quiet hours, to"), default=time(8))
    weekend_messages = models.BooleanField(
        _("the program may write on Saturdays and Sundays"),
        default=True,
        help_text=_("Otherwise reminders of an answer wait until Monday, and those of a session leave on Friday."),
    )
    sending_version = models.PositiveIntegerField(default=0, editable=False)  # raised when these rules change

    allowance = models.TextField(
        _("allowance"), max_length=1000, blank=True, help_text=_("What a citizen receives for each day.")
    )
    support = models.TextField(
        _("support"), max_length=1000, blank=True, help_text=_("Travel, lodging, meals, childcare, access.")
    )
    legal_basis = models.TextField(_("reason for handling personal data"), max_length=1000, blank=True)
    erase_on = models.DateField(_("personal data are erased on"), null=True, blank=True)
    population = models.CharField(_("population that the panel reflects"), max_length=200, blank=True)
    population_source = models.CharField(_("source of the population figures"), max_length=200, blank=True)
    registration_opens = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes = models.DateTimeField(_("registration closes"), null=True, blank=True)

    is_published = models.BooleanField(_("public page visible"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ConferenceQuerySet] = ConferenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="seats_15_to_20_or_reason",
                condition=Q(seats__gte=rules.SEATS_MIN, seats__lte=rules.SEATS_MAX) | ~Q(seats_reason=""),
                violation_error_message=_(
                    "A panel has 15 to 20 seats. For another number, write the reason: the public page will show it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def local(self, moment: datetime) -> datetime:
        """The moment on the conference's own clock."""
        return moment.astimezone(self.zone)

    def registration_is_open(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        if not self.is_published or self.registration_opens is None or self.registration_opens > now:
            return False
        return self.registration_closes is None or now < self.registration_closes


class Membership(models.Model):
    """A colleague's role in one conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    public_title = models.CharField(_("title shown to the public"), max_length=160, blank=True)
    is_public = models.BooleanField(_("named on the public page"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        ordering = ["role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "user"],
                name="one_role_per_colleague",
                violation_error_message=_("This person already has a role in this conference."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def may(self, capability: Capability) -> bool:
        return rules.may(self.role, capability)
