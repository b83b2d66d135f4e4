"""Records of the panel in the admin. They are only read here: each change is an act of the cockpit, one link away."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.desk_admin import ConferenceFilter, ScopedAdmin
from conference.enums import Capability
from conference.models import Conference
from conference.words import moment
from panels.models import Criterion, Draw, Identity, Invitation, PoolImport, Trait, Value, Volunteer


def _moment(conference: Conference, at: datetime | None) -> str:
    return moment(conference, at) if at else "–"


class ReadInline[Child: models.Model, Parent: models.Model](admin.TabularInline[Child, Parent]):
    """Rows of a record that may be seen: whoever may see the record sees them, and nobody changes them here."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ValueInline(ReadInline[Value, Criterion]):
    model = Value
    fields = ("name", "name_en", "minimum", "maximum", "population_share")


@admin.register(Criterion)
class CriterionAdmin(ScopedAdmin[Criterion]):
    read_only = True
    list_display = ("name", "name_en", "position", "cockpit")
    list_filter = (ConferenceFilter,)
    list_select_related = ("conference",)
    search_fields = ("name", "name_en", "values__name")
    fields = ("conference", "name", "name_en", "position")
    inlines = (ValueInline,)

    def view_on_site(self, obj: Criterion) -> str:
        return reverse("panels_desk:criteria", args=[obj.conference.slug])


class IdentityInline(ReadInline[Identity, Volunteer]):
    model = Identity
    fields = ("first_name", "last_name", "email", "phone", "address", "postcode", "city", "birth_year", "language")


class TraitInline(ReadInline[Trait, Volunteer]):
    model = Trait
    fields = ("criterion", "value")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trait]:
        return super().get_queryset(request).select_related("criterion", "value")


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin[Volunteer]):
    read = Capability.VIEW_PEOPLE
    read_only = True
    list_display = ("reference", "name", "standing", "source", "created", "cockpit")
    list_filter = (ConferenceFilter, "standing", "source")
    list_select_related = ("conference", "identity")
    search_fields = ("reference", "identity__last_name", "identity__first_name", "identity__email")
    fields = (
        "reference",
        "conference",
        "source",
        "standing",
        "standing_reason",
        "decided_by",
        "created",
        "consented",
        "confirmed",
    )
    inlines = (IdentityInline, TraitInline)

    @admin.display(description=_("name"), ordering="identity__last_name")
    def name(self, obj: Volunteer) -> str:
        return str(obj.identity) if hasattr(obj, "identity") else str(_("erased"))

    @admin.display(description=_("since"), ordering="created_at")
    def created(self, obj: Volunteer) -> str:
        return _moment(obj.conference, obj.created_at)

    @admin.display(description=_("consent given"))
    def consented(self, obj: Volunteer) -> str:
        return _moment(obj.conference, obj.consented_at)

    @admin.display(description=_("address confirmed"))
    def confirmed(self, obj: Volunteer) -> str:
        return _moment(obj.conference, obj.confirmed_at)

    def view_on_site(self, obj: Volunteer) -> str:
        return reverse("panels_desk:volunteer", args=[obj.conference.slug, obj.reference])


@admin.register(Draw)
class DrawAdmin(ScopedAdmin[Draw]):
    read_only = True
    list_display = ("number", "state", "method", "requested_by", "finished", "reason", "cockpit")
    list_filter = (ConferenceFilter, "state")
    list_select_related = ("conference", "requested_by")
    search_fields = ("fingerprint", "reason")
    fields = (
        "number",
        "conference",
        "state",
        "method",
        "fingerprint",
        "requested_by",
        "requested",
        "finished",
        "reason",
        "failure",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draw]:
        return super().get_queryset(request).defer("problem", "result")  # a whole pool each

    @admin.display(description=_("asked for"), ordering="requested_at")
    def requested(self, obj: Draw) -> str:
        return _moment(obj.conference, obj.requested_at)

    @admin.display(description=_("finished"), ordering="finished_at")
    def finished(self, obj: Draw) -> str:
        return _moment(obj.conference, obj.finished_at)

    def view_on_site(self, obj: Draw) -> str:
        return reverse("panels_desk:draw", args=[obj.conference.slug])


@admin.register(Invitation)
class InvitationAdmin(ScopedAdmin[Invitation]):
    read = Capability.VIEW_PEOPLE
    read_only = True
    list_display = ("seat", "volunteer", "state", "round", "deadline_in_words", "answered", "channel", "cockpit")
    list_display_links = ("volunteer",)
    list_filter = (ConferenceFilter, "state", "channel")
    list_select_related = ("conference", "seat", "volunteer")
    search_fields = ("volunteer__reference", "volunteer__identity__last_name")
    fields = (
        "conference",
        "seat",
        "volunteer",
        "round",
        "state",
        "created",
        "sent",
        "deadline_in_words",
        "answered",
        "channel",
        "recorded_by",
        "decline_reason",
        "decline_note",
        "lot",
    )

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, obj: Invitation) -> str:
        return _moment(obj.conference, obj.created_at)

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, obj: Invitation) -> str:
        return _moment(obj.conference, obj.sent_at)

    @admin.display(description=_("answer by"), ordering="deadline")
    def deadline_in_words(self, obj: Invitation) -> str:
        return _moment(obj.conference, obj.deadline)

    @admin.display(description=_("answer came"), ordering="answered_at")
    def answered(self, obj: Invitation) -> str:
        return _moment(obj.conference, obj.answered_at)

    def view_on_site(self, obj: Invitation) -> str:
        return reverse("panels_desk:seat", args=[obj.conference.slug, obj.seat.number])


@admin.register(PoolImport)
class PoolImportAdmin(ScopedAdmin[PoolImport]):
    """Without the sample of rows and the file: those hold people's data, and go when the import ends."""

    read = Capability.VIEW_PEOPLE
    read_only = True
    list_display = (
        "filename",
        "uploaded",
        "uploaded_by",
        "state",
        "total",
        "added",
        "updated",
        "problem_count",
        "cockpit",
    )
    list_filter = (ConferenceFilter, "state")
    list_select_related = ("conference", "uploaded_by")
    search_fields = ("filename",)
    fields = (
        "filename",
        "conference",
        "uploaded",
        "uploaded_by",
        "state",
        "total",
        "valid",
        "added",
        "updated",
        "unchanged",
        "problem_count",
        "valid_only",
        "failure",
    )

    @admin.display(description=_("uploaded"), ordering="uploaded_at")
    def uploaded(self, obj: PoolImport) -> str:
        return _moment(obj.conference, obj.uploaded_at)

    def view_on_site(self, obj: PoolImport) -> str:
        return reverse("panels_desk:pool", args=[obj.conference.slug])
