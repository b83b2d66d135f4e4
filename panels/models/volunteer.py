"""Volunteers. What identifies a person stands apart (``Identity``) and can be erased without touching the draw."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panels.enums import Source, Standing
from panels.models.criteria import Criterion, Value


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def pool(self) -> Self:
        """Those who take part in the draw."""
        return self.filter(standing=Standing.ELIGIBLE)

    def listed(self) -> Self:
        """Without those who never confirmed and were erased: nobody is behind them."""
        return self.exclude(standing=Standing.UNCONFIRMED, identity__isnull=True)

    def matching(self, folded: str) -> Self:
        """Those whose reference, name or address holds every word of a folded search."""
        found = self
        for word in folded.split()[:6]:
            found = found.filter(
                Q(reference__icontains=word)
                | Q(identity__person_key__contains=word)
                | Q(identity__email_key__contains=word)
            )
        return found

    def named(self) -> Self:
        """With identity and traits in a constant number of queries, for lists."""
        return self.select_related("identity").prefetch_related("traits__value", "traits__criterion")


class Volunteer(models.Model):
    """A person of the pool, under a reference (V-0042) that the log and the draw use instead of the name."""

    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="volunteers")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=12, editable=False)
    source = models.CharField(_("came through"), max_length=20, choices=Source.choices)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing.choices)
    standing_reason = models.TextField(_("reason"), blank=True)  # why they wait, or what was decided and why
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    screener = models.JSONField(_("answers to the screener"), default=dict, blank=True)  # {question key: true|false}
    household = models.CharField(
        max_length=64, blank=True, db_index=True
    )  # SHA-256 of the folded address, or the file's key
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    consented_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[VolunteerQuerySet] = VolunteerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ["reference"]
        constraints = [models.UniqueConstraint(fields=["conference", "reference"], name="reference_once")]
        indexes = [models.Index(fields=["conference", "standing"])]

    def __str__(self) -> str:
        return self.reference


class Identity(models.Model):
    """Who a volunteer is. Purpose: to reach them and to keep one person one entry. Erased on the conference's date."""

    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="identity", primary_key=True)
    conference = models.ForeignKey("conference.Conference", on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(_("number in the imported file"), max_length=80, blank=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    # Folded keys (case, accents, spaces) by which the same person twice becomes one; see panels.domain.identity.
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    person_key = models.CharField(max_length=200, blank=True, editable=False)
    # What somebody typed on the registration page under this address, kept apart until the link in the mail is used:
    # nobody may change the entry of a person who is in the pool already by knowing their address.
    pending = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "email_key"], condition=~Q(email_key=""), name="one_person_per_address"
            ),
            models.UniqueConstraint(
                fields=["conference", "external_id"], condition=~Q(external_id=""), name="one_person_per_number"
            ),
        ]
        indexes = [models.Index(fields=["conference", "person_key"])]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @classmethod
    def label_of(cls, name: str) -> str:
        """The name of a field in words."""
        return str(getattr(cls._meta.get_field(name), "verbose_name", name))

    @classmethod
    def longest(cls, name: str) -> int:
        """How many characters a field holds."""
        return int(getattr(cls._meta.get_field(name), "max_length", 0) or 0)


class Trait(models.Model):
    """The value of one criterion for one volunteer."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="traits")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="traits")

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        constraints = [models.UniqueConstraint(fields=["volunteer", "criterion"], name="one_value_per_criterion")]

    def __str__(self) -> str:
        return f"{self.criterion_id}={self.value_id}"
