"""To which volunteers and citizens a free message may go, by what the draw and they themselves made of them."""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from conference.audiences import Group, Narrowing, register_audiences
from conference.mail.domain.outbox import Recipient
from conference.models import Conference, Session
from panels.domain.seats import current_draw
from panels.enums import HOLDING, WAITING, InvitationState, Place, Standing
from panels.models import DrawEntry, Identity, Invitation, Trait
from panels.models.invitation import InvitationQuerySet
from panels.roll_rows import attendance_sheet


def recipient(identity: Identity) -> Recipient:
    return Recipient(f"volunteer:{identity.volunteer_id}", identity.email, str(identity), identity.language)


def _of_invitations(invitations: InvitationQuerySet) -> Callable[[], Iterable[Recipient]]:
    return lambda: map(recipient, Identity.objects.filter(volunteer__in=invitations.order_by().values("volunteer")))


def _drawn_as(conference: Conference, place: Place) -> Callable[[], Iterable[Recipient]]:
    """By the last draw; those who hold a seat since, or have left the pool, are no longer what it made of them."""

    def members() -> Iterable[Recipient]:
        entries = DrawEntry.objects.filter(
            draw=current_draw(conference), place=place, volunteer__standing=Standing.ELIGIBLE
        )
        holders = Invitation.objects.filter(conference=conference, state__in=HOLDING)
        found = Identity.objects.filter(volunteer__in=entries.values("volunteer"))
        return map(recipient, found.exclude(volunteer__in=holders.values("volunteer")))

    return members


def _pool(conference: Conference) -> Callable[[], Iterable[Recipient]]:
    return lambda: map(recipient, Identity.objects.filter(conference=conference, volunteer__standing=Standing.ELIGIBLE))


def groups(conference: Conference) -> list[Group]:
    invitations = Invitation.objects.filter(conference=conference)
    found: list[tuple[str, str | Promise, Callable[[], Iterable[Recipient]]]] = [
        ("panel", _("The panel: those who have accepted"), _of_invitations(invitations.accepted())),
        ("waiting", _("Invited, and not answered yet"), _of_invitations(invitations.filter(state__in=WAITING))),
        (
            "declined",
            _("Invited, and declined or withdrew"),
            _of_invitations(
                invitations.filter(state__in=[InvitationState.DECLINED, InvitationState.WITHDRAWN]).exclude(
                    volunteer__in=invitations.filter(state__in=HOLDING).values("volunteer")
                )
            ),
        ),
        ("alternates", _("The alternates"), _drawn_as(conference, Place.ALTERNATE)),
        ("not_drawn", _("Those who were not drawn"), _drawn_as(conference, Place.NOT_DRAWN)),
        ("pool", _("Everybody in the pool"), _pool(conference)),
    ]
    return [*(Group(key, label, members) for key, label, members in found), *_by_presence(conference)]


def _by_presence(conference: Conference) -> list[Group]:
    """Who came to a session, and who did not, by its closed roll calls."""
    called = Session.objects.filter(conference=conference, roll_calls__closed_at__isnull=False).distinct()
    groups = []
    for session in called:
        words = {"session": session.title}
        groups += [
            Group(f"present_{session.pk}", gettext("Present: %(session)s") % words, _attendance(session, here=True)),
            Group(f"absent_{session.pk}", gettext("Absent: %(session)s") % words, _attendance(session, here=False)),
        ]
    return groups


def _attendance(session: Session, *, here: bool) -> Callable[[], Iterable[Recipient]]:
    """Present is who was there for one half-day at least; absent, who sits on the panel and was at none."""

    def members() -> Iterable[Recipient]:
        rows = attendance_sheet(session.conference, session).rows
        wanted = [row.cells[0].invitation.volunteer for row in rows if row.was_there == here]
        return [recipient(volunteer.identity) for volunteer in wanted if hasattr(volunteer, "identity")]

    return members


def narrowings(conference: Conference) -> list[Narrowing]:
    """One for each criterion."""
    language = get_language() or conference.language
    return [
        Narrowing(
            f"criterion_{criterion.pk}",
            criterion.label(language),
            [(str(value.pk), value.label(language)) for value in criterion.values.all()],
            _with_value,
        )
        for criterion in conference.criteria.prefetch_related("values")
    ]


def _with_value(value: str) -> set[str]:
    return {f"volunteer:{pk}" for pk in Trait.objects.filter(value=int(value)).values_list("volunteer_id", flat=True)}


def _first_name(pk: int) -> str | None:
    identity = Identity.objects.filter(volunteer=pk).first()
    return identity.first_name if identity else None


register_audiences("volunteer", groups, _first_name, narrowings)
