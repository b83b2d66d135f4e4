"""What every test can ask for. The servers are started by tests/settings.py, which is read first."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from tests.sink import MailSink
from tests.stack import LiveStack, running_stack

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> str | None:
    """The path of a Chromium of the system: the environment's word first, then PATH, then where macOS keeps it."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return shutil.which(named)
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    at_place = (place for place in CHROMIUM_PLACES if Path(place).exists())
    return next((path for path in (*on_path, *at_place) if path), None)


def pytest_configure(config: pytest.Config) -> None:
    _guard_the_network()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests need a browser: skipped with the reason where there is none, refused where one is required."""
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if not wanting or find_chromium():
        return
    reason = "no Chromium on this machine (install one, or name it in CHROMIUM)"
    if os.environ.get("CONCITOYEN_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"CONCITOYEN_REQUIRE_BROWSER=1, but there is {reason}")
    for item in wanting:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def no_language_of_another_test() -> None:
    """A request leaves its language and time zone in the thread; a test starts without what another one left."""
    translation.deactivate()
    timezone.deactivate()


# -- Nothing leaves the machine ----------------------------------------------------------------------------------------
def _is_local(host: object) -> bool:
    if host in {None, "", "localhost", "testserver", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return host == socket.gethostname()


def _is_number(host: object) -> bool:
    """An address in figures asks no name server; connecting to it is another matter."""
    try:
        return bool(ipaddress.ip_address(str(host)))
    except ValueError:
        return False


def _guard_the_network() -> None:
    """A test that connects elsewhere than to this machine fails, even where the code under test catches errors."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
            pytest.fail(f"A test tried to connect to {address!r}: tests stay on this machine.")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host) and not _is_number(host):
            pytest.fail(f"A test tried to look up {host!r}: tests stay on this machine.")
        return look_up(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[assignment,method-assign]
    socket.getaddrinfo = guarded_look_up


# -- The database ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Transactional tests empty their tables by TRUNCATE, which the event log refuses: that one trigger is off here."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'event_no_truncate'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER event_no_truncate")


# -- Mail, and the whole stack -----------------------------------------------------------------------------------------
@pytest.fixture
def mail_sink(settings: Settings) -> Iterator[MailSink]:
    """A real SMTP server for one test, which Django's default mailer sends to."""
    from conference.settings import mailer_from_url

    sink = MailSink()
    controller = sink.controller()
    controller.start()
    settings.MAILERS = {"default": mailer_from_url(sink.url)}
    try:
        yield sink
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def stack_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One state folder for all stacks of this run, so that only the first one gathers the static files."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture
def live_stack(stack_home: Path, transactional_db: None) -> Iterator[LiveStack]:
    """The real worker, beat, mail catcher and web server, on the database that the test itself writes to.

    Stopped before the tables are emptied: a worker that looks at them meanwhile would end one of the two in a deadlock,
    and would take the messages of the tests that follow.
    """
    from django.db import connection

    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/concitoyen?", f"/{name}?")
    shutil.rmtree(stack_home / "mail", ignore_errors=True)
    with running_stack(stack_home, url) as stack:
        yield stack


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found
