"""Gives the application role its rights on each table, less what is forbidden."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg import sql

from qiaoshou.common.append_only import append_only_tables

# Only migrations write here; the application reads it to know its own version.
READ_ONLY_TABLES = frozenset({"django_migrations"})


class Command(BaseCommand):
    help = "Grants the application role rows, but no DDL and no rewriting of history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default=settings.APPLICATION_ROLE)

    def handle(self, *, role: str, **options: Any) -> None:
        who = sql.Identifier(role)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            if cursor.fetchone() == (role,):
                raise CommandError(
                    f"{role} owns the tables: append-only history needs a second role "
                    "in DATABASE_URL, and the owner in DATABASE_OWNER_URL."
                )
            for statement in (
                "GRANT USAGE ON SCHEMA public TO {who}",
                "GRANT SELECT, INSERT, UPDATE, DELETE "
                "ON ALL TABLES IN SCHEMA public TO {who}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}",
                "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {who}",
                "REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {who}",
            ):
                cursor.execute(sql.SQL(statement).format(who=who))
            for table in sorted(append_only_tables()):
                cursor.execute(
                    sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                        sql.Identifier(table), who
                    )
                )
            for table in sorted(READ_ONLY_TABLES):
                cursor.execute(
                    sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(
                        sql.Identifier(table), who
                    )
                )
        self.stdout.write(f"{role}: {len(append_only_tables())} append-only tables")
