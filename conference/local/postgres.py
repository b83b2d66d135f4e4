"""PostgreSQL from the wheel: made, started on a Unix socket, and asked whether it answers."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from conference.local.places import ServerUser, programs, server_user, socket_folder
from conference.local.problem import Problem
from conference.local.processes import spawn

NAME = "concitoyen"
# UTF-8 and the builtin locale: the default cluster is SQL_ASCII, in which unaccent silently does nothing.
INITDB = [
    "-U",
    NAME,
    "-E",
    "UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "-A",
    "trust",
]
UNSAFE_AND_QUICK = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
]


@dataclass(slots=True)
class Postgres:
    """One cluster in ``folder/data``. Trust is enough: the socket lies in a folder that only its owner may enter."""

    folder: Path
    options: list[str] = field(default_factory=list)
    user: ServerUser | None = field(default_factory=server_user)
    socket: Path = field(init=False)
    programs: Path = field(init=False)

    def __post_init__(self) -> None:
        self.programs = programs()
        self.socket = socket_folder(self.folder, self.user)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket), safe='')}"

    def prepare(self, *, sync: bool = True) -> None:
        """Make the cluster where there is none, aside and then renamed: a start that was cut off leaves no half."""
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            return
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = [str(self.programs / "initdb"), "-D", str(draft), *INITDB, *([] if sync else ["--no-sync"])]
        made = subprocess.run(command, capture_output=True, text=True, check=False, **self.surroundings())
        if made.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise Problem(explain(made.stderr or made.stdout))
        draft.rename(self.data)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        shipped = self.programs.parent.name.split("-")[1].split(".")[0]
        if have != shipped:
            raise Problem(
                f"The data in {self.data} were made by PostgreSQL {have}, and the installed wheel brings {shipped}."
            )

    def command(self) -> list[str]:
        settings = ["listen_addresses=", f"unix_socket_directories={self.socket}", "unix_socket_permissions=0700"]
        settings += ["logging_collector=off", "timezone=UTC", "max_connections=100", *self.options]
        pairs = [part for setting in settings for part in ("-c", setting)]
        return [str(self.programs / "postgres"), "-D", str(self.data), *pairs]

    def surroundings(self) -> dict[str, Any]:
        """What a process of this cluster is started with; nothing of the caller's PG* variables gets through."""
        keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        found: dict[str, Any] = {
            "cwd": self.folder,
            "env": {**keep, "LC_ALL": "C", "TZ": "UTC"},
            "stdin": subprocess.DEVNULL,
        }
        if self.user:
            found |= {"user": self.user.uid, "group": self.user.gid, "extra_groups": []}
        return found

    def ready(self) -> bool:
        """Whether the server takes connections; makes our database the first time it does."""
        try:
            with psycopg.connect(dbname="postgres", user=NAME, host=str(self.socket), autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    connection.execute(f"CREATE DATABASE {NAME} ENCODING 'UTF8' TEMPLATE template0")
        except psycopg.OperationalError:
            return False
        return True


def explain(output: str) -> str:
    """What PostgreSQL's programs say when they fail, in a sentence that tells what to do."""
    for line in output.splitlines():
        if "error while loading shared libraries" in line or "Library not loaded" in line:
            lack = line.split(": ", 1)[-1]
            return f"PostgreSQL's program lacks a library of the system ({lack}). Install it, or give DATABASE_URL."
        if "No space left on device" in line:
            return f"The disk is full: {line}"
    return "PostgreSQL could not be made ready: " + (output.strip().splitlines() or ["it said nothing"])[-1]


def start_for_tests(folder: Path) -> "tuple[Postgres, subprocess.Popen[bytes]]":
    """A quick server that may lose its data, started and answering."""
    server = Postgres(folder, UNSAFE_AND_QUICK)
    server.prepare(sync=False)
    log = folder / "log"
    with log.open("wb") as output:
        process = spawn(
            server.command(), stop_signal=signal.SIGINT, stdout=output, stderr=output, **server.surroundings()
        )
    deadline = time.monotonic() + 20
    while not server.ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Problem(explain(log.read_text(errors="replace")))
        time.sleep(0.02)
    return server, process
