"""A mail server of the tests: real SMTP on loopback, which can be told to refuse."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from conference.local.valkey import free_port


@dataclass(frozen=True, slots=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass(slots=True)
class MailSink:
    port: int = field(default_factory=free_port)
    received: list[Received] = field(default_factory=list)
    refuse_content: str = ""  # an SMTP answer such as "451 try later", given to every message
    refuse_recipients: dict[str, str] = field(default_factory=dict)  # address -> SMTP answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [received.message for received in self.received]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse_recipients:
            return self.refuse_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse_content:
            return self.refuse_content
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 OK"

    def controller(self) -> Controller:
        return Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
