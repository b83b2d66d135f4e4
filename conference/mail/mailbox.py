"""Fetching mails that came back from a mailbox: over IMAP, or from a Maildir of this machine.

What was understood is deleted; the rest stays, marked as read, for a person to look at. What comes too early stays unread.
"""

import imaplib
import mailbox
from collections.abc import Callable
from contextlib import closing, suppress
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT = 30.0
AT_MOST = 500  # a run


class Fate(Enum):
    DELETE = "delete"
    LEAVE = "leave for a person"
    LATER = "look at it again"


type Take = Callable[[bytes], Fate]


def read_imap(url: str, take: Take) -> int:
    """Every unread mail of ``imaps://user:password@host/INBOX``. Returns how many were looked at."""
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ImproperlyConfigured("BOUNCE_MAILBOX must look like imaps://user:password@host/INBOX.")
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    line = kind(parts.hostname, parts.port or (993 if parts.scheme == "imaps" else 143), timeout=TIMEOUT)
    try:
        line.login(unquote(parts.username), unquote(parts.password or ""))
        _expect(line.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"'))
        numbers = _expect(line.uid("SEARCH", "UNSEEN"))[0].split()[:AT_MOST]
        for number in numbers:
            _one(line, number.decode(), take)
        line.expunge()
        return len(numbers)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            line.logout()


def _expect(answer: tuple[str, list[Any]]) -> list[Any]:
    state, facts = answer
    if state != "OK":
        raise imaplib.IMAP4.error(f"The mailbox answered {state}.")
    return facts


def _one(line: imaplib.IMAP4, number: str, take: Take) -> None:
    fetched = _expect(line.uid("FETCH", number, "(BODY.PEEK[])"))
    raw = next((part[1] for part in fetched if isinstance(part, tuple)), None)
    if raw is None:
        return  # somebody else deleted it meanwhile
    match take(raw):
        case Fate.DELETE:
            line.uid("STORE", number, "+FLAGS", r"(\Seen \Deleted)")
        case Fate.LEAVE:
            line.uid("STORE", number, "+FLAGS", r"(\Seen)")


def read_maildir(folder: Path, take: Take) -> int:
    """Every unread mail of a Maildir."""
    if not (folder / "new").is_dir():
        raise ImproperlyConfigured(f"{folder} is no Maildir.")
    with closing(mailbox.Maildir(folder, create=False)) as box:
        unread = [key for key, mail in box.iteritems() if "S" not in mail.get_flags()][:AT_MOST]
        for key in unread:
            mail = box.get_message(key)
            match take(box.get_bytes(key)):
                case Fate.DELETE:
                    box.discard(key)
                case Fate.LEAVE:
                    mail.set_subdir("cur")
                    mail.add_flag("S")
                    box[key] = mail
        return len(unread)
