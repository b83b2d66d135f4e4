"""The one locking rule of the panel: whoever changes a seat, an invitation or a draw locks the conference's row first.

Everything that could put two people on one seat (answers, deadlines, call-ups, the draw) then happens one after the other
within a conference, and never in two orders, so no deadlock. The unique constraints of Invitation stand behind it.
"""

from conference.models import Conference


def lock_conference(conference_id: int) -> Conference:
    """The conference, locked until the transaction ends. NO KEY: rows that only point to it may still be added."""
    return Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
