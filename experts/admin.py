"""Records of experts and briefings. Acts (invite, publish, note an answer) have their pages in the cockpit."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.desk_admin import ConferenceFilter, ScopedAdmin, conferences_where
from conference.enums import Capability
from conference.models import User
from experts.domain import experts as life
from experts.domain import programme
from experts.models import (
    Availability,
    Briefing,
    BriefingRead,
    BriefingVersion,
    Claim,
    CommitteeOpinion,
    Contribution,
    Expert,
    Paper,
    ScaleStep,
    Stance,
)

CONTACT = ("email", "phone", "gender")


class ExpertRecordForm(forms.ModelForm[Expert]):
    def _get_validation_exclusions(self) -> set[str]:
        # The conference cannot be changed here, and "one address once per conference" must still be checked.
        return super()._get_validation_exclusions() - {"conference"}  # type: ignore[misc, no-any-return]


@admin.register(Expert)
class ExpertAdmin(ScopedAdmin[Expert]):
    form = ExpertRecordForm
    list_display = ("__str__", "affiliation", "state", "position", "proposed_by", "cockpit")
    list_filter = (ConferenceFilter, "state", "sector", "position", "proposed_by")
    list_select_related = ("conference",)
    search_fields = ("first_name", "last_name", "affiliation", "field")
    readonly_fields = (
        "state",
        "approved_at",
        "bypassed",
        "bypass_reason",
        "invited_at",
        "answered_at",
        "answer_note",
    )
    exclude = ("conference", "photograph")  # pictures are looked into in the cockpit

    def get_fields(self, request: HttpRequest, obj: Expert | None = None) -> list[Any]:
        """Address and telephone are for those who may see people, the fee for those who run the conference."""
        fields = [name for name in super().get_fields(request, obj) if name not in {*CONTACT, "fee"}]
        if obj and obj.conference_id in conferences_where(request, Capability.VIEW_PEOPLE):
            fields[2:2] = CONTACT
        if obj and obj.conference_id in conferences_where(request, Capability.MANAGE):
            fields.append("fee")
        return fields

    def view_on_site(self, obj: Expert) -> str:
        return reverse("experts_desk:expert", args=[obj.conference.slug, obj.pk])

    def save_change(self, *, actor: User, obj: Expert, fields: dict[str, Any]) -> None:
        life.change_expert(expert_id=obj.pk, actor=actor, fields=fields)


@admin.register(Contribution)
class ContributionAdmin(ScopedAdmin[Contribution]):
    conference_path = "expert__conference"
    list_display = ("expert", "session", "subject", "minutes", "question_minutes", "cockpit")
    list_filter = (ConferenceFilter,)
    list_select_related = ("expert__conference", "session")
    search_fields = ("subject", "expert__first_name", "expert__last_name", "session__title")
    autocomplete_fields = ("session",)
    readonly_fields = ("expert",)
    exclude = ("starts_at",)  # hours are entered in the cockpit, on the conference's own clock

    def view_on_site(self, obj: Contribution) -> str:
        return reverse("experts_desk:expert", args=[obj.expert.conference.slug, obj.expert_id])

    def save_change(self, *, actor: User, obj: Contribution, fields: dict[str, Any]) -> None:
        fresh = Contribution.objects.select_related("expert", "session__conference").get(pk=obj.pk)
        programme.change_contribution(contribution=fresh, actor=actor, fields=fields)


@admin.register(Briefing)
class BriefingAdmin(ScopedAdmin[Briefing]):
    read_only = True  # title, text and documents change together, in the cockpit
    list_display = ("title", "expert", "created_at", "cockpit")
    list_filter = (ConferenceFilter,)
    list_select_related = ("conference", "expert")
    search_fields = ("title", "expert__first_name", "expert__last_name")
    fields = ("title", "expert", "documents")

    def view_on_site(self, obj: Briefing) -> str:
        return reverse("experts_desk:briefing", args=[obj.conference.slug, obj.pk])


@admin.register(BriefingVersion)
class BriefingVersionAdmin(ScopedAdmin[BriefingVersion]):
    """What was published. Drafts belong to those who write them."""

    conference_path = "briefing__conference"
    read_only = True
    list_display = ("briefing", "number", "change_note", "written_by", "published_at", "cockpit")
    list_filter = (ConferenceFilter,)
    list_select_related = ("briefing__conference", "written_by")
    search_fields = ("briefing__title", "change_note", "text")
    fields = ("number", "text", "change_note", "published_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BriefingVersion]:
        return super().get_queryset(request).exclude(published_at=None)

    def view_on_site(self, obj: BriefingVersion) -> str:
        return reverse("experts_desk:version", args=[obj.briefing.conference.slug, obj.briefing_id, obj.number])


@admin.register(BriefingRead)
class BriefingReadAdmin(ScopedAdmin[BriefingRead]):
    conference_path = "expert__conference"
    read_only = True
    list_display = ("expert", "what", "at", "cockpit")
    list_filter = (ConferenceFilter,)
    list_select_related = ("expert__conference", "version__briefing")
    search_fields = ("expert__first_name", "expert__last_name", "version__briefing__title")
    fields = ("expert", "what")

    @admin.display(description=_("version of a briefing"))
    def what(self, obj: BriefingRead) -> str:
        return f"{obj.version.briefing.title} · {obj.version.number}"


class _OfExpert[M: (CommitteeOpinion, Stance, Availability, Paper, Claim)](ScopedAdmin[M]):
    """What hangs on an expert: to be looked up here, changed in the cockpit."""

    conference_path = "expert__conference"
    read_only = True
    list_filter = (ConferenceFilter,)
    search_fields = ("expert__first_name", "expert__last_name")

    def view_on_site(self, obj: M) -> str:
        return reverse("experts_desk:expert", args=[obj.expert.conference.slug, obj.expert_id])


@admin.register(CommitteeOpinion)
class CommitteeOpinionAdmin(_OfExpert[CommitteeOpinion]):
    list_display = ("expert", "member", "opinion", "at", "cockpit")
    list_select_related = ("expert__conference", "member__user")
    fields = ("expert", "member", "opinion", "reason")


@admin.register(Stance)
class StanceAdmin(_OfExpert[Stance]):
    list_display = ("expert", "question", "position", "cockpit")
    list_select_related = ("expert__conference", "question")
    fields = ("expert", "question", "position", "sentence")


@admin.register(Availability)
class AvailabilityAdmin(_OfExpert[Availability]):
    list_display = ("expert", "starts_at", "ends_at", "cockpit")
    list_select_related = ("expert__conference",)
    fields = ("expert", "starts_at", "ends_at")


@admin.register(Paper)
class PaperAdmin(_OfExpert[Paper]):
    read = Capability.MANAGE  # some are confidential
    list_display = ("expert", "document", "from_expert", "at", "cockpit")
    list_select_related = ("expert__conference", "document")
    fields = ("expert", "document", "from_expert")


@admin.register(Claim)
class ClaimAdmin(_OfExpert[Claim]):
    read = Capability.MANAGE
    list_display = ("expert", "state", "signed_name", "signed_at", "decided_at", "cockpit")
    list_select_related = ("expert__conference",)
    fields = ("expert", "state", "fee", "signed_name", "signed_at", "note", "decided_by", "decided_at")

    def view_on_site(self, obj: Claim) -> str:
        return reverse("experts_desk:claim", args=[obj.expert.conference.slug, obj.expert_id])


@admin.register(ScaleStep)
class ScaleStepAdmin(ScopedAdmin[ScaleStep]):
    read_only = True  # the steps hold together: they are named in the cockpit
    list_display = ("conference", "position", "label", "cockpit")
    list_filter = (ConferenceFilter,)
    list_select_related = ("conference",)
    search_fields = ("label",)
    fields = ("position", "label")

    def view_on_site(self, obj: ScaleStep) -> str:
        return reverse("experts_desk:scale", args=[obj.conference.slug])
