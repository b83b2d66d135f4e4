"""The production shape, as far as it can be checked where no container engine runs."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from conference.celery import app
from conference.local.configuration import ROOT
from tests.local.running import clean_environment

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "MAIL_URL", "MAIL_FROM", "SITE_URL"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
    return loaded


def test_the_shape(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "valkey", "migrate", "web", "worker", "mail", "beat"}
    assert services["beat"]["deploy"] == {"replicas": 1}
    assert services["postgres"]["image"] == "postgres:18"
    assert services["valkey"]["image"] == "valkey/valkey:9"
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    assert {mount.split(":")[0] for each in services.values() for mount in each.get("volumes", [])} == set(volumes)


def test_everything_that_can_answer_is_asked(services: dict[str, Any]) -> None:
    asked = {name for name, service in services.items() if "test" in service.get("healthcheck", {})}
    assert asked == {"postgres", "valkey", "worker", "mail"}
    assert "HEALTHCHECK" in DOCKERFILE  # the web server's own
    assert {name for name, service in services.items() if service.get("healthcheck") == {"disable": True}} == {
        "migrate",
        "beat",
    }


def test_every_queue_has_one_worker(services: dict[str, Any]) -> None:
    queues = [services[name]["command"][services[name]["command"].index("-Q") + 1] for name in ("worker", "mail")]
    routed = {route["queue"] for route in app.conf.task_routes.values()} | {app.conf.task_default_queue}
    assert sorted(queues) == sorted(routed)


def test_nothing_starts_before_what_it_needs(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "mail", "beat"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "valkey": {"condition": "service_healthy"},
        }
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_secrets_come_from_the_environment_and_are_required() -> None:
    assert set(re.findall(r"\$\{(\w+):\?", COMPOSE)) == SECRETS
    chosen = {
        "SOURCE_CODE_URL",
        "BEHIND_PROXY",
        "LISTEN",
        "MAIL_PER_MINUTE",
        "MAIL_PER_MINUTE_PER_DOMAIN",
        "METRICS_TOKEN",
    }
    assert set(re.findall(r"\$\{(\w+)(?!\w|:\?)", COMPOSE)) == chosen


def our_commands() -> list[list[str]]:
    """Every command of our image, in the compose file and the Dockerfile; a shell line gives one for each part."""
    found = [service["command"] for service in yaml.safe_load(COMPOSE)["services"].values() if "command" in service]
    found += [["sh", "-c", service["healthcheck"]["test"][1]] for service in celery_services()]
    found += [yaml.safe_load(each) for each in re.findall(r"CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)]
    lines = [
        line for each in found for line in (each[2].split("&&") if each[:2] == ["sh", "-c"] else [shlex.join(each)])
    ]
    return [words for words in map(shlex.split, lines) if words[0] != "valkey-server"]


def celery_services() -> list[dict[str, Any]]:
    return [yaml.safe_load(COMPOSE)["services"][name] for name in ("worker", "mail")]


@pytest.mark.parametrize("command", our_commands(), ids=lambda command: " ".join(command[:5]))
def test_every_command_exists_and_takes_its_options(command: list[str]) -> None:
    program, *arguments = command
    if program == "python":
        assert (ROOT / arguments[0]).exists()
        assert arguments[0] != "manage.py" or arguments[1] in get_commands()
        return
    path = Path(sys.executable).parent / program
    assert shutil.which(path), f"{program} is not among the requirements"
    flags = [flag.partition("=")[0] for flag in arguments if flag.startswith("-")]
    if program == "gunicorn":
        done = run(path, "--check-config", *arguments)
        assert done.returncode == 0, done.stderr
        return
    subcommand = next(word for word in arguments if word in {"worker", "beat", "inspect"})
    known = run(path, "--help").stdout + run(path, subcommand, "--help").stdout
    assert [flag for flag in flags if not re.search(rf"(?<![\w-]){flag}\b", known)] == []


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment(CONCITOYEN_BUILD="1")
    return subprocess.run(
        [str(path), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_every_file_that_the_image_copies_is_there() -> None:
    for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var", "tests"} <= set(ignored)
    assert not {"requirements", "locale", "static", "templates", "scripts"} & set(ignored)


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["concitoyen"]
    assert "--require-hashes -r requirements/base.txt" in DOCKERFILE
