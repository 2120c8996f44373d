"""Places that hold stock: a base or a pick-up point, known to Oscar as a partner."""

from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from catalog.models import StockPlace


@transaction.atomic
def stock_place_of(where: Any) -> StockPlace:
    """The place of a base or pick-up point; opened if it held no stock before."""
    field = "base" if where._meta.model_name == "base" else "pickup_point"
    known = StockPlace.objects.filter(**{field: where}).first()
    if known is not None:
        return known
    partner, _new = get_model("partner", "Partner").objects.get_or_create(
        code=f"place-{where.reference.lower()}", defaults={"name": where.name_zh}
    )
    place, _new = StockPlace.objects.get_or_create(
        partner=partner, defaults={field: where}
    )
    return place
