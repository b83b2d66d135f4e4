"""Where the cluster lies, and that nobody's rights are loosened for it."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from conference.local.places import make_private, server_folder, socket_folder
from conference.local.postgres import start_for_tests
from conference.local.problem import Problem

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")


def rights(path: Path) -> dict[str, tuple[int, int, int]]:
    """Mode and owner of every folder above a path."""
    return {str(each): (each.stat().st_mode, each.stat().st_uid, each.stat().st_gid) for each in [path, *path.parents]}


@pytest.fixture
def closed_home(tmp_path: Path) -> Iterator[Path]:
    """A home below a folder that only its owner may enter, as /root is."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    home.mkdir(mode=0o700)
    yield home
    pointer = home / "postgres-folder"
    if pointer.exists():
        shutil.rmtree(pointer.read_text(encoding="utf-8").strip(), ignore_errors=True)


@as_root
def test_as_root_the_server_runs_elsewhere_and_no_folder_is_opened(closed_home: Path) -> None:
    before = rights(closed_home) | rights(Path("/var/lib")) | rights(Path("/root"))
    folder = server_folder(closed_home)
    server, process = start_for_tests(folder)
    try:
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT current_setting('data_directory'), current_setting('server_encoding')")
            assert row.fetchone() == (str(folder / "data"), "UTF8")
        owner = Path(f"/proc/{process.pid}").stat().st_uid if Path("/proc/self").exists() else None
        assert owner in {None, pwd.getpwnam("nobody").pw_uid}
    finally:
        process.terminate()
        process.wait(10)
    assert rights(closed_home) | rights(Path("/var/lib")) | rights(Path("/root")) == before
    found = folder.stat()
    assert (found.st_mode & 0o777, found.st_uid) == (0o700, pwd.getpwnam("nobody").pw_uid)
    assert server_folder(closed_home) == folder  # the home remembers


@as_root
def test_a_pointer_that_leads_elsewhere_is_refused(closed_home: Path, tmp_path: Path) -> None:
    (closed_home / "postgres-folder").write_text(f"{tmp_path}/elsewhere\n")
    with pytest.raises(Problem, match="should name a folder in /var/lib/concitoyen"):
        server_folder(closed_home)
    (closed_home / "postgres-folder").unlink()


def test_a_folder_that_others_may_enter_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o755)
    with pytest.raises(Problem, match="exists and is not a private folder"):
        make_private(open_folder, None)
    assert open_folder.stat().st_mode & 0o777 == 0o755
    link = tmp_path / "link"
    link.symlink_to(make_private(tmp_path / "private", None))
    with pytest.raises(Problem, match="exists and is not a private folder"):
        make_private(link, None)


def test_a_socket_s_path_is_short_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    near = make_private(tmp_path / "near", None)
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    far = socket_folder(deep, None)
    try:
        assert len(str(far / ".s.PGSQL.5432")) <= 103
        assert far == socket_folder(deep, None)
        assert far.stat().st_mode & 0o777 == 0o700
        if len(str(near)) + len("/socket/.s.PGSQL.5432") <= 103:
            assert socket_folder(near, None) == near / "socket"
    finally:
        far.rmdir()
    with tempfile.TemporaryDirectory(dir="/tmp") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        assert socket_folder(deep, None).parent == Path(runtime)
