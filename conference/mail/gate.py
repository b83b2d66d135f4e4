"""Between two threads: a letter may be on the line up to its last sign, and waits there for the database's word.

The server takes a message with the line that ends it, and with nothing before. So everything else may already be said
while the row is being written; what may not be said before the row says so is that last line.
"""

from threading import Event


class Withdrawn(Exception):  # noqa: N818
    """It was cancelled, held, moved or taken over after all: the letter is not to be ended."""


class Stalled(Exception):  # noqa: N818
    """No word came for longer than a server waits."""


class Gate:
    """Opened or closed once, by the thread that writes to the database; passed by the one that speaks to the server."""

    __slots__ = ("_goes", "_said")

    def __init__(self, *, is_open: bool = False) -> None:
        self._said = Event()
        self._goes = is_open
        if is_open:
            self._said.set()

    def open(self) -> None:
        self._goes = True
        self._said.set()

    def close(self) -> None:
        """No effect on a gate that has been opened."""
        self._said.set()

    @property
    def is_open(self) -> bool:
        return self._said.is_set() and self._goes

    def wait(self, seconds: float | None = None) -> None:
        """Raises Withdrawn where the letter does not go, Stalled where nothing was said for so many seconds."""
        if not self._said.wait(seconds):
            raise Stalled
        if not self._goes:
            raise Withdrawn
