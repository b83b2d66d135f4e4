"""What the environment asks of ``make run``, checked before anything starts."""

import os
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg
import redis

from conference.local.problem import Problem

ROOT = Path(__file__).resolve().parent.parent.parent
OLDEST_POSTGRESQL = 15
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True, slots=True)
class Configuration:
    host: str
    port: int
    home: Path
    database_url: str  # empty: start our own; the same for the next two
    redis_url: str
    mail_url: str
    demo: bool


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """The checked values, or a Problem that names the variable and what it should look like."""
    return Configuration(
        host=_host(environment.get("HOST", "") or "127.0.0.1"),
        port=_port(environment.get("PORT", "") or "8000"),
        home=_home(Path(environment.get("CONCITOYEN_HOME", "") or ROOT / "var")),
        database_url=_address(environment, "DATABASE_URL", {"postgres", "postgresql"}, "postgresql://user@host/name"),
        redis_url=_address(environment, "REDIS_URL", {"redis", "rediss"}, "redis://host:6379/0"),
        mail_url=_address(environment, "MAIL_URL", {"smtp", "smtps", "smtp+tls"}, "smtp://host:25"),
        demo=environment.get("CONCITOYEN_DEMO", "1") != "0",
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise Problem(f"PORT should be a number from 0 to 65535, not {text!r}.")
    return int(text)


def _host(text: str) -> str:
    try:
        socket.getaddrinfo(text, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Problem(f"HOST should be an address of this machine, such as 127.0.0.1, not {text!r}.") from None
    return text


def _home(path: Path) -> Path:
    """The state folder, made where it is missing, and tried: a full or read-only disk is better found now."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = path.resolve()
        with tempfile.NamedTemporaryFile(dir=path, prefix=".try-") as file:
            file.write(b"\0" * 65536)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Problem(
            f"Cannot write to the state folder {path}: {error.strerror}. Name another one in CONCITOYEN_HOME."
        ) from None
    return path


def _address(environment: Mapping[str, str], name: str, schemes: set[str], example: str) -> str:
    value = environment.get(name, "")
    if value and not _is_address(value, name, schemes):
        raise Problem(f"{name} should look like {example}; what it holds does not.")  # it may hold a password
    return value


def _is_address(value: str, name: str, schemes: set[str]) -> bool:
    try:
        parts: SplitResult = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in schemes:
        return False
    return bool(parts.path.strip("/") if name == "DATABASE_URL" else parts.hostname)


def check_given(configuration: Configuration) -> None:
    """Every service that was given must answer now: better a sentence here than a page of errors later."""
    if configuration.database_url:
        _check_database(configuration.database_url)
    if configuration.redis_url:
        try:
            with redis.Redis.from_url(configuration.redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
                client.ping()
        except (redis.RedisError, ValueError) as error:
            raise Problem(f"The broker that REDIS_URL names does not answer: {_first_line(error)}") from None
    if configuration.mail_url:
        parts = urlsplit(configuration.mail_url)
        port = parts.port or {"smtp": 25, "smtps": 465}.get(parts.scheme, 587)
        try:
            socket.create_connection((parts.hostname, port), timeout=5).close()
        except OSError as error:
            raise Problem(f"The mail server that MAIL_URL names does not answer: {_first_line(error)}") from None


def _check_database(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            row = connection.execute("SHOW server_encoding").fetchone()
    except psycopg.Error as error:
        raise Problem(f"The database that DATABASE_URL names does not answer: {_first_line(error)}") from None
    if version < OLDEST_POSTGRESQL:
        raise Problem(f"DATABASE_URL names PostgreSQL {version}; version {OLDEST_POSTGRESQL} or newer is needed.")
    if row and row[0] != "UTF8":
        raise Problem(f"The database that DATABASE_URL names is encoded in {row[0]}; it should be UTF8.")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def listen(host: str, port: int) -> socket.socket:
    """Take the web server's port now, and keep it while the web server starts, stops and starts again."""
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(512)
    except PermissionError:
        listener.close()
        raise Problem(
            f"Port {port} may not be used by an ordinary user. Choose another one: PORT=8080 make run"
        ) from None
    except OSError as error:
        listener.close()
        if error.strerror == "Address already in use":
            raise Problem(f"Port {port} on {host} is taken. Choose another one: PORT={port + 1} make run") from None
        raise Problem(f"Cannot listen on {host}, port {port}: {error.strerror}. Check HOST and PORT.") from None
    return listener


def site_url(host: str, port: int) -> str:
    """The address for a browser on this machine: where we listen everywhere, that is loopback."""
    host = EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
