"""A letter whose headers for machines stay as they were written.

The library breaks a header line after 78 letters, and turns a word that is longer than that into RFC 2047's encoding, which
is for human eyes: a mail program does not find the address of List-Unsubscribe in it. Lines may have 998.
"""

import email.policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.message import Message as Mail
from email.policy import EmailPolicy, Policy
from typing import Any

from django.core.mail import EmailMultiAlternatives


class _AsWritten(UnstructuredHeader, BaseHeader):
    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _AsWritten)


class Letter(EmailMultiAlternatives):
    sealed: bytes | None = None

    def seal(self) -> None:
        """Put it into the form in which it goes over the line, before its turn comes."""
        self.sealed = self.message(policy=email.policy.SMTP).as_bytes()

    def message(self, *, policy: "Policy[Mail[str, str]] | None" = email.policy.default) -> EmailMessage:
        if isinstance(policy, EmailPolicy):
            policy = policy.clone(header_factory=_headers)
        return super().message(policy=policy)
