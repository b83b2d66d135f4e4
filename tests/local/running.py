"""``make run``'s program as the tests start it: in a process of its own, with a home and ports of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from conference.local.configuration import ROOT
from conference.local.state import Services, read_services
from conference.local.valkey import free_port

OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "MAIL_URL",
    "SECRET_KEY",
    "SITE_URL",
    "CONCITOYEN_HOME",
    "CONCITOYEN_TEST_SERVICES",
}


def clean_environment(**values: str) -> dict[str, str]:
    """What a person's shell holds: nothing of the test run's own services."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS | {"DJANGO_SETTINGS_MODULE", "DEBUG"}}
    return kept | {"CONCITOYEN_DEMO": "0"} | values


def crowd() -> float:
    """How many times longer things take on a machine that has more to do than processors; at least 1."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_for(done: Callable[[], bool], what: str, seconds: float = 20.0) -> float:
    started = time.monotonic()
    while not done():
        if time.monotonic() - started > seconds * crowd():
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - started


@dataclass(slots=True)
class Running:
    home: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    output: IO[str] | None = None

    @property
    def said(self) -> str:
        return (self.home.parent / "terminal").read_text(encoding="utf-8")

    @property
    def services(self) -> Services | None:
        return read_services(self.home)

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment(CONCITOYEN_HOME=str(self.home), PORT=str(self.port))

    def start(self) -> float:
        """Start, wait for the line that says so, and return the seconds that took."""
        command = [sys.executable, "-m", "conference.local", "run"]
        with (self.home.parent / "terminal").open("w", encoding="utf-8") as terminal:
            self.process = subprocess.Popen(
                command, stdout=terminal, stderr=terminal, cwd=ROOT, env=self.environment, text=True
            )

        def said_it() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.said
            return "\nReady: " in self.said

        return wait_for(said_it, "Ready", 60)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Stop, and return the status and the seconds that took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(15), time.monotonic() - started

    def pid(self, name: str) -> int:
        return int(json.loads((self.home / "run" / f"{name}.json").read_text(encoding="utf-8"))["pid"])

    def manage(self, *arguments: str) -> str:
        """manage.py, run beside it with the same environment."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def server_folder(self) -> Path:
        pointer = self.home / "postgres-folder"
        return Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else self.home / "postgres"

    def processes(self) -> list[str]:
        """Every living process that names our home or our cluster, in its arguments or (on Linux) its environment."""
        marks = [str(self.home), str(self.server_folder)]
        found = []
        listed = subprocess.run(["ps", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            pid, state, arguments = line.split(None, 2)
            if state.startswith("Z"):
                continue
            try:
                around = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
            except OSError:
                around = ""
            if any(mark in arguments or f"={mark}" in around for mark in marks):
                found.append(arguments)
        return found

    def clean_up(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        if (self.home / "postgres-folder").exists():
            shutil.rmtree(self.server_folder, ignore_errors=True)
