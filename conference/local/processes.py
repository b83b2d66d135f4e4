"""Starting, watching and stopping one process each, so that none is ever left behind."""

import ctypes
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conference.local.state import write_private

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_SET_PARENT_DEATH_SIGNAL = 1
LONGEST_WAIT = 15.0  # seconds between two tries of a process that keeps dying
STEADY = 30.0  # a process that lived so long has recovered
LARGEST_LOG = 5_000_000


def spawn(command: list[str], *, stop_signal: int = signal.SIGTERM, **options: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own (the terminal's Ctrl-C is for us alone); on Linux it dies with us."""
    parent = os.getpid()

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(_SET_PARENT_DEATH_SIGNAL, stop_signal)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(command, start_new_session=True, preexec_fn=tie, **options)  # noqa: PLW1509


def birth(pid: int) -> str | None:
    """When a process started, to tell it from a later one with the same number; None where it is gone."""
    if platform.system() == "Linux":
        try:
            state, *rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            return None
        return None if state == "Z" else rest[18]
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def signal_group(group: int, number: int) -> bool:
    """Signal a process and all that it started; False where none of them is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says 'not permitted' of a group of zombies
        return False
    return True


@dataclass(slots=True)
class Service:
    name: str
    command: list[str]
    home: Path
    ready: Callable[["Service"], bool]
    environment: dict[str, str] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    log_start: int = 0
    started: float = 0.0
    next_start: float = 0.0
    failures: int = 0

    @property
    def log(self) -> Path:
        return self.home / "log" / f"{self.name}.log"

    @property
    def mark(self) -> Path:
        return self.home / "run" / f"{self.name}.json"

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as output:
            self.log_start = output.tell()
            options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "env": self.environment} | self.options
            self.process = spawn(
                self.command, stop_signal=self.stop_signal, stdout=output, stderr=subprocess.STDOUT, **options
            )
        self.started = time.monotonic()
        facts = {"pid": self.process.pid, "born": birth(self.process.pid), "signal": self.stop_signal}
        write_private(self.mark, json.dumps(facts))

    def said(self) -> str:
        """What the process has written since it was last started."""
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(self.log_start)
            return file.read().decode(errors="replace")
        return ""

    def ended(self) -> int | None:
        return self.process.poll() if self.process else None

    def plan_restart(self) -> float:
        """Sweep what the dead process left of its group, and say after how many seconds to start it again."""
        if self.process:
            signal_group(self.process.pid, signal.SIGKILL)
        self.process = None
        self.failures = 0 if time.monotonic() - self.started > STEADY else self.failures + 1
        wait = 0.0 if self.failures < 2 else min(LONGEST_WAIT, 0.5 * 2.0 ** (self.failures - 2))
        self.next_start = time.monotonic() + wait
        return wait

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def sweep(self) -> None:
        """Kill whatever is left, and forget the process."""
        if self.process:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
        self.mark.unlink(missing_ok=True)


def stop_all(services: list[Service], seconds: float) -> None:
    """Ask all to stop, wait for them together, and kill what has not stopped by then."""
    for service in services:
        service.ask_to_stop()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(service.process and service.ended() is None for service in services):
        time.sleep(0.03)
    for service in services:
        service.sweep()


def stop_leftovers(folder: Path, seconds: float = 5.0) -> int:
    """Stop what a supervisor that was killed left running, by the marks in its folder; say how many there were."""
    groups: dict[int, int] = {}
    for mark in folder.glob("*.json"):
        with suppress(ValueError, KeyError, OSError):
            facts = json.loads(mark.read_text(encoding="utf-8"))
            born = birth(int(facts["pid"]))
            # With its leader gone, a group that still answers is ours: its number cannot be given away before it ends.
            if born in {None, facts["born"]} and signal_group(int(facts["pid"]), 0):
                groups[int(facts["pid"])] = int(facts["signal"])
        mark.unlink(missing_ok=True)
    for pid, number in groups.items():
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(birth(pid) for pid in groups):
        time.sleep(0.05)
    for pid in groups:
        signal_group(pid, signal.SIGKILL)
    return len(groups)
