"""Real worker processes, PostgreSQL, Valkey and SMTP sink, each of which can be killed, stopped and started again.

Used by the tests beside it and by ``benchmarks/mail_faults.py``. It has servers of its own: other tests that run at the
same time must not lose theirs.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis

from conference.local import postgres, valkey
from conference.local.places import temporary_server_folder
from conference.local.processes import signal_group, spawn

ROOT = Path(__file__).resolve().parent.parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "conference"]
QUIET = ["--without-gossip", "--without-mingle"]


def wait_for(done: Callable[[], Any], seconds: float, what: str, every: float = 0.05) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(every)


def accepts(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@dataclass(slots=True)
class Program:
    """A process of a group of its own, with its log."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def start(self) -> "Program":
        with self.log.open("ab") as output:
            self.process = spawn(
                self.command, env=self.environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, **self.options
            )
        return self

    def kill(self) -> None:
        """SIGKILL to it and to all that it started: nothing can be tidied up."""
        if self.process:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def end(self) -> None:
        if self.process:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        self.kill()

    def children(self) -> list[int]:
        """The process numbers of a worker's children, those that send."""
        assert self.process is not None
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass(slots=True)
class FaultStack:
    folder: Path  # logs, and what the programs keep
    data: Path  # PostgreSQL's
    environment: dict[str, str] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)
    mail_port: int = field(default_factory=valkey.free_port)
    count: int = 0
    database: postgres.Postgres = field(init=False)
    database_process: subprocess.Popen[bytes] | None = None
    broker: valkey.Valkey = field(init=False)
    broker_process: subprocess.Popen[bytes] | None = None

    # -- Servers -------------------------------------------------------------------------------------------------------
    def start_servers(self) -> None:
        self.database, self.database_process = postgres.start_for_tests(self.data)
        self.broker, self.broker_process = valkey.start_for_tests(self.folder)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CONCITOYEN_")},
            "CONCITOYEN_HOME": str(self.folder),
            "CONCITOYEN_LOCAL": "0",
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.broker.url,
            "MAIL_URL": f"smtp://127.0.0.1:{self.mail_port}?timeout=2",
            "SECRET_KEY": os.environ["SECRET_KEY"],  # ours too: the links that we make must open
            "SITE_URL": "http://testserver",
            "ALLOWED_HOSTS": "testserver,127.0.0.1",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "conference.settings",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "PYTHONUNBUFFERED": "1",
        }
        for command in (["migrate", "-v", "0", "--skip-checks"], ["createcachetable"]):
            subprocess.run([sys.executable, "manage.py", *command], env=self.environment, cwd=ROOT, check=True)

    def stop_database(self, number: int = signal.SIGINT) -> None:
        assert self.database_process is not None
        self.database_process.send_signal(number)
        self.database_process.wait(20)

    def start_database(self) -> None:
        with (self.folder / "postgres.log").open("ab") as output:
            self.database_process = spawn(
                self.database.command(), stop_signal=signal.SIGINT, stdout=output, stderr=output,
                **self.database.surroundings(),
            )  # fmt: skip
        wait_for(self.database.ready, 20, "PostgreSQL answers")

    def empty_broker(self) -> None:
        with Redis.from_url(self.broker.url) as client:
            client.flushall()

    def stop_broker(self) -> None:
        assert self.broker_process is not None
        self.broker_process.kill()
        self.broker_process.wait()

    @contextmanager
    def silent_broker(self) -> Iterator[None]:
        """It takes connections and answers nothing."""
        assert self.broker_process is not None
        self.broker_process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.broker_process.send_signal(signal.SIGCONT)

    def start_broker(self) -> None:
        self.broker_process = spawn(self.broker.command(), stdout=subprocess.DEVNULL)
        wait_for(self.broker.ready, 10, "Valkey answers")

    # -- Our own programs ----------------------------------------------------------------------------------------------
    def _program(self, name: str, command: list[str], **changed: str) -> Program:
        self.count += 1
        log = self.folder / f"{name}-{self.count}.log"
        program = Program(command, {**self.environment, **changed}, log)
        self.programs.append(program)
        return program

    def worker(self, *, wait: bool = True, processes: int = 1, **changed: str) -> Program:
        """The worker as operators start it."""
        self.count += 1
        command = [*CELERY, "worker", "-Q", "celery,mail", "-c", str(processes), "-l", "INFO", *QUIET]
        worker = self._program("worker", [*command, "-n", f"w{self.count}@test"], **changed).start()
        if wait:
            wait_for(lambda: " ready." in worker.said(), 30, "the worker is ready")
        return worker

    def beat(self, app: str = "tests.faults.hasty") -> Program:
        """Beat itself, with a clock of half a second instead of a minute."""
        command = [sys.executable, "-m", "celery", "-A", app, "beat", "-l", "INFO", "--pidfile="]
        return self._program("beat", [*command, "-s", str(self.folder / f"schedule-{self.count}")]).start()

    def sink(self, *, line: float = 0.0, seconds: float = 0.0, seed: int = 1) -> "SinkProgram":
        log = self.folder / f"sink-{self.count}.jsonl"
        options = ["--port", str(self.mail_port), "--log", str(log), "--line", str(line)]
        options += ["--seconds", str(seconds), "--seed", str(seed)]
        program = self._program("sink", [sys.executable, "-m", "tests.faults.sink", *options]).start()
        wait_for(lambda: accepts(self.mail_port), 10, "the sink answers")
        return SinkProgram(program, log)

    def web(self) -> str:
        """A real web server; returns its address."""
        from conference.local.supervisor import web_command

        listener = socket.create_server(("127.0.0.1", 0))
        program = self._program("web", web_command(listener.fileno()))
        program.options = {"pass_fds": [listener.fileno()]}
        program.start()
        port = int(listener.getsockname()[1])
        listener.close()
        wait_for(lambda: "Booting worker" in program.said(), 20, "the web server answers")
        return f"http://127.0.0.1:{port}"

    def ask(self, *tasks: str) -> None:
        """What beat asks for every minute."""
        from celery import Celery

        with Celery(broker=self.environment["REDIS_URL"], set_as_current=False) as app:
            for task in tasks or ("conference.mail.tasks.dispatch",):
                app.send_task(task, queue="mail")

    def end_programs(self) -> None:
        """And forget what they had asked for."""
        for program in self.programs:
            program.kill()
        self.programs.clear()
        if self.broker_process and self.broker_process.poll() is None:
            self.empty_broker()

    def stop_servers(self) -> None:
        for process, number in ((self.broker_process, signal.SIGTERM), (self.database_process, signal.SIGINT)):
            if process:
                process.send_signal(number)
                process.wait(20)


@dataclass(slots=True)
class SinkProgram:
    program: Program
    log: Path

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def total(self) -> int:
        """How many were taken; cheap, since it is asked often."""
        return self.log.read_bytes().count(b'"event": "taken"')

    def taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(event["id"] for event in self.events() if event["event"] == "taken")

    def taken_by_address(self) -> Counter[str]:
        return Counter(event["to"] for event in self.events() if event["event"] == "taken")


@contextmanager
def fault_stack() -> Iterator[FaultStack]:
    folder, data = temporary_server_folder(), temporary_server_folder()
    if os.geteuid() == 0:
        os.chown(folder, 0, 0)
    stack = FaultStack(folder, data)
    try:
        stack.start_servers()
        yield stack
    finally:
        stack.end_programs()
        stack.stop_servers()
        for path in (folder, data):
            shutil.rmtree(path, ignore_errors=True)
