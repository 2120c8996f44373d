"""The business day in Shanghai and the one clock; only demo and tests set it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_set_to: ContextVar[dt.datetime | None] = ContextVar("clock", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in the business zone."""
    return (_set_to.get() or dt.datetime.now(tz=ZONE)).astimezone(ZONE)


def today() -> dt.date:
    """The business day: the date in Shanghai, wherever the machine stands."""
    return now().date()


@contextmanager
def clock_at(moment: dt.datetime) -> Iterator[None]:
    """Inside the block `now()` is `moment`; for the demo's history and for tests."""
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware time")
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
