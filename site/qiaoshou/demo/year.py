"""The time-lapse of the demo: deeds wait for their moment, and the clock goes there."""

import datetime as dt
import heapq
import itertools
from collections.abc import Callable
from typing import Any

from qiaoshou.common.today import clock_at

Deed = Callable[..., Any]


class Year:
    """Deeds in the order of time; while one runs, the one clock says its moment.

    A deed may put others into the queue. What would happen after `end` never does, so
    that the demo stops in the middle of life.
    """

    def __init__(self, end: dt.datetime) -> None:
        self.end = end
        self._waiting: list[tuple[dt.datetime, int, Deed, tuple[Any, ...]]] = []
        self._numbers = itertools.count()
        self._now: dt.datetime | None = None

    def at(self, moment: dt.datetime, deed: Deed, *given: Any) -> None:
        """`deed` will be done then; at once where the moment has passed already."""
        if self._now is not None:
            moment = max(moment, self._now)
        if moment <= self.end:
            entry = (moment, next(self._numbers), deed, given)
            heapq.heappush(self._waiting, entry)

    def run(self, after: Callable[[dt.datetime], None]) -> int:
        """Everything until `end` has happened; how many deeds.

        `after` each deed the caller may look, with the clock still at that moment.
        """
        done = 0
        while self._waiting:
            moment, _number, deed, given = heapq.heappop(self._waiting)
            self._now = moment
            with clock_at(moment):
                deed(*given)
                after(moment)
            done += 1
        return done
