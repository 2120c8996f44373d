"""The full demo: loaded once, whole and in order with its books; seconds are written.

./test --long demo
"""

import datetime as dt
import os
import platform
import time
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from orders.models import Assignment, Demand, LatePieces, Sale
from producers.models import Base, Maker
from qiaoshou.demo import loading
from qiaoshou.demo.sizes import FULL
from tests.demo_world import END, SEED, empty_again, media  # noqa: F401

MOST_SECONDS = 90
PAGE = Path(settings.ROOT) / "docs/measurements/demo.md"
TICKS = os.sysconf("SC_CLK_TCK")
WORDS = """# Figures of the demo

Written by `./test --long demo`: the full demo of seed {seed}, loaded into an empty
database of the embedded PostgreSQL {server}, Python {python}. Processor seconds are
those of the load and of its database process together, which take turns: where nothing
else runs they are the seconds on the wall. They rise, too, where others use the same
cores, and the clock on the wall also counts waiting for other programs.

| what | asked | measured |
|---|---|---|
| processor seconds | < {most} | {cpu:.0f}{verdict} |
| of these in Python, in PostgreSQL | | {own:.0f}, {server_seconds:.0f} |
| seconds on the wall | | {wall:.0f} |
| processes that wanted one of the {cores} cores, on average | | {load:.1f} |
{rows}
"""


def server_seconds() -> float:
    """Processor time that the database has spent on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(stat[11]) + int(stat[12])) / TICKS


def write(made: dict[str, int | str], **measured: float) -> None:
    asked = {"bases": 12, "makers": 150, "orders": 200}
    rows = [f"| {name} | {asked.get(name, '')} | {made[name]} |" for name in made]
    PAGE.write_text(
        WORDS.format(
            seed=SEED,
            most=MOST_SECONDS,
            python=platform.python_version(),
            server=connection.pg_version // 10_000,
            load=os.getloadavg()[1],
            cores=os.cpu_count(),
            verdict="" if measured["cpu"] < MOST_SECONDS else " (**not met**)",
            rows="\n".join(rows),
            **measured,
        ),
        encoding="utf-8",
    )


@pytest.mark.django_db(transaction=True)
def test_the_full_demo_is_whole_and_its_books_are_in_order(capsys, media):  # noqa: F811
    def say(words: str) -> None:
        with capsys.disabled():
            print(words)  # noqa: T201 (a long form shows its progress)

    started, own = time.monotonic(), time.process_time()
    with loading.clock_at(END):
        made = loading.load(seed=SEED, size=FULL, say=say)
    own, server = time.process_time() - own, server_seconds()
    wall = time.monotonic() - started
    say(f"{own + server:.0f} processor seconds, {wall:.0f} on the wall")
    write(made, cpu=own + server, own=own, server_seconds=server, wall=wall)

    assert Counter(Base.objects.values_list("tier", flat=True)) == {
        "city": 1,
        "county": 3,
        "township": 4,
        "village": 4,
    }
    assert (Maker.objects.count(), Sale.objects.count()) == (150, 200)
    assert (made["bases"], made["makers"], made["orders"]) == (12, 150, 200)
    assert Sale.objects.order_by("placed_at").first().placed_at < END - dt.timedelta(
        days=330
    )
    # What nobody could make is told as late; nothing else waits for a month.
    overdue = Demand.objects.filter(
        state="open", due_on__lt=END.date() - dt.timedelta(days=30)
    )
    told = LatePieces.objects.filter(settled_at=None).values("demand")
    assert list(overdue.exclude(pk__in=told)) == []
    assert overdue.count() < 5
    assert Assignment.objects.filter(state="closed").count() > 250
    assert ProcrastinateJob.objects.count() == 0
    for command in ("audit_books", "verify_audit"):
        call_command(command, stdout=StringIO())
