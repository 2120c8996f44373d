"""Limits of what somebody may try: codes for signing in, and vouchers.

How many and for how long stands in `settings/door.py`; the tries are counted in the
cache that all processes share.
"""

from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse


class TooManyTries(Exception):
    """Nothing was looked at: this person or address has tried too often."""


class TooMany:
    """Middleware: a limit that allauth met half-way through is 429, never an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, RateLimited):
            return ratelimit.respond_429(request)
        return None


def count_try(request: HttpRequest, *, deed: str, who: str) -> Callable[[], None]:
    """One more try of this person and machine address is counted, before it is looked
    at: many at once can't slip through. What is returned takes it back, for a try that
    was no guess. Raises TooManyTries.
    """
    used = ratelimit.consume(request, app="allauth.account", action=deed, key=who)
    if used is None:
        raise TooManyTries
    return used.rollback
