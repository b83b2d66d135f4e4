"""Reading what a mail server or a mailbox provider sent back. Pure: bytes in, facts out, and no malformed mail is an error.

Understood are delivery status notifications (RFC 3464), complaints (RFC 5965), and the texts of servers that write neither,
by their codes. An answer of the person ("I am away until Monday") comes to the same address and must count as nothing.
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message as Mail
from email.parser import BytesParser
from email.utils import parseaddr

from conference.mail.domain.codes import Code, address_is_dead, read_code
from conference.mail.enums import ReportKind

LARGEST = 2 * 1024 * 1024  # bytes that are looked at
WORDS = 500
_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail[ .-]delivery|mail-?delivery-?(?:sub)?system", re.IGNORECASE)
_QUOTED = re.compile(
    r"^\W*(?:this is a copy of|below this line|original message|-----original|included below|message d.origine"
    r"|copie du message|return-path:|received: from)",
    re.IGNORECASE | re.MULTILINE,
)
_SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To", "To")


@dataclass(frozen=True, slots=True)
class Report:
    kind: ReportKind
    status: str = ""
    words: str = ""
    address_is_dead: bool = False


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail that came to the return address. ``addresses`` may hold a signed return path: only that says whose it is."""

    addresses: tuple[str, ...]
    report: Report | None
    identity: str  # the same for the same mail, delivered twice


def read_mail(raw: bytes) -> Mailed:
    """Never raises: what the library or we cannot read says nothing."""
    raw = raw[:LARGEST]
    identity = hashlib.sha256(raw).hexdigest()
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(raw)
        named = _header(mail, "Message-ID")
        if named:
            identity = hashlib.sha256(named.encode(errors="replace")).hexdigest()
        return Mailed(tuple(_addresses(mail)), _report(mail), identity)
    except Exception:  # noqa: BLE001 - the sender of this mail is anybody
        return Mailed((), None, identity)


def _header(mail: Mail, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _parts(mail: Mail) -> Iterator[Mail]:
    """The parts of the report itself: nothing that lies inside the message that came back."""
    yield mail
    if mail.get_content_type() == "message/rfc822" or not mail.is_multipart():
        return
    if mail.get_content_maintype() == "multipart":
        for part in mail.get_payload():
            if isinstance(part, Mail):
                yield from _parts(part)


def _part(mail: Mail, content_type: str) -> Mail | None:
    return next((part for part in _parts(mail) if part.get_content_type() == content_type), None)


def _blocks(part: Mail) -> list[Mail]:
    """The groups of fields of a status part. Some servers write it in base64, which the library does not undo."""
    payload = part.get_payload()
    blocks = [block for block in payload if isinstance(block, Mail)] if isinstance(payload, list) else []
    if blocks and _header(part, "Content-Transfer-Encoding").lower() != "base64":
        return blocks
    coded = "".join(str(block.get_payload()) for block in blocks)
    text = b64decode(coded).decode(errors="replace") if blocks else _text(part)
    groups = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    parser = BytesParser(policy=policy.compat32)
    return [parser.parsebytes(group.encode(errors="replace"), headersonly=True) for group in groups if group.strip()]


def _text(part: Mail) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def _addresses(mail: Mail) -> Iterator[str]:
    for name in _SENT_TO:
        yield from (str(value) for value in mail.get_all(name, []))
    feedback = _part(mail, "message/feedback-report")
    for block in _blocks(feedback) if feedback is not None else []:
        yield _header(block, "Original-Mail-From")


# -- What it says ------------------------------------------------------------------------------------------------------
def _report(mail: Mail) -> Report | None:
    feedback = _part(mail, "message/feedback-report")
    if feedback is not None:
        return _complaint(feedback)
    status = _part(mail, "message/delivery-status")
    if status is not None:
        return _notification(mail, _blocks(status))
    return _from_words(mail) if _is_from_a_server(mail) else None


def _complaint(part: Mail) -> Report | None:
    kinds = {_header(block, "Feedback-Type").lower() for block in _blocks(part)}
    if kinds & {"abuse", "fraud", "virus", "other"}:
        return Report(ReportKind.COMPLAINT, words=", ".join(sorted(kinds - {""}))[:WORDS])
    return Report(ReportKind.UNSUBSCRIBED) if kinds & {"opt-out", "opt-out-list"} else None


def _notification(mail: Mail, blocks: list[Mail]) -> Report | None:
    """One address of ours may stand for several behind it; one that was served is enough."""
    found = [_recipient(block) for block in blocks if "Final-Recipient" in block or "Action" in block]
    bounced = [report for report in found if report and report.kind == ReportKind.BOUNCED]
    if bounced and len(bounced) == len(found):
        first = bounced[0]
        dead = all(report.address_is_dead for report in bounced)
        return Report(first.kind, first.status, first.words or _first_words(mail), dead)
    return next((report for report in found if report and report.kind == ReportKind.DELAYED), None)


def _recipient(block: Mail) -> Report | None:
    action = _header(block, "Action").lower().partition(" ")[0]
    said = _header(block, "Diagnostic-Code")
    scheme, _semicolon, words = said.partition(";")
    words = words.strip() if scheme.strip().isascii() and " " not in scheme.strip() else said
    code = _code(_header(block, "Status"), words)
    if not action:
        action = "failed" if code.is_permanent else "delayed" if code.is_known else ""
    if action == "delayed":
        return Report(ReportKind.DELAYED, code.status, words[:WORDS])
    if action != "failed":
        return None
    return Report(ReportKind.BOUNCED, code.status, words[:WORDS], address_is_dead(code, words))


def _code(status: str, words: str) -> Code:
    """The status field, unless it is as vague as can be and the server's own words are not."""
    told, said = read_code(status), read_code(words)
    vague = not told.status or told.status.endswith(".0.0")
    return Code(said.smtp, (said.status or told.status) if vague else told.status)


# -- Servers that write sentences only ---------------------------------------------------------------------------------
def _is_from_a_server(mail: Mail) -> bool:
    """A person's own automatic answer bears the person's address; a server's bears the server's."""
    if "X-Failed-Recipients" in mail:
        return True
    name, address = parseaddr(_header(mail, "From"))
    return bool(_DAEMON.search(address.partition("@")[0]) or (not address and _DAEMON.search(name)))


def _first_words(mail: Mail) -> str:
    part = _part(mail, "text/plain")
    if part is None:
        return ""
    text = _text(part)
    quoted = _QUOTED.search(text)
    return " ".join((text[: quoted.start()] if quoted else text).split())[:WORDS]


def _from_words(mail: Mail) -> Report | None:
    part = _part(mail, "text/plain")
    if part is None:
        return None
    text = _text(part)
    quoted = _QUOTED.search(text)
    text = text[: quoted.start()] if quoted else text
    code = read_code(text)
    words = " ".join(text.split())[:WORDS]
    if "X-Failed-Recipients" in mail and not code.is_known:
        code = Code(554)
    if code.is_permanent:
        return Report(ReportKind.BOUNCED, code.status, words, address_is_dead(code, text))
    return Report(ReportKind.DELAYED, code.status, words) if code.is_known else None
