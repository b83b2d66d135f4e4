"""The reading side of the mail catcher."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from conference.local.catcher import INDEX

NAME = re.compile(r"\d{20}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Line:
    """One message in the list, as its envelope says."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    number: int
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    id: str
    subject: str
    sender: str
    recipients: str
    received: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def lines(folder: Path, recipient: str = "") -> list[Line]:
    """What was caught, newest first; only what went to addresses that hold ``recipient``, where it is given."""
    try:
        written = (folder / INDEX).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = [line for line in map(_line, reversed(written)) if line]
    wanted = recipient.strip().casefold()
    return [line for line in found if any(wanted in address.casefold() for address in line.recipients)]


def _received(name: str) -> datetime:
    """The catcher names a letter by the nanosecond in which it came."""
    return datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC)


def _line(written: str) -> Line | None:
    """A line that a crash cut off is no line."""
    try:
        facts = json.loads(written)
        name = str(facts["id"])
        return Line(
            id=name,
            sender=str(facts["sender"]),
            recipients=tuple(map(str, facts["recipients"])),
            subject=str(facts["subject"]),
            received=_received(name),
        )
    except (ValueError, KeyError, TypeError):
        return None


def raw(folder: Path, name: str) -> bytes | None:
    """The message as it came over the wire; None where there is none of that name."""
    if not NAME.fullmatch(name):
        return None
    try:
        return (folder / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None


def letter(folder: Path, name: str) -> Letter | None:
    content = raw(folder, name)
    if content is None:
        return None
    message = message_from_bytes(content, policy=policy.default)
    return Letter(
        id=name,
        subject=str(message.get("Subject", "")),
        sender=str(message.get("From", "")),
        recipients=str(message.get("To", "")),
        received=_received(name),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachments(message)),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a charset that Python does not know
        payload = part.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


def _attachments(message: EmailMessage) -> list[Attachment]:
    found = []
    for number, part in enumerate(message.iter_attachments()):
        payload = part.get_payload(decode=True)
        name = part.get_filename() or f"attachment-{number + 1}"
        found.append(Attachment(number, name, part.get_content_type(), payload if isinstance(payload, bytes) else b""))
    return found
