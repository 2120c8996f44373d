"""Places everything that is open with makers, or only shows what it would do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.models import LatePieces
from orders.services.allocating import Overtaken, allocate_open


class Command(BaseCommand):
    help = "Places open work; fails where pieces can't be placed by their day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="plan and keep the run, change no work",
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        try:
            run = allocate_open(cause="command", dry_run=dry_run)
        except Overtaken as error:
            raise CommandError("Work changed under every try; run it again.") from error
        self.stdout.write(f"run: {run.reference} ({run.get_state_display()})")
        for name, value in sorted(run.measures.items()):
            self.stdout.write(f"{name}: {value}")
        late = run.plan["late"]
        reasons = {
            row.demand_id: row.possible_on
            for row in LatePieces.objects.filter(settled_at=None)
        }
        for row in late:
            day = reasons.get(row["job"])
            self.stdout.write(
                f"late: demand {row['job']}, {row['pieces']} pieces, {row['reason']}"
                + (f", possible on {day}" if day else "")
            )
        if late:
            raise CommandError(f"{len(late)} demands have pieces that can't be placed.")
