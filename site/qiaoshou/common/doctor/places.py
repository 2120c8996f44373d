"""The doctor's look at what every screen stands on: areas, published values."""

from qiaoshou.common.doctor.finding import Finding, ok, warn
from qiaoshou.common.models import Area, ReferenceValue
from qiaoshou.common.reference_values import value_on
from qiaoshou.common.today import today


def areas() -> Finding:
    if problems := [kind for kind in Area.find_problems() if kind]:
        return warn(f"the tree is not sound at {problems[0][:5]}")
    villages = Area.objects.filter(tier=Area.Tier.VILLAGE, closed_on=None).count()
    if not villages:
        return warn("there are none: manage.py load_areas")
    return ok(f"{villages} villages")


def published_values() -> Finding:
    """The minimum wage is on record today where the tree begins."""
    root = Area.objects.filter(depth=1, closed_on=None).first()
    if root is None:
        return warn("no areas, so none can be on record")
    kinds = ReferenceValue.Kind
    missing = [
        str(kinds(kind).name).lower()
        for kind in (kinds.MINIMUM_HOURLY, kinds.PUBLISHED_INCOME)
        if value_on(kind, root, today()) is None
    ]
    if missing:
        return warn(f"none on record today: {', '.join(missing)}")
    if ReferenceValue.objects.filter(invented=True).exists():
        return warn("some are invented for demonstration")
    return ok("on record")
