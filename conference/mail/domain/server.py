"""The mail server: one connection for many messages, and what its refusals mean.

| what happened                                          | raised as  | what follows                                       |
|--------------------------------------------------------|------------|----------------------------------------------------|
| no connection, login or sender refused                 | ServerGone | all wait a while; nobody is to blame, nothing begun |
| 421, also on a new connection                          | ServerGone | all wait a while; an attempt of this message        |
| 421 or a cut line on a connection that has served      | -          | a new connection, at once, once                     |
| the line cut or silent in the middle of this message   | LineCut    | this message waits; a new connection for the next   |
| 4xx about the recipient or the message                 | Refused    | this message waits, longer each time                |
| 5xx about the recipient or the message                 | Refused    | permanent: shown to a person at once                |
| an address or header that cannot be written            | Refused    | permanent                                           |

A line that is cut after the server was given the end of the message says nothing about whether it took it: the message is
tried again later, with the same Message-ID.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import EmailMultiAlternatives, mailers
from django.utils.translation import gettext as _

from conference.mail.gate import Gate, Stalled, Withdrawn

SERVICE_NOT_AVAILABLE = 421
TOO_LARGE = 552  # said at MAIL FROM by servers that were told the size: this is about the message, not about us
UNREACHABLE = 0  # in the place of a code


class Trouble(Exception):  # noqa: N818
    """The message did not go out. ``code``: the server's answer, 0 where there was none."""

    def __init__(self, words: str, *, code: int = UNREACHABLE) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


class ServerGone(Trouble):
    """The mail server cannot be reached, or refuses us as a sender."""

    def __init__(self, words: str, *, code: int = UNREACHABLE, begun: bool = False) -> None:
        super().__init__(words, code=code)
        self.begun = begun


class LineCut(Trouble):
    """The connection broke in the middle of this message."""


class Refused(Trouble):
    """The server answered, and did not take this message. ``at_recipient``: it said so of the address."""

    def __init__(self, words: str, *, permanent: bool, code: int = UNREACHABLE, at_recipient: bool = False) -> None:
        super().__init__(words, code=code)
        self.permanent = permanent
        self.at_recipient = at_recipient


class Server:
    """Opened when the first message goes, opened anew when the line was cut."""

    def __init__(self) -> None:
        self._connection: Any = mailers.default  # a new one at each access
        self._open = False
        self._served = False  # whether this connection has carried a message

    def send(self, letter: EmailMultiAlternatives, gate: Gate | None = None) -> None:
        """Hand one letter over, its end not before the gate opens. Raises ServerGone, LineCut, Refused or Withdrawn."""
        used = self._served
        self._connection.gate = gate = gate or Gate(is_open=True)
        try:
            self._hold(letter, gate)
        except (ServerGone, LineCut) as trouble:
            # Servers end a connection after so many messages or so much silence. That is no trouble, as long as this
            # message had not been handed over.
            if not used or not self._may_try_again(trouble):
                raise
            self._hold(letter, gate)

    def _hold(self, letter: EmailMultiAlternatives, gate: Gate) -> None:
        try:
            self._try(letter)
        except Withdrawn:
            self._drop()
            raise
        except Stalled:  # the database is away: the server would not have waited so long
            self._drop()
            gate.wait()
            self._try(letter)

    def close(self) -> None:
        self._open = self._served = False
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()

    def _may_try_again(self, trouble: Trouble) -> bool:
        return trouble.code == SERVICE_NOT_AVAILABLE or (isinstance(trouble, LineCut) and not self._was_handed_over)

    def _try(self, letter: EmailMultiAlternatives) -> None:
        self._was_handed_over = False
        try:
            self._connect()
            if not hasattr(self._connection, "handed_over"):  # no server of ours that knows of gates
                self._connection.gate.wait()
            self._connection.send_messages([letter])
        except (smtplib.SMTPException, OSError) as error:
            raise self._meaning(error) from error
        except ValueError as error:
            raise Refused(_("This address cannot be written to."), permanent=True) from error
        self._served = True

    def _connect(self) -> None:
        if self._open:
            return
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise ServerGone(_answer(error), code=getattr(error, "smtp_code", UNREACHABLE)) from error
        self._open = True

    def _drop(self) -> None:
        """Without a good-bye, which a silent server would let us wait for."""
        self._was_handed_over = getattr(self._connection, "handed_over", True)
        self._open = self._served = False
        with suppress(smtplib.SMTPException, OSError):
            getattr(self._connection, "drop", self._connection.close)()

    def _meaning(self, error: Exception) -> Trouble:
        code: int
        answer: bytes | str
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, answer = next(iter(error.recipients.values()))
        elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
            code, answer = error.smtp_code, error.smtp_error
        elif isinstance(error, smtplib.SMTPNotSupportedError):
            return Refused(_answer(error), permanent=True)
        else:
            self._drop()
            return LineCut(_answer(error))
        words = f"{code} {_text(answer)}"
        if code == SERVICE_NOT_AVAILABLE:
            self._drop()
            return ServerGone(words, code=code, begun=True)
        if isinstance(error, smtplib.SMTPSenderRefused) and code != TOO_LARGE:
            self.close()
            return ServerGone(words, code=code)
        at_recipient = isinstance(error, smtplib.SMTPRecipientsRefused)
        return Refused(words, permanent=500 <= code < 600, code=code, at_recipient=at_recipient)


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
