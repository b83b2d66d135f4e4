"""``make run`` from its first start to its last process, for real."""

import os
import signal
import smtplib
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from conference.local.configuration import ROOT
from conference.local.mailbox import lines
from tests.local.running import Running, clean_environment, crowd, wait_for

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    run = Running(tmp_path_factory.mktemp("run") / "home")
    try:
        run.start()
        yield run
    finally:
        run.clean_up()


def get(run: Running, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}{path}", timeout=10) as response:
        return response.status, response.read().decode()


def test_it_says_where_it_can_be_found(running: Running) -> None:
    assert f"\nReady: http://127.0.0.1:{running.port}/\n" in running.said
    assert f"\nCaught mail: http://127.0.0.1:{running.port}/dev/mail/\n" in running.said
    assert get(running, "/health/live")[0] == 200


def test_its_secrets_are_its_owner_s_alone(running: Running) -> None:
    assert running.home.stat().st_mode & 0o777 == 0o700
    for name in ("services.json", "secret-key", "valkey/valkey.conf", "log/web.log"):
        assert (running.home / name).stat().st_mode & 0o077 == 0
    assert running.services is not None
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(running.services.redis_url).port or 0, retry=Retry(NoBackoff(), 0)).ping()


def test_commands_beside_it_find_its_services(running: Running) -> None:
    code = (
        "from django.conf import settings as s; print(s.REDIS_URL, s.SITE_URL, s.MAILERS['default']['OPTIONS']['port'])"
    )
    assert running.services is not None
    assert running.manage("shell", "--no-imports", "-c", code) == " ".join(
        [running.services.redis_url, running.services.site_url, running.services.mail_url.rpartition(":")[2]]
    )


def test_mail_is_caught_and_can_be_read(running: Running) -> None:
    assert running.services is not None
    with smtplib.SMTP("127.0.0.1", int(running.services.mail_url.rpartition(":")[2])) as client:
        client.sendmail("from@example.org", ["ana@example.org"], b"Subject: One seat for you\r\n\r\nPlease reply.\r\n")
    assert [line.subject for line in lines(running.home / "mail", "ana@")] == ["One seat for you"]
    assert "One seat for you" in get(running, "/dev/mail/")[1]


@pytest.mark.parametrize("name", ["worker", "beat", "web", "mail", "valkey", "postgres"])
def test_what_dies_is_started_again(running: Running, name: str) -> None:
    before = running.pid(name)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: running.pid(name) != before, f"{name} started again")
    assert f"{name} was ended by signal 9; starting it again" in running.said
    if name == "worker":
        wait_for(lambda: " ready." in (running.home / "log/worker.log").read_text().rpartition("celery@")[2], "worker")
    if name == "web":
        wait_for(lambda: answers(running), "the site answers again")
    if name == "postgres":
        wait_for(lambda: remembers(running), "the database answers again")


def answers(run: Running) -> bool:
    try:
        return get(run, "/health/live")[0] == 200
    except OSError:
        return False


def remembers(run: Running) -> bool:
    assert run.services is not None
    try:
        psycopg.connect(run.services.database_url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_second_one_on_the_same_home_is_refused(running: Running) -> None:
    refused = start(CONCITOYEN_HOME=str(running.home), PORT="0")
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Cannot start: Concitoyen already runs on {running.home} at http://127.0.0.1:{running.port}/. "
        "Stop it first, or name another CONCITOYEN_HOME.\n"
    )


def test_a_taken_port_is_refused(running: Running, tmp_path: Path) -> None:
    refused = start(CONCITOYEN_HOME=str(tmp_path / "other"), PORT=str(running.port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Cannot start: Port {running.port} on 127.0.0.1 is taken. "
        f"Choose another one: PORT={running.port + 1} make run\n"
    )


def test_it_stops_wholly_and_comes_back_with_its_data(running: Running) -> None:
    assert running.services is not None
    with psycopg.connect(running.services.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('Élodie')")
    status, seconds = running.stop()
    assert status == 0
    assert seconds < 10 * crowd()
    assert running.processes() == []
    assert not (running.home / "services.json").exists()

    assert running.start() < 10 * crowd()
    assert "Gathering" not in running.said  # the second start has nothing to prepare
    with psycopg.connect(running.services.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("Élodie",)


def test_a_supervisor_that_is_killed_leaves_nothing_for_long(running: Running) -> None:
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    if sys.platform == "linux":  # there the kernel tells them; elsewhere the next start does
        wait_for(lambda: running.processes() == [], "everything has ended", 10 * crowd())
    running.start()
    status, _seconds = running.stop(signal.SIGINT)
    assert status == 0
    assert running.processes() == []


def start(**values: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conference.local", "run"]
    return subprocess.run(
        command, cwd=ROOT, env=clean_environment(**values), capture_output=True, text=True, timeout=60, check=False
    )
