"""What is wrong with the environment is said in a sentence, before anything starts."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conference.local.configuration import ROOT, check_given, listen, read_configuration, site_url
from conference.local.postgres import explain
from conference.local.problem import Problem
from conference.local.valkey import free_port
from tests.local.running import clean_environment


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "abc", "PORT should be a number from 0 to 65535, not 'abc'."),
        ("PORT", "65536", "PORT should be a number from 0 to 65535, not '65536'."),
        ("PORT", "-1", "PORT should be a number from 0 to 65535, not '-1'."),
        ("PORT", "٣", "PORT should be a number from 0 to 65535, not '٣'."),
        (
            "DATABASE_URL",
            "nonsense",
            "DATABASE_URL should look like postgresql://user@host/name; what it holds does not.",
        ),
        (
            "DATABASE_URL",
            "mysql://a/b",
            "DATABASE_URL should look like postgresql://user@host/name; what it holds does not.",
        ),
        (
            "DATABASE_URL",
            "postgresql://a",
            "DATABASE_URL should look like postgresql://user@host/name; what it holds does not.",
        ),
        (
            "DATABASE_URL",
            "postgresql://a:b:c/d",
            "DATABASE_URL should look like postgresql://user@host/name; what it holds does not.",
        ),
        ("REDIS_URL", "localhost:6379", "REDIS_URL should look like redis://host:6379/0; what it holds does not."),
        ("MAIL_URL", "mail.example.org", "MAIL_URL should look like smtp://host:25; what it holds does not."),
    ],
)
def test_a_broken_value_is_named(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    with pytest.raises(Problem) as caught:
        read_configuration({"CONCITOYEN_HOME": str(tmp_path), name: value})
    assert str(caught.value) == sentence


def test_the_defaults(tmp_path: Path) -> None:
    found = read_configuration({"CONCITOYEN_HOME": str(tmp_path / "var"), "PORT": "", "HOST": ""})
    assert (found.host, found.port, found.home) == ("127.0.0.1", 8000, (tmp_path / "var").resolve())
    assert (found.database_url, found.redis_url, found.mail_url) == ("", "", "")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(Problem, match=r"Cannot write to the state folder .*home: File exists\. Name another one"):
        read_configuration({"CONCITOYEN_HOME": str(tmp_path / "home")})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "postgresql://x@127.0.0.1:{port}/x", "The database that DATABASE_URL names does not answer: "),
        ("REDIS_URL", "redis://127.0.0.1:{port}/0", "The broker that REDIS_URL names does not answer: "),
        ("MAIL_URL", "smtp://127.0.0.1:{port}", "The mail server that MAIL_URL names does not answer: "),
    ],
)
def test_a_given_service_that_does_not_answer(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    given = {"CONCITOYEN_HOME": str(tmp_path), name: value.format(port=free_port())}
    with pytest.raises(Problem) as caught:
        check_given(read_configuration(given))
    assert str(caught.value).startswith(sentence)


def test_given_services_that_answer_are_taken(tmp_path: Path) -> None:
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    check_given(read_configuration({"CONCITOYEN_HOME": str(tmp_path), **given}))


def test_a_port_is_held_from_the_start() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(
            Problem, match=f"Port {port} on 127.0.0.1 is taken. Choose another one: PORT={port + 1} make run"
        ):
            listen("127.0.0.1", port)


def test_a_host_that_is_not_this_machine() -> None:
    with pytest.raises(Problem) as caught:
        listen("192.0.2.1", 8000)
    words = "Cannot assign requested address" if sys.platform == "linux" else "Can't assign requested address"
    assert str(caught.value) == f"Cannot listen on 192.0.2.1, port 8000: {words}. Check HOST and PORT."


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_the_address_that_a_browser_can_open(host: str, address: str) -> None:
    assert site_url(host, 8000) == address


def test_what_postgresql_says_is_explained() -> None:
    assert explain("postgres: error while loading shared libraries: libxml2.so.2: cannot open shared object file") == (
        "PostgreSQL's program lacks a library of the system "
        "(error while loading shared libraries: libxml2.so.2: cannot open shared object file). "
        "Install it, or give DATABASE_URL."
    )
    assert explain('initdb: error: could not write: No space left on device\ninitdb: removing "x"') == (
        "The disk is full: initdb: error: could not write: No space left on device"
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"PORT": "abc"}, "Cannot start: PORT should be a number from 0 to 65535, not 'abc'.\n"),
        (
            {"CONCITOYEN_HOME": "/dev/null/home"},
            "Cannot start: Cannot write to the state folder /dev/null/home: Not a directory.",
        ),
        ({"DEBUG": "perhaps"}, "Cannot start: The environment holds a value that cannot be used. "),
    ],
)
def test_the_terminal_shows_a_sentence_and_no_traceback(tmp_path: Path, values: dict[str, str], sentence: str) -> None:
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}  # so that this starts no servers
    refused = run({"CONCITOYEN_HOME": str(tmp_path / "home"), "PORT": "0", **given, **values})
    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert refused.stderr.count("\n") == 1


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit on the size of files refuses the same write that a full disk refuses."""

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    refused = run({"CONCITOYEN_HOME": str(tmp_path / "home"), "PORT": "0"}, no_room)
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        f"Cannot start: Cannot write to the state folder {tmp_path / 'home'}: File too large."
    )
    assert refused.stderr.count("\n") == 1


def run(values: dict[str, str], before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "conference.local", "run"],
        cwd=ROOT,
        env=clean_environment(**values),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=before,
    )
