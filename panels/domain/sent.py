"""Many invitations that have gone out, marked at once. One by one: ``invitations.mark_sent``."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When
from django.utils.translation import gettext as _

from conference.domain.events import event, record_many
from conference.models import Event
from panels.enums import HOLDING, Channel, InvitationState, Way
from panels.models import Invitation


@transaction.atomic(savepoint=False)
def mark_many_sent(sent: Mapping[int, datetime]) -> set[int]:
    """``sent``: when each invitation's message went out, by its id. Returns those that are done.

    It waits for nobody: an invitation that somebody holds just now is passed over. So it can lock many in any order.
    """
    free = Invitation.objects.filter(pk__in=sent).select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(free.values_list("pk", "state", "conference", "volunteer__reference", "seat__number"))
    first = {row[0] for row in rows if row[1] == InvitationState.PENDING}
    again = {row[0] for row in rows if row[1] in HOLDING} - first
    if first:
        at = Case(*(When(pk=pk, then=Value(sent[pk])) for pk in first), output_field=DateTimeField())
        Invitation.objects.filter(pk__in=first).update(state=InvitationState.SENT, sent_at=at, sent_by=Way.EMAIL)
    if again:
        Invitation.objects.filter(pk__in=again).update(sent_by=Way.EMAIL)
    record_many(_event(*row) for row in rows if row[0] in first)
    return {row[0] for row in rows}


def _event(pk: int, _state: str, conference_id: int, reference: str, seat: int) -> Event:
    """Made of numbers: to read the conference and the invitation for each would take longer than all the rest."""
    told = event(
        "invitation.sent",
        conference=None,
        actor_label=_("the program"),
        reference=reference,
        seat=seat,
        channel=Channel.PROGRAM,
    )
    told.conference_id, told.object_type, told.object_id = conference_id, Invitation._meta.label_lower, str(pk)
    return told
