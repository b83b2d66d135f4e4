"""Colleagues of a conference: added with a role, changed, removed. Somebody always stays who can run it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import Role
from conference.mail.domain import outbox
from conference.mail.enums import Kind
from conference.models import Conference, Membership, User

SUBJECT = "conference.membership"


def _lock_conference(conference_id: int) -> Conference:
    return Conference.objects.select_for_update(no_key=True).get(pk=conference_id)


def _lock(membership_id: int) -> Membership:
    """The conference's row is the lock: two organisers who leave at once must not both be the last but one."""
    conference = _lock_conference(Membership.objects.values_list("conference_id", flat=True).get(pk=membership_id))
    membership = Membership.objects.select_related("user").get(pk=membership_id)
    membership.conference = conference
    return membership


def _log(verb: str, membership: Membership, actor: User, **data: Any) -> None:
    record(verb, conference=membership.conference, actor=actor, obj=membership, name=str(membership.user), **data)


def _recipient(user: User) -> outbox.Recipient:
    return outbox.Recipient(f"user:{user.pk}", user.email, str(user), user.language)


def readdress(user: User) -> None:
    """What has not gone out follows the account's address, name and language."""
    outbox.recipient_changed(recipient=_recipient(user))


def _write_to(membership: Membership, actor: User, occurrence: str) -> None:
    outbox.schedule(
        kind=Kind.COLLEAGUE_ADDED,
        recipient=_recipient(membership.user),
        conference_id=membership.conference_id,
        subject_type=SUBJECT,
        subject_id=membership.pk,
        occurrence=occurrence,
        data={"added_by": actor.pk},
    )


@transaction.atomic
def add_colleague(
    *,
    conference_id: int,
    actor: User,
    email: str,
    name: str,
    role: Role,
    public_title: str = "",
    is_public: bool = False,
) -> Membership:
    """Give a person a role. Without an account yet, they get one without a password, and a link to choose it."""
    conference = _lock_conference(conference_id)
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, name=name.strip(), language=conference.language)
    if not user.is_active:
        raise DomainError(_("This account is closed. Ask the person who administers this site."))
    if Membership.objects.filter(conference=conference, user=user).exists():
        raise DomainError(_("%(name)s already has a role in this conference.") % {"name": user})
    membership = Membership.objects.create(
        conference=conference, user=user, role=role, public_title=public_title, is_public=is_public
    )
    _log("colleague.added", membership, actor, role=membership.role)
    _write_to(membership, actor, "1")
    return membership


@transaction.atomic
def send_link_again(*, membership_id: int, actor: User) -> Membership:
    """A new link for a colleague who has never chosen a password. Asking again within the hour sends nothing more."""
    membership = _lock(membership_id)
    if membership.user.has_usable_password():
        raise DomainError(
            _("%(name)s has a password already. A forgotten one is replaced from the sign-in page.")
            % {"name": membership.user}
        )
    _log("colleague.reminded", membership, actor)
    _write_to(membership, actor, f"{timezone.now():%Y%m%dT%H}")
    return membership


def _keep_an_organiser(membership: Membership) -> None:
    others = Membership.objects.filter(conference=membership.conference, role=Role.ORGANISER, user__is_active=True)
    if membership.role == Role.ORGANISER and not others.exclude(pk=membership.pk).exists():
        raise DomainError(
            _("%(name)s is the last organiser. Make somebody else organiser first.") % {"name": membership.user}
        )


@transaction.atomic
def change_colleague(*, membership_id: int, actor: User, role: Role, public_title: str, is_public: bool) -> Membership:
    """Change the role, and what the public reads."""
    membership = _lock(membership_id)
    if role != membership.role:
        _keep_an_organiser(membership)
        before, membership.role = membership.role, role
        _log("colleague.role_changed", membership, actor, role=str(role), before=before)
    if (public_title, is_public) != (membership.public_title, membership.is_public):
        membership.public_title, membership.is_public = public_title, is_public
        _log("colleague.changed", membership, actor)
    membership.save()
    return membership


@transaction.atomic
def remove_colleague(*, membership_id: int, actor: User) -> User:
    """End a person's role here. Their account stays: the log names them. Letters that have not left do not leave."""
    membership = _lock(membership_id)
    _keep_an_organiser(membership)
    _log("colleague.removed", membership, actor, role=membership.role)
    outbox.cancel(subject_type=SUBJECT, subject_id=membership.pk, reason=_("The colleague was removed"))
    user: User = membership.user
    membership.delete()
    return user
