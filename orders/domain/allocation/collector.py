"""Python's garbage collector waits while a plan is made.

A plan of a province is hundreds of thousands of small rows without a cycle among them.
The collector would look at all of them again and again and find nothing to free. The
switch is the whole process's: other threads' cycles are freed afterwards.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uncollected(work: Callable[P, T]) -> Callable[P, T]:
    """The same work, during which no garbage is looked for."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return done
