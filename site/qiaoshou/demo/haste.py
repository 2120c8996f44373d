"""Makes a load quicker without leaving anything out that the database would refuse."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import ForeignKey, Model

# A load makes millions of short-lived rows; looking for circles among them costs more.
OBJECTS_BETWEEN_SEARCHES = 200_000


def _leave_it_to_the_database(self: Any, *given: Any, **named: Any) -> None:
    return None


@contextmanager
def in_haste() -> Iterator[None]:
    """Inside the block what a row must keep to is checked by the database alone.

    Django would ask the database once for each constraint and each foreign key before
    every row, to have a sentence for a person; nobody reads it here, and the row is
    refused all the same. Nor has a service a savepoint of its own, since what it
    refuses ends the whole load, unless its caller may go on (`may_be_refused`).
    """
    patched = [
        (Model, "validate_constraints"),
        (Model, "validate_unique"),
        (ForeignKey, "validate"),
    ]
    checked = [(owner, name, vars(owner)[name]) for owner, name in patched]
    thresholds = gc.get_threshold()
    for owner, name in patched:
        setattr(owner, name, _leave_it_to_the_database)
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES, *thresholds[1:])
    try:
        with _savepoints(wanted=False):
            yield
    finally:
        for owner, name, check in checked:
            setattr(owner, name, check)
        gc.set_threshold(*thresholds)


@contextmanager
def may_be_refused() -> Iterator[None]:
    """Inside the block a service that refuses leaves nothing behind, as in real use.

    For deeds after whose refusal the load goes on, in whichever function it is caught.
    """
    with _savepoints(wanted=True):
        yield


def learn_sizes() -> None:
    """The database plans its queries by the tables as they are filled by now.

    Nobody else can tell it: all rows belong to a transaction that is still open.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _savepoints(*, wanted: bool) -> Iterator[None]:
    before = connection.features.uses_savepoints
    connection.features.uses_savepoints = wanted
    try:
        yield
    finally:
        connection.features.uses_savepoints = before
