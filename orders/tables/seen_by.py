"""Whose work, deliveries and parcels a person sees; all else is not there for her.

A leader sees those of the bases that she leads today, a maker those of her own that
were sent to her. Which deed she may do with a row says `orders/policy.py`.
"""

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from producers.selectors import bases_led_by, maker_of

M = TypeVar("M", bound=models.Model)


class OfBase(models.QuerySet[M]):
    """Rows that belong to a base through one of `bases`."""

    bases: tuple[str, ...] = ("base",)

    def of_leader(self, user: Any) -> "OfBase[M]":
        """Rows of the bases that this person leads today."""
        led = bases_led_by(user).values("pk")
        mine = Q()
        for path in self.bases:
            mine |= Q(**{f"{path}__in": led})
        return self.filter(mine)


class OfWorkOrder(OfBase[M]):
    bases = ("work_order__base",)

    def of_maker(self, user: Any) -> "OfWorkOrder[M]":
        """What was ever offered to this person; a proposal is not hers yet."""
        person = maker_of(user)
        if person is None:
            return self.none()
        hers = Q(maker=person) | Q(maker__merged_into=person)
        return self.filter(hers, offered__gt=0)


class OfAssignment(OfBase[M]):
    bases = ("assignment__work_order__base",)

    def of_maker(self, user: Any) -> "OfAssignment[M]":
        """What this person handed in."""
        person = maker_of(user)
        if person is None:
            return self.none()
        hers = Q(assignment__maker=person) | Q(assignment__maker__merged_into=person)
        return self.filter(hers)


class OfPlace(OfBase[M]):
    """Parcels that leave from her base, or are collected at a point of her base."""

    bases = (
        "from_place__base",
        "from_place__pickup_point__base",
        "pickup_point__base",
    )
