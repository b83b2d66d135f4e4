"""Many invitations that have gone out, marked at once. One by one: ``invitations.mark_sent``."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conference.domain.events import event, record_many
from panels.enums import HOLDING, Channel, InvitationState, Way
from panels.models import Invitation


@transaction.atomic
def mark_many_sent(sent: Mapping[int, datetime]) -> set[int]:
    """``sent``: when each invitation's message went out, by its id. Returns those that are done.

    It waits for nobody: an invitation that somebody holds just now is passed over. So it can lock many in any order.
    """
    free = (
        Invitation.objects.filter(pk__in=sent)
        .select_related("conference", "seat", "volunteer")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    )
    done = {one.pk: one for one in free}
    Invitation.objects.filter(pk__in=done, state__in=HOLDING).update(sent_by=Way.EMAIL)
    first = [one for one in done.values() if one.state == InvitationState.PENDING]
    for invitation in first:
        invitation.state, invitation.sent_at = InvitationState.SENT, sent[invitation.pk]
    Invitation.objects.bulk_update(first, ["state", "sent_at"])
    record_many(
        event(
            "invitation.sent",
            conference=one.conference,
            actor_label=_("the program"),
            obj=one,
            reference=one.volunteer.reference,
            seat=one.seat.number,
            channel=Channel.PROGRAM,
        )
        for one in first
    )
    return set(done)
