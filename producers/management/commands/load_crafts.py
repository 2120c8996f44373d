"""`manage.py load_crafts [FILE]`: crafts and their families from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from producers.services.crafts import BadRows, load_crafts

TIELING = Path(__file__).resolve().parents[2] / "data" / "tieling_crafts.csv"


class Command(BaseCommand):
    help = "Loads the tree of crafts; a wrong file changes nothing and says why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=TIELING)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: the file is not UTF-8 text") from error
        try:
            loaded = load_crafts(text=text)
        except BadRows as error:
            lines = [f"{file}:{line}: {words}" for line, words in error.rows]
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from error
        self.stdout.write(
            f"{loaded.added} added, {loaded.changed} changed, {loaded.same} unchanged"
        )
