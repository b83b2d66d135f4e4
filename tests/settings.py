"""The settings of the tests: the real ones, on an embedded PostgreSQL and Valkey of this test run.

pytest-django reads the settings before it loads any conftest.py, so this is where the servers start. The process that
starts them (the controller, under pytest-xdist) passes their addresses on through the environment and stops them.
A DATABASE_URL that happens to be exported is never used: tests must not reach anybody's data.
"""

import atexit
import os
import shutil
import subprocess
from pathlib import Path

from conference.local import postgres, valkey
from conference.local.places import temporary_server_folder

_MARK = "CONCITOYEN_TEST_SERVICES"


def _stop(processes: list[subprocess.Popen[bytes]], folders: list[Path], owner: int) -> None:
    if os.getpid() != owner:
        return
    for process in processes:
        process.terminate() if process is not processes[0] else process.send_signal(2)
    for process in processes:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _start() -> None:
    folder = temporary_server_folder()
    home = temporary_server_folder()
    if os.geteuid() == 0:
        os.chown(home, 0, 0)
    database, database_process = postgres.start_for_tests(folder)
    broker, broker_process = valkey.start_for_tests(home)
    atexit.register(_stop, [database_process, broker_process], [folder, home], os.getpid())
    os.environ.update(
        {
            _MARK: "running",
            "CONCITOYEN_HOME": str(home),
            "DATABASE_URL": database.url,
            "REDIS_URL": broker.url,
            "MAIL_URL": "smtp://127.0.0.1:9",
            "SECRET_KEY": "only-for-the-tests-" + "0" * 50,
            "SITE_URL": "http://testserver",
            "DEBUG": "0",
        }
    )


if _MARK not in os.environ:
    _start()
_worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if _worker.isdigit():  # each worker has a numbered database of the broker to itself, as it has a database of its own
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{int(_worker) % 15 + 1}"

from conference.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["tests.hashing.QuickHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
# Pages are rendered without a collectstatic before: names stay as they are, and files come from where they were written.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
