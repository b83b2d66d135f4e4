"""Where the running embedded services can be found: one small file that ``manage.py`` reads beside ``make run``.

Standard library only: the settings import this, in production too.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE_NAME = "services.json"


@dataclass(frozen=True, slots=True)
class Services:
    database_url: str
    redis_url: str
    mail_url: str
    secret_key: str
    site_url: str


def read_services(home: Path) -> Services | None:
    """The addresses that the supervisor wrote, or None where it does not run (or the file is not ours)."""
    try:
        content = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
        return Services(**{field.name: str(content[field.name]) for field in fields(Services)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_services(home: Path, services: Services) -> None:
    """Replace the file in one step, readable by its owner only: it holds the secret key."""
    write_private(home / FILE_NAME, json.dumps(asdict(services), indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that never exists half written nor readable by others."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def forget_services(home: Path) -> None:
    (home / FILE_NAME).unlink(missing_ok=True)
