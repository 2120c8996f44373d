"""Makes a load quicker without leaving anything out that the database would refuse."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model

# A load makes millions of short-lived rows; looking for circles among them costs more.
OBJECTS_BETWEEN_SEARCHES = 200_000


@contextmanager
def in_haste() -> Iterator[None]:
    """Inside the block the constraints of a row are checked by the database alone.

    Django would ask the database once for each constraint before every row, to have a
    sentence for a person; nobody reads it here, and the row is refused all the same.
    """

    def leave_it_to_the_database(row: Model, exclude: Any = None) -> None:
        return None

    checked, thresholds = Model.validate_constraints, gc.get_threshold()
    Model.validate_constraints = leave_it_to_the_database  # type: ignore[method-assign]
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES, *thresholds[1:])
    try:
        yield
    finally:
        Model.validate_constraints = checked  # type: ignore[method-assign]
        gc.set_threshold(*thresholds)
