"""Which rule of the database a refused write broke."""

from django.db import IntegrityError


def rule_broken(error: IntegrityError) -> str:
    """The name of the constraint; "" where the database names none."""
    told = getattr(error.__cause__, "diag", None)
    return getattr(told, "constraint_name", None) or ""
