"""A letter in the form in which it goes over the line.

The library's own way of writing one down takes ten times longer than all the rest. So the usual letter, two forms of the
same words and plain headers, is put together here; whatever is unusual in it (an attachment, a header of another alphabet)
is left to the library, header by header where that is enough.

The library also breaks a header line after 78 letters, and turns a word that is longer than that into RFC 2047's encoding,
which is for human eyes: a mail program does not find the address of List-Unsubscribe in it. Lines may have 998, and headers
for machines stay as they were written.
"""

import email.policy
import re
import secrets
from binascii import b2a_qp
from datetime import UTC, datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.message import Message as Mail
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMultiAlternatives

LINE = 78
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_PLAIN_WORDS = re.compile(r"(?!.*=\?)[\x21-\x7e]+(?: [\x21-\x7e]+)*")


class _AsWritten(UnstructuredHeader, BaseHeader):
    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _AsWritten)
_policy = email.policy.SMTP.clone(header_factory=_headers)


class Letter(EmailMultiAlternatives):
    sealed: bytes | None = None
    envelope: tuple[str, str] | None = None  # sender and recipient, where nothing about them is unusual

    def seal(self) -> None:
        """Write it down before its turn comes."""
        self.sealed = self._usual() if self._is_usual() else self.message(policy=email.policy.SMTP).as_bytes()

    def message(self, *, policy: "Policy[Mail[str, str]] | None" = email.policy.default) -> EmailMessage:
        if isinstance(policy, EmailPolicy):
            policy = policy.clone(header_factory=_headers)
        return super().message(policy=policy)

    def _is_usual(self) -> bool:
        forms = [mimetype for _words, mimetype in self.alternatives]
        return bool(self.body) and forms == ["text/html"] and not (self.attachments or self.cc or self.bcc)

    def _usual(self) -> bytes:
        boundary = f"=_{secrets.token_hex(16)}"  # quoted-printable text never contains these two signs
        headers = {
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
            "MIME-Version": "1.0",
            "Subject": str(self.subject),
            "From": self.from_email,
            "To": ", ".join(self.to),
            "Reply-To": ", ".join(self.reply_to),
            "Date": format_datetime(datetime.now(UTC)),
            **self.extra_headers,
        }
        lines = [_header(name, value) for name, value in headers.items() if value]
        [(html, _mimetype)] = self.alternatives
        lines += ["\r\n", *_part(boundary, "plain", str(self.body)), *_part(boundary, "html", str(html))]
        return "".join([*lines, f"--{boundary}--\r\n"]).encode("ascii")


def _header(name: str, value: str) -> str:
    if len(name) + len(value) + 2 <= LINE and _PLAIN_WORDS.fullmatch(value):
        return f"{name}: {value}\r\n"
    return _unusual_header(name, value)


@lru_cache(maxsize=512)
def _unusual_header(name: str, value: str) -> str:
    """As the library writes it: in RFC 2047's encoding, over several lines, the domain of an address in ASCII."""
    holder = EmailMessage(policy=_policy)
    holder[name] = value
    EmailMultiAlternatives()._idna_encode_address_header_domains(holder)  # type: ignore[attr-defined]  # noqa: SLF001
    return str(_policy.fold(name, holder[name]))


def _part(boundary: str, form: str, words: str) -> list[str]:
    lines = words if words.endswith("\n") else f"{words}\n"
    coded = b2a_qp(lines.replace("\r\n", "\n").replace("\r", "\n").encode(), istext=True).decode("ascii")
    return [
        f"--{boundary}\r\n",
        f'Content-Type: text/{form}; charset="utf-8"\r\n',
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
        coded.replace("\n", "\r\n"),
    ]
