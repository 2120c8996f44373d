"""The background jobs of the demo's past run in the demo's past, and none is left over.

While the year is played, jobs wait in memory instead of the table that the worker
reads. Each is done by its own function, with the clock at the time when it was due.
What is due only after the end goes to the real worker. Nobody is written to: mail and
messages of the past are made and thrown away.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from qiaoshou.demo.haste import may_be_refused
from qiaoshou.demo.year import Year

NOWHERE = {
    "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    "SMS_BACKEND": "none",
}


class Jobs:
    """Jobs that were asked for and are not done yet."""

    def __init__(self, connector: InMemoryConnector) -> None:
        self._connector = connector
        self.later: list[dict[str, Any]] = []
        self.done = 0

    def queue(
        self, year: Year, moment: dt.datetime, batched: dict[str, Callable[[], Any]]
    ) -> None:
        """What was asked for since the last time stands in the year's queue.

        Kinds in `batched` are done together by the function that is named for them.
        """
        rows = list(self._connector.jobs.values())
        self._connector.jobs.clear()
        for row in rows:
            due = row["scheduled_at"] or moment
            if row["task_name"] in batched:
                batched[row["task_name"]]()
            elif due <= year.end:
                year.at(due, self.do, row["task_name"], row["args"])
            else:
                self.later.append(row)

    @may_be_refused()
    def do(self, name: str, given: dict[str, Any]) -> None:
        app.tasks[name].func(**given)
        self.done += 1

    def hand_over(self) -> int:
        """What is due after the end waits for the real worker; how many jobs.

        Called once the real queue is back in its place.
        """
        for row in self.later:
            app.configure_task(
                row["task_name"],
                queue=row["queue_name"],
                lock=row["lock"],
                queueing_lock=row["queueing_lock"],
                schedule_at=row["scheduled_at"],
            ).defer(**row["args"])
        return len(self.later)


@contextmanager
def in_memory() -> Iterator[Jobs]:
    """Inside the block jobs are kept in memory, and mail goes nowhere."""
    connector = InMemoryConnector()
    before = {name: getattr(settings, name) for name in NOWHERE}
    for name, value in NOWHERE.items():
        setattr(settings, name, value)
    try:
        with app.replace_connector(connector):
            yield Jobs(connector)
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
