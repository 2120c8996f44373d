"""A PostgreSQL server that DATABASE_URL names, in place of the embedded one."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg

NEEDS = """With DATABASE_URL set, DATABASE_OWNER_URL must name the owner of the tables:
  CREATE ROLE qiaoshou_owner LOGIN PASSWORD '…';
  CREATE ROLE qiaoshou LOGIN PASSWORD '…';
  CREATE DATABASE qiaoshou OWNER qiaoshou_owner;
  DATABASE_OWNER_URL=postgresql://qiaoshou_owner:…@host/qiaoshou
  DATABASE_URL=postgresql://qiaoshou:…@host/qiaoshou"""
SECONDS = 10
OLDEST = 15


def is_named(env: Mapping[str, str]) -> bool:
    return bool(env.get("DATABASE_URL") or env.get("DATABASE_URL_FILE"))


def refuse_halves(env: Mapping[str, str], *, fresh: bool) -> None:
    """Stops where only one of the two roles is named, or where data would be lost."""
    if not (env.get("DATABASE_OWNER_URL") or env.get("DATABASE_OWNER_URL_FILE")):
        raise SystemExit(NEEDS)
    if fresh:
        raise SystemExit(
            "--fresh starts over with the embedded database. DATABASE_URL names a "
            "server of yours: empty its database yourself, then start without --fresh."
        )


def look(url: str, owner_url: str) -> bool:
    """True where the server has our tables; stops in words where it can't serve us."""
    roles = []
    tables = False
    for name, address in (("DATABASE_OWNER_URL", owner_url), ("DATABASE_URL", url)):
        try:
            with psycopg.connect(address, connect_timeout=SECONDS) as server:
                if server.info.server_version < OLDEST * 10_000:
                    raise SystemExit(f"{name}: PostgreSQL {OLDEST} or newer is needed.")
                [role] = server.execute("SELECT current_user").fetchone()
                [tables] = server.execute(
                    "SELECT to_regclass('public.django_migrations') IS NOT NULL"
                ).fetchone()
                roles.append(role)
        except psycopg.Error as error:
            # The reason alone: an address may hold a password.
            words = str(error).strip().splitlines()[0]
            raise SystemExit(
                f"{name}: the server at {urlsplit(address).hostname or 'its socket'} "
                f"does not answer as it should: {words}"
            ) from None
    if roles[0] == roles[1]:
        raise SystemExit(f"Both addresses are of one role, {roles[0]}.\n{NEEDS}")
    return bool(tables)
