"""The shell part of the two commands: it must do on any machine, so it is tried with hardly anything on PATH."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conference.local.configuration import ROOT

SHELL = "/bin/sh"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def program(file: Path, text: str) -> None:
    file.write_text(f"#!{SHELL}\n{text}\n")
    file.chmod(0o755)


def find_python(path: Path, **values: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path), "HOME": str(path.parent), **values}
    return subprocess.run(
        [SHELL, "scripts/find-python"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_shim_that_fails_is_passed_over(path: Path) -> None:
    program(path / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    program(path / "python3.14", f'exec "{sys.executable}" "$@"')
    found = find_python(path)
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{path}/python3.14\n", "")


def test_pyenv_s_own_folder_is_searched(path: Path) -> None:
    inside = path.parent / ".pyenv" / "versions" / "3.13.7" / "bin"
    inside.mkdir(parents=True)
    program(inside / "python3.13", f'exec "{sys.executable}" "$@"')
    assert find_python(path).stdout == f"{inside}/python3.13\n"


def test_a_python_that_is_named_wins_or_is_refused(path: Path) -> None:
    assert find_python(path, PYTHON=sys.executable).stdout == f"{sys.executable}\n"
    program(path / "old", "exit 1")
    refused = find_python(path, PYTHON="old")
    assert refused.returncode == 1
    assert refused.stderr.startswith("PYTHON=old is not a Python from 3.12 to 3.14 with venv.")


@pytest.mark.skipif(
    any(Path(folder, f"python3.{n}").exists() for folder in ("/usr/bin", "/usr/local/bin") for n in (12, 13, 14)),
    reason="this machine has a fit Python where it is always looked for",
)
def test_without_any_there_is_a_sentence(path: Path) -> None:
    refused = find_python(path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Concitoyen needs Python 3.12, 3.13 or 3.14, with venv. None was found")


@pytest.mark.parametrize("script", ["scripts/find-python", "scripts/install", "scripts/check", ".ci/run"])
def test_every_script_is_posix_shell(script: str) -> None:
    assert subprocess.run([SHELL, "-n", script], cwd=ROOT, check=False).returncode == 0
    assert os.access(ROOT / script, os.X_OK)


def test_a_missing_wheel_is_said_plainly(tmp_path: Path) -> None:
    """pip itself, asked for something that has no build for this machine."""
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "nothing_for_us-1.0-py3-none-win_arm64.whl").touch()
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"nothing-for-us==1.0 --hash=sha256:{'0' * 64}\n")
    values = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "wheels")}
    refused = subprocess.run(
        [SHELL, "scripts/install", str(wanted)],
        cwd=tmp_path,
        env={**os.environ, **values, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert refused.returncode == 1
    assert "\nThere is no wheel of nothing-for-us==1.0 for this machine: " in refused.stderr
    assert "Elsewhere: docker compose up" in refused.stderr
