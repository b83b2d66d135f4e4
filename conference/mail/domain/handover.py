"""From one message to the next: noting that one has gone and saying that the next goes, in one statement.

It stands between every two messages, while nothing goes over the line; so it is written in SQL, for one journey to the
database and one commit. Its meaning is ``outcomes``' and ``claims``'.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.db import connection

from conference.mail.domain.outcomes import Claim
from conference.mail.models import Message

# A row that somebody holds just now is not waited for: it is left, and taken up again when its reservation has run out.
# "sending", where it was not begun, is mine: the same statement, sent again after the database went away.
_SQL = f"""
WITH noted AS (
    UPDATE {Message._meta.db_table} SET
        state = 'sent', attempts = attempts + 1, sent_at = %(at)s, last_error = '', state_reason = '',
        subject = %(subject)s, body_text = %(text)s, claimed_by = CASE WHEN %(untold)s THEN claimed_by ELSE '' END
    WHERE id = %(done)s AND claimed_by = %(by)s AND state = 'sending'
    RETURNING id
), begun AS (
    UPDATE {Message._meta.db_table} SET state = 'sending', claimed_at = %(at)s
    WHERE id = (
        SELECT id FROM {Message._meta.db_table}
        WHERE id = %(next)s AND claimed_by = %(by)s AND due_at <= %(at)s AND state IN ('scheduled', 'retry', 'sending')
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id
)
SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM begun)
"""  # noqa: S608 - the name of a table of ours


@dataclass(frozen=True, slots=True)
class Gone:
    """What the row of a message that was sent says from then on. ``untold``: its room is still to be told."""

    claim: Claim
    at: datetime
    subject: str
    text: str  # the copy that is kept
    untold: bool


def hand_over(gone: Gone | None, begin: Claim | None, at: datetime) -> bool:
    """Returns whether the next one may go: it was not cancelled, held, moved or taken over meanwhile."""
    claim = begin or (gone.claim if gone else None)
    if claim is None:
        return False
    facts: dict[str, str | int | bool | datetime | None] = {
        "by": claim.by,
        "at": gone.at if gone else at,
        "done": gone.claim.pk if gone else None,
        "subject": gone.subject if gone else "",
        "text": gone.text if gone else "",
        "untold": bool(gone and gone.untold),
        "next": begin.pk if begin else None,
    }
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        [(_noted, begun)] = cursor.execute(_SQL, facts, prepare=True)  # planning it takes as long as doing it
    return bool(begun)
