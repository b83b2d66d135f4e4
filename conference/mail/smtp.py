"""Django's SMTP connection, which remembers whether the server has been given the message: after that, a line that is cut
says nothing about whether the message was taken."""

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from conference.mail.letter import Letter


class _Remembers(smtplib.SMTP):
    handed_over = False

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        self.handed_over = False
        return super().mail(*args, **kwargs)

    def data(self, msg: Any) -> Any:
        self.handed_over = True
        return super().data(msg)


class _RemembersOverTLS(_Remembers, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _RemembersOverTLS if self.use_ssl else _Remembers

    @property
    def handed_over(self) -> bool:
        return bool(getattr(self.connection, "handed_over", False))

    def _send(self, email_message: EmailMessage) -> bool:
        """A letter that was sealed before its turn goes out as it is."""
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
