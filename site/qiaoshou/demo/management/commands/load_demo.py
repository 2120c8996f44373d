"""`manage.py load_demo [--if-empty] [--seed N] [--small]`: an invented year."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qiaoshou.demo.loading import NotEmpty, State, load, state
from qiaoshou.demo.sizes import FULL, SMALL

SEED = 8
START_OVER = "./run --fresh starts over with an empty database."
SAYS = {
    State.LOADED: "The demo is loaded already. " + START_OVER,
    State.IN_USE: "There are people or bases in the database, but no demo that was"
    " loaded to its end, so nothing was changed. " + START_OVER,
}


class Command(BaseCommand):
    help = "Loads invented people, products and twelve months of work and pay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing where the database holds a demo or other data",
        )
        parser.add_argument(
            "--seed", type=int, default=SEED, help="the same number, the same year"
        )
        parser.add_argument(
            "--small", action="store_true", help="four bases and four months"
        )

    def handle(self, *, if_empty: bool, seed: int, small: bool, **options: Any) -> None:
        started = time.monotonic()
        found = state()
        if if_empty and found != State.EMPTY:
            self.say(SAYS[found])
            return
        try:
            made = load(seed=seed, size=SMALL if small else FULL, say=self.say)
        except NotEmpty as error:
            raise CommandError(SAYS[error.state]) from error
        for name, value in made.items():
            self.say(f"  {name}: {value}")
        self.say(f"The demo was loaded in {time.monotonic() - started:.0f} s.")

    def say(self, words: str) -> None:
        """Shown at once: ./run prints the last line while it waits."""
        self.stdout.write(words)
        self.stdout.flush()
