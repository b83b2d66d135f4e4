"""Records of the core app, and the messages of the outbox, in Django's admin."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conference.desk_admin import ConferenceFilter, ScopedAdmin, conferences_where
from conference.domain import colleagues, conferences, sessions, steps
from conference.domain.events import sentence
from conference.enums import Capability, Role
from conference.mail.models import Message
from conference.models import Conference, Document, Event, Membership, Session, Step, User
from conference.words import moment, session_when

# Groups are not used; addresses and second factors are allauth's own pages' business.
for model in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


def _moment(conference: Conference | None, at: datetime | None) -> str:
    return moment(conference, at) if conference and at else "–"


@admin.register(Conference)
class ConferenceAdmin(ScopedAdmin[Conference]):
    conference_path = ""
    list_display = ("title", "commissioner", "seats", "is_published", "deadline", "cockpit")
    list_filter = ("is_published",)
    search_fields = ("title", "question", "commissioner")
    # Dates and hours are entered in the cockpit, on the conference's own clock; publishing is an act with a check.
    readonly_fields = ("slug", "is_published", "timezone", "deadline", "registration")
    exclude = ("reply_deadline", "registration_opens", "registration_closes")

    @admin.display(description=_("reply deadline"), ordering="reply_deadline")
    def deadline(self, obj: Conference) -> str:
        return _moment(obj, obj.reply_deadline)

    @admin.display(description=_("registration"))
    def registration(self, obj: Conference) -> str:
        return f"{_moment(obj, obj.registration_opens)} → {_moment(obj, obj.registration_closes)}"

    def save_change(self, *, actor: User, obj: Conference, fields: dict[str, Any]) -> None:
        conferences.change_conference(conference_id=obj.pk, actor=actor, fields=fields)


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin[Membership]):
    list_display = ("user", "role", "is_public", "public_title", "cockpit")
    list_filter = (ConferenceFilter, "role", "is_public")
    list_select_related = ("user", "conference")
    search_fields = ("user__name", "user__email", "public_title")
    fields = ("cockpit", "user", "role", "public_title", "is_public", "added_at")
    readonly_fields = ("cockpit", "user", "added_at")

    def save_change(self, *, actor: User, obj: Membership, fields: dict[str, Any]) -> None:
        colleagues.change_colleague(
            membership_id=obj.pk,
            actor=actor,
            role=Role(obj.role),
            public_title=obj.public_title,
            is_public=obj.is_public,
        )


@admin.register(Session)
class SessionAdmin(ScopedAdmin[Session]):
    list_display = ("title", "when", "kind", "place", "is_public", "is_held", "cockpit")
    list_filter = (ConferenceFilter, "kind", "is_public")
    list_select_related = ("conference",)
    search_fields = ("title", "place", "description")
    fields = ("cockpit", "title", "when", "is_held", "kind", "place", "description", "is_public")
    readonly_fields = ("cockpit", "when", "is_held")

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, obj: Session) -> str:
        return session_when(obj)

    @admin.display(description=_("held"), boolean=True)
    def is_held(self, obj: Session) -> bool:
        return obj.cancelled_at is None

    def save_change(self, *, actor: User, obj: Session, fields: dict[str, Any]) -> None:
        sessions.change_session(session_id=obj.pk, actor=actor, fields=fields)


@admin.register(Step)
class StepAdmin(ScopedAdmin[Step]):
    list_display = ("key", "planned_on", "owner", "is_done", "cockpit")
    list_filter = (ConferenceFilter, "key")
    list_select_related = ("conference",)
    search_fields = ("owner",)
    fields = ("cockpit", "key", "is_done", "planned_on", "owner")
    readonly_fields = ("cockpit", "key", "is_done")

    @admin.display(description=_("done"), boolean=True)
    def is_done(self, obj: Step) -> bool:
        return obj.done_at is not None

    def save_change(self, *, actor: User, obj: Step, fields: dict[str, Any]) -> None:
        steps.plan_step(step_id=obj.pk, actor=actor, planned_on=obj.planned_on, owner=obj.owner)


@admin.register(Document)
class DocumentAdmin(ScopedAdmin[Document]):
    list_display = ("title", "audience", "filename", "size", "uploaded_by", "cockpit")
    list_filter = (ConferenceFilter, "audience")
    list_select_related = ("conference", "uploaded_by")
    search_fields = ("title", "filename")
    fields = ("cockpit", "title", "audience", "filename", "content_type", "size", "uploaded_by", "uploaded_at")
    readonly_fields = ("cockpit", "filename", "content_type", "size", "uploaded_by", "uploaded_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """What is confidential only where the person runs the conference."""
        mine = conferences_where(request, Capability.MANAGE)
        return super().get_queryset(request).filter(Q(is_confidential=False) | Q(conference__in=mine))


@admin.register(Event)
class EventAdmin(ScopedAdmin[Event]):
    """Read, never written: the database refuses it anyway."""

    read = Capability.VIEW_LOG
    read_only = True
    list_display = ("when", "words", "by", "reason", "cockpit")
    list_display_links = ("words",)
    list_filter = (ConferenceFilter,)
    list_select_related = ("conference", "actor")
    search_fields = ("verb", "actor__name", "actor_label", "reason")
    fields = ("cockpit", "when", "words", "by", "reason")

    @admin.display(description=_("when"), ordering="at")
    def when(self, obj: Event) -> str:
        return _moment(obj.conference, obj.at)

    @admin.display(description=_("what"))
    def words(self, obj: Event) -> str:
        return sentence(obj)

    @admin.display(description=_("who"))
    def by(self, obj: Event) -> str:
        return str(obj.actor) if obj.actor else obj.actor_label or str(_("the program"))


@admin.register(Message)
class MessageAdmin(ScopedAdmin[Message]):
    read = Capability.VIEW_PEOPLE
    read_only = True
    list_display = ("kind", "recipient_name", "recipient_email", "state", "due", "attempts", "cockpit")
    list_filter = (ConferenceFilter, "state", "kind")
    list_select_related = ("conference",)
    search_fields = ("recipient_name", "recipient_email", "subject")
    fields = (
        "cockpit", "kind", "recipient_name", "recipient_email", "language", "state", "state_reason", "due", "sent",
        "attempts", "last_error", "subject", "body_text",
    )  # fmt: skip

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, obj: Message) -> str:
        return _moment(obj.conference, obj.due_at)

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, obj: Message) -> str:
        return _moment(obj.conference, obj.sent_at)


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Accounts, for those who administer the site. Passwords are set by their owners, through a link."""

    list_display = ("email", "name", "is_active", "may_create", "is_superuser", "last_login")
    list_filter = ("is_active", "may_create", "is_superuser")
    search_fields = ("email", "name")
    fields = (
        "email",
        "name",
        "language",
        "is_active",
        "is_staff",
        "may_create",
        "is_superuser",
        "last_login",
        "date_joined",
    )
    readonly_fields = ("last_login", "date_joined")
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _administers(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _administers(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _administers(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # deactivated, never deleted: the event log names them

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).order_by("email")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.email = obj.email.lower()
        obj.save()
        colleagues.readdress(obj)


def _administers(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser
