"""Form fields of the registry's office: picking areas, bases, makers, households."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from producers import policy
from producers.models import Base, Craft, Household, HouseholdMember, Maker
from producers.working_time import on_day
from qiaoshou.accounts.models import User
from qiaoshou.common.models import Area
from qiaoshou.common.office_fields import BETWEEN, PickField, area_labels, told_apart
from qiaoshou.common.office_fields import DayField as DayField
from qiaoshou.common.office_fields import optional_day as optional_day
from qiaoshou.common.today import today


def villages(user: User) -> QuerySet[Area]:
    return policy.areas_for(user).filter(tier=Area.Tier.VILLAGE)


def _with_parents(rows: QuerySet[Area]) -> dict[str, Model]:
    """Villages by township and name: 柏榆镇 › 柳村; two of one name stay apart."""
    towns = {
        area.path: str(area) for area in Area.objects.filter(tier=Area.Tier.TOWNSHIP)
    }
    return told_apart(
        (
            BETWEEN.join(
                part
                for part in (towns.get(area.path[: -Area.steplen], ""), str(area))
                if part
            ),
            area,
        )
        for area in rows.order_by("path")
    )


def _named(rows: QuerySet) -> dict[str, Model]:
    """Rows by name and reference, since names repeat."""
    return {f"{row} · {row.reference}": row for row in rows}


def _households(rows: QuerySet[Household]) -> dict[str, Model]:
    """Households by who belongs to them today, and the reference."""
    found = list(rows.order_by("pk"))
    people: dict[int, list[str]] = {}
    members = on_day(
        HouseholdMember.objects.filter(household__in=rows), today()
    ).select_related("maker")
    for member in members.order_by("household", "pk"):
        people.setdefault(member.household_id, []).append(str(member))
    return {
        " · ".join([*people.get(row.pk, [])[:2], row.reference]): row for row in found
    }


def pick_area(**kwargs: Any) -> PickField:
    return PickField(rows=policy.areas_for, labels=area_labels, **kwargs)


def pick_village(**kwargs: Any) -> PickField:
    return PickField(rows=villages, labels=_with_parents, **kwargs)


def pick_base(**kwargs: Any) -> PickField:
    return PickField(
        rows=lambda user: policy.visible(user, Base).filter(closed=None),
        labels=_named,
        **kwargs,
    )


def pick_maker(**kwargs: Any) -> PickField:
    return PickField(
        rows=lambda user: policy.visible(user, Maker).filter(merged_into=None),
        labels=_named,
        **kwargs,
    )


def pick_household(**kwargs: Any) -> PickField:
    return PickField(
        rows=lambda user: policy.visible(user, Household),
        labels=_households,
        **kwargs,
    )


class CraftField(forms.ModelChoiceField):
    """One craft that is in use, families left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Craft.objects.filter(numchild=0, closed=None),
            label=gettext_lazy("craft"),
            **kwargs,
        )


def says(day: dt.date | None) -> str:
    """A date as people write it here, or a dash."""
    return day.isoformat() if day else "–"


def period(begins: dt.date, ends: dt.date | None) -> str:
    """From one day to another, or since the first where no end is known."""
    if ends is None:
        return _("since %(day)s") % {"day": begins.isoformat()}
    return f"{begins.isoformat()} – {ends.isoformat()}"
