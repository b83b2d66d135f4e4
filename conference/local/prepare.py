"""What must be true of the database and the files before the web server starts; quick where it is so already."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from conference.local.configuration import ROOT
from conference.local.messages import compile_all
from conference.local.problem import PROBLEM_FILE
from conference.local.state import write_private

# Over loopback there is nothing to win. The names and the manifest are those of production.
UNCOMPRESSED = ["css", "html", "js", "json", "map", "md", "svg", "txt", "xml"]


def say(text: str) -> None:
    print(text, flush=True)


def migrate() -> None:
    """Apply migrations where any is open. Looking costs a twentieth of what an idle ``migrate`` costs."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database")
        call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
    call_command("createcachetable", verbosity=0)


def collect_static(home: Path) -> None:
    """Gather the static files where any has changed since the last time; compressing them would take 13 s of 14."""
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = home / "static.stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest.hexdigest():
        return
    say("Gathering the static files")
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = UNCOMPRESSED
    call_command("collectstatic", interactive=False, clear=False, verbosity=0)
    write_private(stamp, digest.hexdigest())


def load_demo() -> None:
    if "load_demo" not in get_commands() or apps.get_model("conference", "Conference").objects.exists():
        return
    say("Loading the demo conferences")
    with transaction.atomic():  # half a demo would pass for a database in use at the next start
        call_command("load_demo", stdout=sys.stderr)


def prepare(home: Path, *, demo: bool) -> None:
    if compile_all(ROOT):
        say("Translations compiled")
    django.setup()
    collect_static(home)
    migrate()
    if demo:
        load_demo()


def main() -> int:
    """Leave the sentence for the terminal in a file; the traceback goes to the log."""
    home = Path(os.environ["CONCITOYEN_HOME"])
    try:
        prepare(home, demo="--demo" in sys.argv)
    except Exception as error:
        words = " ".join(str(error).split())[:300]
        if type(error).__name__ in {"ImproperlyConfigured", "EnvValidationError", "EnvError"}:
            text = f"The environment holds a value that cannot be used. {words}"
        elif isinstance(error, OSError) and error.strerror:
            text = f"{error.strerror}: {error.filename or home}"
        else:
            text = f"Preparing the database and the files failed: {words} (all of it in {home}/log/prepare.log)"
        write_private(home / "run" / PROBLEM_FILE, text)
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
