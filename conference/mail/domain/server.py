"""The mail server: one connection for many messages, and what its refusals mean.

| what happened                                        | raised as   | what follows                                |
|------------------------------------------------------|-------------|---------------------------------------------|
| no connection, time-out, 421, sender or login refused| ServerGone  | the whole batch waits; nobody is to blame   |
| 4xx about the recipient or the message               | Refused     | this message waits, longer each time        |
| 5xx about the recipient or the message               | Refused     | permanent: shown to a person at once        |
| an address or header that cannot be written          | Refused     | permanent                                   |
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import EmailMultiAlternatives, mailers
from django.utils.translation import gettext as _

SERVICE_NOT_AVAILABLE = 421


class ServerGone(Exception):  # noqa: N818 - no fault of the message
    """The mail server cannot be reached, or refuses us as a sender."""


class Refused(Exception):  # noqa: N818
    """The server answered, and did not take this message."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent


class Server:
    """Opened when the first message goes, opened anew when the line was cut."""

    def __init__(self) -> None:
        self._connection: Any = mailers.default  # a new one at each access
        self._open = False

    def send(self, letter: EmailMultiAlternatives) -> None:
        """Hand one letter over. Raises ServerGone or Refused."""
        try:
            if not self._open:
                self._connection.open()
                self._open = True
            self._connection.send_messages([letter])
        except (smtplib.SMTPException, OSError) as error:
            raise self._meaning(error) from error
        except ValueError as error:
            raise Refused(_("This address cannot be written to."), permanent=True) from error

    def close(self) -> None:
        self._open = False
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()

    def _meaning(self, error: Exception) -> ServerGone | Refused:
        code: int
        answer: bytes | str
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, answer = next(iter(error.recipients.values()))
        elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
            code, answer = error.smtp_code, error.smtp_error
        else:
            self.close()
            return ServerGone(_answer(error))
        words = f"{code} {_text(answer)}"
        if code == SERVICE_NOT_AVAILABLE or isinstance(error, smtplib.SMTPSenderRefused):
            self.close()
            return ServerGone(words)
        return Refused(words, permanent=500 <= code < 600)


@contextmanager
def connected() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()


def _answer(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
