"""`manage.py load_crafts [FILE]`: crafts and their families from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from producers.services.crafts import load_crafts
from qiaoshou.common.csv_rows import BadRows, read_text

TIELING = Path(__file__).resolve().parents[2] / "data" / "tieling_crafts.csv"


class Command(BaseCommand):
    help = "Loads the tree of crafts; a wrong file changes nothing and says why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=TIELING)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            loaded = load_crafts(text=read_text(file))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except BadRows as error:
            lines = [f"{file}:{line}: {words}" for line, words in error.rows]
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from error
        self.stdout.write(
            f"{loaded.added} added, {loaded.changed} changed, {loaded.same} unchanged"
        )
