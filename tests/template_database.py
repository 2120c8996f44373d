"""Gives each test process a copy of a migrated database instead of migrating again.

Two templates: the packages' own migrations (slow, they change with the lock file) and
ours on top (they change daily). Tests run as the application role, as the site does.
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from qiaoshou.local import postgres
from qiaoshou.local.addresses import OWNER

OURS = ("qiaoshou", "producers", "catalog", "orders")
KEPT_TEMPLATES = 3
# What the packages' migrations stand on: the user model, and the areas under it.
BELOW_PACKAGES = ("site/qiaoshou/accounts", "site/qiaoshou/common")


def cluster() -> Path:
    return Path(settings.DATABASES["default"]["HOST"])


def fingerprint(prefix: str, paths: list[Path]) -> str:
    """A template's name: the content of everything that shapes its tables."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes())
    return f"{prefix}_{digest.hexdigest()[:12]}"


def base_template() -> str:
    lock = [settings.ROOT / "requirements.txt"]
    below = [
        path
        for folder in BELOW_PACKAGES
        for path in sorted((settings.ROOT / folder / "migrations").glob("*.py"))
    ]
    return fingerprint("base", lock + below)


def full_template() -> str:
    paths = [
        path
        for root in ("site", "producers", "catalog", "orders")
        for path in sorted((settings.ROOT / root).rglob("migrations/*.py"))
    ]
    models = [
        path
        for root in ("site", "producers", "catalog", "orders")
        for pattern in ("models.py", "tables/*.py", "registry/*.py")
        for path in sorted((settings.ROOT / root).rglob(pattern))
    ]
    settings_files = sorted((settings.ROOT / "site/qiaoshou/settings").glob("*.py"))
    return fingerprint(
        "full", [settings.ROOT / "requirements.txt", *paths, *models, *settings_files]
    )


def exists(server: psycopg.Connection, name: str) -> bool:
    found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def as_owner(name: str) -> Iterator[None]:
    """Django's connection stands on database `name` as the role that makes tables."""
    before = {key: connection.settings_dict[key] for key in ("NAME", "USER")}
    connection.close()
    connection.settings_dict.update(NAME=name, USER=OWNER)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def migrate_packages() -> None:
    """Every migration that is not ours is applied, with what those stand on."""
    from django.apps import apps
    from django.db.migrations.executor import MigrationExecutor

    theirs = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] not in OURS
        or config.label in {"partner", "shipping", "order"}
    }
    executor = MigrationExecutor(connection)
    executor.migrate(
        [node for node in executor.loader.graph.leaf_nodes() if node[0] in theirs]
    )


def make_template(server: psycopg.Connection, name: str, prefix: str) -> None:
    from django.core.management import call_command

    new = f"{prefix}_new"
    drop(server, new)
    if prefix == "base":
        postgres.make_database(cluster(), new)
        with as_owner(new):
            migrate_packages()
    else:
        make_copy(server, new, base_template())
        with as_owner(new):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("grant_rights", verbosity=0)
    server.execute(f"ALTER DATABASE {new} RENAME TO {name}")
    old = server.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s "
        "ORDER BY oid DESC OFFSET %s",
        [f"{prefix}\\_%", name, KEPT_TEMPLATES],
    ).fetchall()
    for (forgotten,) in old:
        drop(server, forgotten)


def make_copy(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")


def drop_left_behind(server: psycopg.Connection) -> None:
    """Databases of test processes that were killed are gone."""
    for (name,) in server.execute(
        r"SELECT datname FROM pg_database WHERE datname LIKE 't\_%'"
    ).fetchall():
        if not Path(f"/proc/{name.split('_')[1]}").exists():
            drop(server, name)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    postgres.start(cluster(), *postgres.FAST_AND_LOSABLE)
    name = f"t_{os.getpid()}"
    lock_path = cluster().with_name("templates.lock")
    with open(lock_path, "w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        with postgres.connect(cluster()) as server:
            drop_left_behind(server)
            if not exists(server, base_template()):
                make_template(server, base_template(), "base")
            if not exists(server, full_template()):
                make_template(server, full_template(), "full")
            template = full_template()
            drop(server, name)
            make_copy(server, name, template)
        connection.close()
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name

    def restore(case: TransactionTestCase) -> None:
        """A fresh copy instead of a flush, which would delete Wagtail's root page."""
        connection.close()
        with postgres.connect(cluster()) as server:
            drop(server, name)
            make_copy(server, name, template)
        connection.close()

    TransactionTestCase._fixture_teardown = restore
    yield
    with django_db_blocker.unblock():
        connection.close()
        with postgres.connect(cluster()) as server:
            drop(server, name)
