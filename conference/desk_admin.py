"""Django's admin, scoped: a member sees the records of their conferences, and changes them where their role may.

Permissions follow membership, not Django's per-model permissions: nobody has to hand those out, and a superuser without a
role in a conference sees nothing of it. The admin is for records; acts (draw, invite, publish ...) have their pages in the
cockpit, to which every list links. Nothing is added or deleted here unless a room's admin says so.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import Form, ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import Capability
from conference.models import Conference, Membership, User
from conference.rules import may


def memberships_of(request: HttpRequest) -> list[Membership]:
    """The roles of the signed-in person, fetched once for each request."""
    if not isinstance(request.user, User):
        return []
    found: list[Membership] | None = getattr(request, "desk_memberships", None)
    if found is None:
        found = list(Membership.objects.filter(user=request.user).select_related("conference"))
        request.desk_memberships = found  # type: ignore[attr-defined]
    return found


def conferences_where(request: HttpRequest, capability: Capability) -> set[int]:
    """Ids of the conferences in which the signed-in person may do this."""
    return {member.conference_id for member in memberships_of(request) if may(member.role, capability)}


class DeskAdminSite(AdminSite):
    site_title = "Concitoyen"
    site_header = "Concitoyen"
    index_title = _("Records")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not (isinstance(user, User) and user.is_active and user.is_staff):
            return False
        return user.is_superuser or bool(memberships_of(request))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Our own sign-in, with its second factor. Who is signed in and may not enter is told so, not sent in a circle."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return redirect("account_logout")  # type: ignore[return-value]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        members = memberships_of(request)
        name = members[0].conference.title if len(members) == 1 else ""
        return {**super().each_context(request), "conference_name": name}


class ConferenceFilter(admin.SimpleListFilter):
    """Only the conferences that the person may read here; none if there is but one."""

    title = _("conference")
    parameter_name = "conference"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        readable = model_admin.readable(request)
        return [
            (str(m.conference_id), m.conference.title) for m in memberships_of(request) if m.conference_id in readable
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        value = self.value()
        path = self.model_admin_path or "pk"
        return queryset.filter(**{path: value}) if value and value.isdigit() else queryset

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.model_admin_path = model_admin.conference_path
        super().__init__(request, params, model, model_admin)


# What the links of Django's own list filters add to a field's name.
FILTER_ENDINGS = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


class ScopedAdmin[M: models.Model](admin.ModelAdmin[M]):
    """The admin of records that belong to a conference.

    ``conference_path``: how a row leads to its conference ("conference", "volunteer__conference"; empty for the conference
    itself). ``read``: what a role must be able to do to see the rows. ``read_only``: nobody changes
    them here, whatever their role.
    """

    conference_path: ClassVar[str] = "conference"
    read: ClassVar[Capability] = Capability.VIEW
    read_only: ClassVar[bool] = False
    show_full_result_count = False
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what the page offers as a filter: a free lookup would let a role guess what it may not see."""
        offered = [entry[0] if isinstance(entry, tuple) else entry for entry in self.get_list_filter(request)]
        names = [entry if isinstance(entry, str) else getattr(entry, "parameter_name", None) or "" for entry in offered]
        return any(lookup in {name + ending for ending in FILTER_ENDINGS} for name in names if name)

    # -- Whose rows --------------------------------------------------------------------------------------------------
    def readable(self, request: HttpRequest) -> set[int]:
        return conferences_where(request, self.read)

    def changeable(self, request: HttpRequest) -> set[int]:
        return set() if self.read_only else conferences_where(request, Capability.MANAGE)

    def conference_of(self, obj: models.Model) -> Conference:
        found: Any = obj
        for name in filter(None, self.conference_path.split("__")):
            found = getattr(found, name)
        assert isinstance(found, Conference)
        return found

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[M]:
        return super().get_queryset(request).filter(**{f"{self.conference_path or 'pk'}__in": self.readable(request)})

    # -- Who may what ------------------------------------------------------------------------------------------------
    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.readable(request))

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        readable = self.readable(request)
        return bool(readable) if obj is None else self.conference_of(obj).pk in readable

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        changeable = self.changeable(request)
        return bool(changeable) if obj is None else self.conference_of(obj).pk in changeable

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Choices of the person's conferences only, whatever the field points to."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and field.queryset is not None:
            field.queryset = self._scoped(db_field.related_model, field.queryset, request)
        return field

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and field.queryset is not None:
            field.queryset = self._scoped(db_field.related_model, field.queryset, request)
        return field

    def _scoped(self, model: Any, queryset: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        own = self.admin_site._registry.get(model)
        if isinstance(own, ScopedAdmin):
            return queryset.filter(
                **{f"{own.conference_path or 'pk'}__in": conferences_where(request, Capability.MANAGE)}
            )
        return (
            queryset.filter(memberships__conference__in=self.readable(request)).distinct()
            if model is User
            else queryset.none()
        )

    # -- Changes are acts: through the domain, into the event log ----------------------------------------------------------
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Form, change: bool) -> None:
        fields = [name for name in form.changed_data if name in {field.name for field in obj._meta.get_fields()}]
        if not fields or not isinstance(request.user, User):
            return
        self.save_change(actor=request.user, obj=obj, fields={name: form.cleaned_data[name] for name in fields})

    def save_change(self, *, actor: User, obj: M, fields: dict[str, Any]) -> None:
        """Save the changed fields. Rooms whose records have verbs call these instead."""
        obj.save()
        record(
            "record.changed",
            conference=self.conference_of(obj),
            actor=actor,
            obj=obj,
            record=obj._meta.label_lower,
            fields=list(fields),
        )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Not into Django's own log, which keeps names of people for ever: the event log has it."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """As above."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """The event log of the conference."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        return redirect("desk:log", self.conference_of(obj).slug)

    # -- Ways to the cockpit ------------------------------------------------------------------------------------------
    def view_on_site(self, obj: M) -> str:
        return reverse("desk:conference", args=[self.conference_of(obj).slug])

    @admin.display(description=_("conference"))
    def cockpit(self, obj: M) -> str:
        """The conference, as a way to its cockpit."""
        title = Truncator(self.conference_of(obj).title).chars(32)
        return format_html('<a href="{}">{}</a>', self.view_on_site(obj), title)
