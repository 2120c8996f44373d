"""The doctor's look at the database: roles, migrations, rights, history, clock."""

import datetime as dt

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Value
from django.db.models.functions import StrIndex, Substr

from qiaoshou.common import audit
from qiaoshou.common.append_only import append_only_tables
from qiaoshou.common.crypto import keys
from qiaoshou.common.doctor.finding import Finding, bad, ok, warn
from qiaoshou.common.today import now

OLDEST_SERVER = 15
CLOCKS_APART = dt.timedelta(seconds=5)


def _one(query: str, *values: object) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def _column(query: str, *values: object) -> list:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def server() -> Finding:
    """New enough, in UTF-8, and its clock agrees with ours."""
    number, encoding, moment = _one(
        "SELECT current_setting('server_version_num')::int, "
        "current_setting('server_encoding'), clock_timestamp()"
    )
    if number < OLDEST_SERVER * 10_000:
        return bad(f"PostgreSQL {number // 10_000}: {OLDEST_SERVER} or newer is needed")
    if encoding != "UTF8":
        return bad(f"the database is in {encoding}; it must be made in UTF8")
    apart = abs(moment - now())
    if apart > CLOCKS_APART:
        return warn(f"its clock and this machine's are {apart.seconds} s apart")
    return ok(f"PostgreSQL {number // 10_000}, UTF8")


def roles() -> Finding:
    """We are the application role, which can neither make tables nor owns any."""
    role, is_super, may_create, owned = _one(
        "SELECT current_user, rolsuper, "
        "has_schema_privilege(current_user, 'public', 'CREATE'), "
        "(SELECT count(*) FROM pg_tables WHERE schemaname = 'public' "
        "AND pg_has_role(current_user, tableowner, 'USAGE')) "
        "FROM pg_roles WHERE rolname = current_user"
    )
    if role != settings.APPLICATION_ROLE:
        return bad(f"connected as {role}, not as {settings.APPLICATION_ROLE}")
    if is_super:
        return bad(f"{role} is a superuser, whom no right and no trigger binds")
    if owned:
        return bad(f"{role} owns {owned} tables, so it could rewrite history")
    if may_create:
        return bad(f"{role} may make tables in schema public")
    return ok(f"{role} has rows only")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = plan[0][0]
        return bad(
            f"{len(plan)} are not applied, first {first.app_label}.{first.name}: "
            "manage.py migrate"
        )
    return ok("all are applied")


def append_only() -> Finding:
    """No right to rewrite append-only tables, and no trigger put to sleep."""
    writable = [
        table
        for table in sorted(append_only_tables())
        if any(
            _one("SELECT has_table_privilege(%s, %s)", table, right)[0]
            for right in ("UPDATE", "DELETE", "TRUNCATE")
        )
    ]
    if writable:
        return bad(f"{', '.join(writable)} can be rewritten: manage.py grant_rights")
    asleep = _column(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgenabled = 'D' ORDER BY 1"
    )
    if asleep:
        return bad(f"triggers are switched off on {', '.join(asleep)}")
    return ok(f"{len(append_only_tables())} tables can only grow")


def field_keys() -> Finding:
    """Every key that a stored value was sealed with is configured."""
    configured = set(keys())
    used: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if field.name.endswith("_sealed"):
                used |= set(
                    model._base_manager.exclude(**{field.name: ""})
                    .values_list(_key_of(field.name), flat=True)
                    .distinct()
                )
    if lost := sorted(used - configured):
        return bad(
            f"values are sealed with {', '.join(lost)}, which FIELD_KEYS does not hold"
        )
    writing = next(iter(keys()))
    old = sorted(used - {writing})
    more = f"; some values are still under {', '.join(old)}" if old else ""
    return ok(f"{writing} seals, {len(configured)} known{more}")


def _key_of(column: str) -> Substr:
    """The key id at the beginning of a sealed value."""
    return Substr(column, 1, StrIndex(F(column), Value(":")) - 1)


def audit_trail() -> Finding:
    found = audit.verify()
    if found.broken is not None:
        return bad(f"row {found.broken} is broken: {found.reason}")
    return ok(f"{found.rows} rows, all sound")
