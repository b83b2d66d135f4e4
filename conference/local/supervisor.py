"""``make run``: starts everything in order, says when it is ready, keeps it running, and stops it wholly."""

import fcntl
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from conference.local import configuration as config
from conference.local.configuration import Configuration
from conference.local.places import server_folder
from conference.local.postgres import Postgres, explain
from conference.local.problem import PROBLEM_FILE, Problem
from conference.local.processes import Service, spawn, stop_all, stop_leftovers
from conference.local.state import Services, forget_services, read_services, write_private, write_services
from conference.local.valkey import Valkey

STARTING = 60.0  # seconds that a service may take until it answers
PREPARING = 600.0
WORKER_STOPS = 5.0  # both together stay under the ten seconds that stopping may take
SERVER_STOPS = 3.5


class Stopped(Exception):  # noqa: N818
    """Somebody asked us to stop while we were starting."""


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone: that is no reason to leave processes behind
        print(text, flush=True)


@dataclass(slots=True)
class Supervisor:
    configuration: Configuration
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    servers: list[Service] = field(default_factory=list)  # PostgreSQL, Valkey: stop last
    workers: list[Service] = field(default_factory=list)  # whatever uses them: stops first
    sockets: list[socket.socket] = field(default_factory=list)
    services: Services = field(init=False)
    stopping: bool = False
    ready: bool = False

    @property
    def home(self) -> Path:
        return self.configuration.home

    # -- From start to end ---------------------------------------------------------------------------------------------
    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        lock = self._lock()
        try:
            self.start()
            self._announce(self.services.site_url)
            while not self.stopping:
                self.revive()
                time.sleep(0.1)
        except Stopped:
            pass
        finally:
            self.stop()
            lock.close()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _lock(self) -> IO[str]:
        """One supervisor for one state folder; the kernel lets go of the lock however we end."""
        file = (self.home / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            running = read_services(self.home)
            place = f" at {running.site_url}/" if running else ""
            file.close()
            raise Problem(
                f"Concitoyen already runs on {self.home}{place}. Stop it first, or name another CONCITOYEN_HOME."
            ) from None
        return file

    def start(self) -> None:
        for name in ("log", "run", "mail", "beat"):
            (self.home / name).mkdir(mode=0o700, exist_ok=True)
        if stop_leftovers(self.home / "run"):
            say("Stopped what an earlier run had left behind")
        listener = config.listen(self.configuration.host, self.configuration.port)
        self.sockets.append(listener)
        config.check_given(self.configuration)
        self.services = self._start_servers(config.site_url(self.configuration.host, listener.getsockname()[1]))
        self._set_environment(self.services)
        write_services(self.home, self.services)
        self._prepare()
        self._start_workers(listener.fileno())
        self.ready = True

    # -- Servers -------------------------------------------------------------------------------------------------------
    def _start_servers(self, site_url: str) -> Services:
        given = self.configuration
        own = [
            name
            for name, url in (
                ("PostgreSQL", given.database_url),
                ("Valkey", given.redis_url),
                ("mail catcher", given.mail_url),
            )
            if not url
        ]
        if own:
            say(f"Starting {', '.join(own)}")
        database_url = given.database_url or self._start_postgres()
        redis_url = given.redis_url or self._start_valkey()
        mail_url = given.mail_url or self._start_catcher()
        self._wait(self.servers)
        return Services(
            database_url=database_url,
            redis_url=redis_url,
            mail_url=mail_url,
            secret_key=self.environment.get("SECRET_KEY") or self._secret_key(),
            site_url=self.environment.get("SITE_URL") or site_url,
        )

    def _start_postgres(self) -> str:
        server = Postgres(server_folder(self.home))
        server.prepare()
        surroundings = server.surroundings()
        self._launch(
            self.servers,
            Service(
                name="postgres",
                command=server.command(),
                home=self.home,
                ready=lambda service: server.ready(),
                environment=surroundings.pop("env"),
                options=surroundings,
                stop_signal=signal.SIGINT,  # 'fast': does not wait for its clients
            ),
        )
        return server.url

    def _start_valkey(self) -> str:
        server = Valkey(self.home / "valkey")
        service = Service("valkey", server.command(), self.home, ready=lambda service: server.ready())
        self._launch(self.servers, service)
        return server.url

    def _start_catcher(self) -> str:
        listener = config.listen("127.0.0.1", 0)
        self.sockets.append(listener)
        port = int(listener.getsockname()[1])
        descriptor = listener.fileno()
        options = ["--descriptor", str(descriptor), "--folder", str(self.home / "mail")]
        self._launch(
            self.servers,
            Service(
                name="mail",
                command=[sys.executable, "-m", "conference.local.catcher", *options],
                home=self.home,
                ready=lambda service: greets(port),
                options={"pass_fds": [descriptor], "cwd": config.ROOT},
            ),
        )
        return f"smtp://127.0.0.1:{port}"

    def _secret_key(self) -> str:
        path = self.home / "secret-key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="utf-8").strip()

    # -- Our own processes ---------------------------------------------------------------------------------------------
    def _set_environment(self, services: Services) -> None:
        self.environment |= {
            "CONCITOYEN_HOME": str(self.home),
            "CONCITOYEN_LOCAL": "1",
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "MAIL_URL": services.mail_url,
            "SECRET_KEY": services.secret_key,
            "SITE_URL": services.site_url,
            "DJANGO_SETTINGS_MODULE": "conference.settings",
            "PYTHONUNBUFFERED": "1",
        }
        if self.configuration.host in config.EVERYWHERE and "ALLOWED_HOSTS" not in self.environment:
            names = ["localhost", "127.0.0.1", "[::1]", socket.gethostname(), *addresses_of_this_machine()]
            self.environment["ALLOWED_HOSTS"] = ",".join(dict.fromkeys(names))

    def _prepare(self) -> None:
        problem = self.home / "run" / PROBLEM_FILE
        problem.unlink(missing_ok=True)
        command = [sys.executable, "-m", "conference.local.prepare", *(["--demo"] if self.configuration.demo else [])]
        log = self.home / "log" / "prepare.log"
        with log.open("ab") as errors:
            process = spawn(command, stdin=subprocess.DEVNULL, stderr=errors, env=self.environment, cwd=config.ROOT)
        try:
            self._wait_until(lambda: process.poll() is not None, PREPARING, "Preparing the database")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode:
            said = problem.read_text(encoding="utf-8") if problem.exists() else ""
            if shutil.disk_usage(self.home).free < 1_000_000:
                said = f"The disk that holds {self.home} is full."
            raise Problem(said or f"Preparing the database and the files failed: see {log}")

    def _start_workers(self, descriptor: int) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "conference"]
        schedule = self.home / "beat" / "schedule"
        worker = [
            *celery,
            "worker",
            "-Q",
            "celery,mail",
            "-c",
            "2",
            "-l",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ]
        beat = [*celery, "beat", "-l", "INFO", "--pidfile=", "-s", str(schedule)]
        address = self.configuration.host
        port = self.sockets[0].getsockname()[1]
        for name, command, ready in (
            ("web", web_command(descriptor), lambda service: answers(config.EVERYWHERE.get(address, address), port)),
            ("worker", worker, lambda service: " ready." in service.said()),
            ("beat", beat, lambda service: "beat: Starting" in service.said()),
        ):
            options = {"cwd": config.ROOT} | ({"pass_fds": [descriptor]} if name == "web" else {})
            self._launch(self.workers, Service(name, command, self.home, ready, self.environment, options))
        self._wait(self.workers)

    # -- Waiting and watching ------------------------------------------------------------------------------------------
    def _launch(self, group: list[Service], service: Service) -> None:
        if self.stopping:
            raise Stopped
        group.append(service)
        service.start()

    def _wait(self, services: list[Service]) -> None:
        """Until all of them answer. One that dies on the way ends the start, with its own last words."""
        waiting = list(services)

        def all_answered() -> bool:
            for service in services:
                if service.ended() is not None:
                    raise Problem(last_words(service))
            waiting[:] = [service for service in waiting if not service.ready(service)]
            return not waiting

        self._wait_until(all_answered, STARTING, f"Starting {', '.join(service.name for service in services)}")

    def _wait_until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            if self.stopping:
                raise Stopped
            if time.monotonic() > deadline:
                raise Problem(f"{what} took longer than {seconds:.0f} seconds; the logs are in {self.home}/log.")
            time.sleep(0.03)

    def revive(self) -> None:
        for service in [*self.servers, *self.workers]:
            if service.process is None:
                if time.monotonic() >= service.next_start:
                    service.start()
            elif service.ended() is not None:
                how = describe(service.ended() or 0)
                wait = service.plan_restart()
                say(f"{service.name} {how}; starting it again" + (f" in {wait:.1f} s" if wait else ""))

    # -- Saying and stopping -------------------------------------------------------------------------------------------
    def _announce(self, url: str) -> None:
        say(f"Ready: {url}/")
        with suppress(OSError, ValueError, KeyError):
            demo = json.loads((self.home / "demo.json").read_text(encoding="utf-8"))
            say(f"Organiser of the demo: {demo['email']}  password: {demo['password']}")
        if not self.configuration.mail_url:
            say(f"Caught mail: {url}/dev/mail/")
        if self.configuration.host not in {"127.0.0.1", "::1", "localhost"}:
            say("Careful: others on this network can reach this address, the demo and the caught mail included.")
        say("Ctrl-C stops everything.")

    def stop(self) -> None:
        if self.ready:
            say("Stopping")
        forget_services(self.home)
        stop_all(self.workers, WORKER_STOPS)
        stop_all(self.servers, SERVER_STOPS)
        for listener in self.sockets:
            listener.close()
        if self.ready:
            say("Stopped.")


def web_command(descriptor: int) -> list[str]:
    """gunicorn on the socket that the supervisor holds. The access log stays off: addresses hold personal links."""
    return [
        *(sys.executable, "-m", "gunicorn", "conference.wsgi:application", "--bind", f"fd://{descriptor}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
        *("--graceful-timeout", "3", "--timeout", "60", "--keep-alive", "5", "--no-control-socket"),
    ]


def answers(host: str, port: int) -> bool:
    """Whether the web server answers, with anything but an error of its own."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/health/live", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def addresses_of_this_machine() -> list[str]:
    """The address that others on the network reach us by. Nothing is sent: a datagram socket only picks its route."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return [str(probe.getsockname()[0])]
    return []


def describe(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code}"
    return f"ended with status {code}"


def last_words(service: Service) -> str:
    said = service.said()
    if service.name == "postgres":
        return f"{explain(said)} (log: {service.log})"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"{service.name} did not start: {lines[-1] if lines else 'it said nothing'} (log: {service.log})"
