"""Django's SMTP connection, which holds a letter at its gate before the line that ends it, and remembers whether the
server has been given that line: after it, a line that is cut says nothing about whether the message was taken."""

import re
import smtplib
import socket
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from conference.mail.gate import Gate
from conference.mail.letter import Letter

HELD = 20.0  # seconds that a letter waits for its gate in the middle of the dialogue
_DOT = re.compile(rb"^\.", re.MULTILINE)
_END = b".\r\n"
GO_ON = 354


class _Remembers(smtplib.SMTP):
    handed_over = False
    gate: Gate | None = None

    def _get_socket(self, *args: Any, **kwargs: Any) -> socket.socket:
        """The last line, when it goes apart, must not wait until the server has acknowledged what came before it."""
        found: socket.socket = super()._get_socket(*args, **kwargs)  # type: ignore[misc]
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return found

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        self.handed_over = False
        return super().mail(*args, **kwargs)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """RFC 5321, 4.1.1.4. Raises Withdrawn or Stalled where the gate says so; then the line must be dropped."""
        if not isinstance(msg, bytes) or not msg.endswith(b"\r\n"):
            self._pass_gate()
            self.handed_over = True
            return super().data(msg)
        self.putcmd("data")
        code, answer = self.getreply()
        if code != GO_ON:
            raise smtplib.SMTPDataError(code, answer)
        text = _DOT.sub(b"..", msg)
        if self.gate is not None and not self.gate.is_open:
            self.send(text)
            self._pass_gate()
            text = b""
        self.handed_over = True
        self.send(text + _END)
        return self.getreply()

    def _pass_gate(self) -> None:
        if self.gate is not None:
            self.gate.wait(HELD)


class _RemembersOverTLS(_Remembers, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    gate: Gate | None = None  # of the next letter

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _RemembersOverTLS if self.use_ssl else _Remembers

    @property
    def handed_over(self) -> bool:
        return bool(getattr(self.connection, "handed_over", False))

    def _send(self, email_message: EmailMessage) -> bool:
        """A letter that was sealed before its turn goes out as it is."""
        if isinstance(self.connection, _Remembers):
            self.connection.gate = self.gate
        if not isinstance(email_message, Letter) or email_message.sealed is None or self.connection is None:
            return bool(super()._send(email_message))  # type: ignore[misc]
        sender, recipient = email_message.envelope or (
            self.prep_address(email_message.from_email),
            self.prep_address(email_message.to[0]),
        )
        self.connection.sendmail(sender, [recipient], email_message.sealed)
        return True

    def drop(self) -> None:
        """Close without a word: a server that has stopped answering would let us wait for its good-bye too."""
        for name in ("connection", "_partial_connection"):
            line: smtplib.SMTP | None = getattr(self, name)
            if line is not None:
                line.close()
            setattr(self, name, None)
