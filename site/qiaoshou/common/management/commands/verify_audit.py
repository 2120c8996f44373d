"""`manage.py verify_audit`: the audit trail is whole, or its first row that is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qiaoshou.common import audit


class Command(BaseCommand):
    help = "Walks the hash chain of the audit trail; fails at the first broken row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--contains",
            default="",
            metavar="HASH",
            help="a head written down earlier, which must still stand in the trail",
        )

    def handle(self, *, contains: str, **options: Any) -> None:
        found = audit.verify(contains)
        if found.broken is not None:
            raise CommandError(
                f"Row {found.broken} is broken: {found.reason}. "
                f"{found.rows} rows before it are sound."
            )
        if contains and not found.met:
            raise CommandError(
                f"All {found.rows} rows fit together, but none has hash {contains}: "
                "rows were taken off the end."
            )
        self.stdout.write(f"{found.rows} rows, all sound. The head is {found.head}")
