"""`manage.py doctor`: looks at each part of the machine and says ok, warn or bad."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from redis.exceptions import RedisError

from qiaoshou.common.doctor import database, machine, places
from qiaoshou.common.doctor.finding import Finding, State, bad

CHECKS: tuple[tuple[str, Callable[[], Finding | None]], ...] = (
    ("database server", database.server),
    ("database roles", database.roles),
    ("migrations", database.migrations),
    ("append-only tables", database.append_only),
    ("audit trail", database.audit_trail),
    ("books", machine.books),
    ("field keys", database.field_keys),
    ("secrets", machine.secrets),
    ("background worker", machine.worker),
    ("cache", machine.shared_cache),
    ("uploads", machine.uploads),
    ("disk", machine.room),
    ("static files", machine.static_files),
    ("translations", machine.translations),
    ("mail", machine.mail),
    ("areas", places.areas),
    ("published values", places.published_values),
    ("demo door", machine.demo_door),
)


# What the parts say in place of an answer, each in its own words.
NO_ANSWER = (
    DatabaseError,
    RedisError,
    BotoCoreError,
    ClientError,
    OSError,
    ValueError,
)


def look(check: Callable[[], Finding | None]) -> Finding | None:
    """What the check finds; a part that does not answer is bad, not the end."""
    try:
        return check()
    except NO_ANSWER as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        return bad(first)
    except ImproperlyConfigured as error:
        return bad(str(error))


class Command(BaseCommand):
    help = "Looks at each part of the machine; fails when something is wrong."
    # A check that stops the start would hide all others.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        counts = dict.fromkeys(State, 0)
        for name, check in CHECKS:
            found = look(check)
            if found is None:
                continue
            counts[found.state] += 1
            self.stdout.write(f"{found.state:4}  {name}: {found.words}")
        if counts[State.BAD]:
            raise CommandError(
                f"{counts[State.BAD]} wrong, {counts[State.WARN]} to see"
            )
