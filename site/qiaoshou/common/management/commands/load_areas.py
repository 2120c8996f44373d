"""`manage.py load_areas [FILE]`: the tree of areas from a CSV list."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qiaoshou.common.csv_rows import BadRows
from qiaoshou.common.loading_areas import (
    SCHEME,
    TIELING,
    VINTAGE,
    TooManyWouldClose,
    load_areas,
)

# So many faults are shown; a file in the wrong shape has one in every row.
SHOWN = 50


class Command(BaseCommand):
    help = "Loads the tree of areas; a wrong file changes nothing and says why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=TIELING)
        parser.add_argument("--scheme", default=SCHEME, help="whose codes they are")
        parser.add_argument("--vintage", default=VINTAGE, help="of which year")
        parser.add_argument("--on", type=dt.date.fromisoformat, help="day of changes")
        parser.add_argument("--document", default="", help="what decided the changes")
        parser.add_argument(
            "--close-many",
            action="store_true",
            help="close areas that the file lacks, however many",
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        names = ("scheme", "vintage", "on", "document", "close_many")
        chosen = {name: options[name] for name in names}
        try:
            report = load_areas(file, **chosen)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except BadRows as error:
            lines = [f"{file}:{line}: {words}" for line, words in error.rows[:SHOWN]]
            left = len(error.rows) - SHOWN
            lines += [f"… and {left} more."] if left > 0 else []
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from error
        except TooManyWouldClose as error:
            raise CommandError(
                f"{file} lacks {error.missing} of {error.known} areas, so it looks "
                "like a part of a list. Nothing was changed. With --close-many those "
                "areas are closed."
            ) from error
        if report.changes_nothing:
            self.stdout.write(f"Nothing to change: {report.same} areas are as listed.")
            return
        self.stdout.write(
            f"{report.added} added ({report.drafted} English names are drafts), "
            f"{report.changed} changed, {report.replaced} replaced, "
            f"{report.closed} closed, {report.same} unchanged"
        )
