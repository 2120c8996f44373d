"""Single areas changed by hand: their English name and setting, new ones, closed ones.

The rules stand in docs/rules/areas.md.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qiaoshou.common import audit
from qiaoshou.common.domain.place_names import draft_english, sort_key, tidy
from qiaoshou.common.loading_areas import lock_areas
from qiaoshou.common.models import Area, AreaChange
from qiaoshou.common.reference import new_reference

# Codes of areas that no official list knows.
OWN_SCHEME = "own"
BELOW = {
    Area.Tier.PROVINCE: Area.Tier.CITY,
    Area.Tier.CITY: Area.Tier.COUNTY,
    Area.Tier.COUNTY: Area.Tier.TOWNSHIP,
    Area.Tier.TOWNSHIP: Area.Tier.VILLAGE,
}


def _subject(area: Area) -> str:
    return f"area:{area.scheme}-{area.code}"


@transaction.atomic
def describe_area(
    *, area: Area, name_en: str, checked: bool, setting: str, by: object | None
) -> Area:
    """The area has this English name and setting; `checked` ends its draft mark."""
    row = Area.objects.select_for_update().get(pk=area.pk)
    before = (row.name_en, row.name_en_is_draft, row.setting)
    row.name_en, row.name_en_is_draft = " ".join(name_en.split()), not checked
    row.setting = setting
    row.full_clean(exclude={"path", "depth", "numchild", "sort_key", "kind"})
    after = (row.name_en, row.name_en_is_draft, row.setting)
    if after != before:
        row.save(update_fields=["name_en", "name_en_is_draft", "setting"])
        audit.record(
            deed="describe_area",
            subject=_subject(row),
            by=by,
            facts={"before": list(before), "after": list(after)},
        )
    return row


@transaction.atomic
def add_area(
    *,
    parent: Area,
    name_zh: str,
    kind: str,
    on: dt.date,
    by: object | None,
    name_en: str = "",
    setting: str = "",
) -> Area:
    """The area stands below `parent`, one tier down, under a code of our own.

    Without an English name one is drafted and marked so. Sent twice, it is added once.
    Raises ValidationError where one of that name is open there.
    """
    lock_areas()
    above = Area.objects.get(pk=parent.pk)
    if above.closed_on is not None:
        raise ValidationError({"parent": _("This area is closed.")})
    tier = BELOW.get(Area.Tier(above.tier))
    if tier is None:
        raise ValidationError({"parent": _("Below a village there is nothing.")})
    name = tidy(name_zh)
    if above.get_children().filter(name_zh=name, closed_on=None).exists():
        raise ValidationError({"name_zh": _("There is one of this name already.")})
    ancestors = [above, *reversed(above.get_ancestors())]
    names = [(one.name_zh, one.name_en) for one in ancestors]
    english = " ".join(name_en.split())
    row = Area(
        tier=tier,
        name_zh=name,
        name_en=english or draft_english(name, names),
        name_en_is_draft=not english,
        sort_key=sort_key(name),
        kind=tidy(kind),
        setting=setting,
        scheme=OWN_SCHEME,
        code=new_reference(),
        vintage=str(on.year),
    )
    row.full_clean(exclude={"path", "depth", "numchild"})
    above.add_child(instance=row)
    audit.record(
        deed="add_area", subject=_subject(row), by=by, facts={"below": above.code}
    )
    return row


@transaction.atomic
def close_area(
    *,
    area: Area,
    on: dt.date,
    document: str,
    by: object | None,
    followed_by: Area | None = None,
) -> Area:
    """The area and all below it are closed from that day; another may follow it.

    Nothing is deleted or re-pointed. Closed already, nothing changes. Raises
    ValidationError.
    """
    lock_areas()
    row = Area.objects.get(pk=area.pk)
    if row.closed_on is not None:
        return row
    if row.depth == 1:
        raise ValidationError(_("The top of the tree can’t be closed."))
    _check_follower(row, followed_by)
    closing = [row, *row.get_descendants().filter(closed_on=None)]
    Area.objects.filter(pk__in=[one.pk for one in closing]).update(closed_on=on)
    if followed_by is not None:
        AreaChange.objects.create(
            closed=row, opened=followed_by, changed_on=on, document=document.strip()
        )
    audit.record(
        deed="close_area",
        subject=_subject(row),
        purpose=document.strip(),
        by=by,
        facts={
            "areas": len(closing),
            "followed_by": followed_by.code if followed_by else None,
        },
    )
    row.refresh_from_db()
    return row


def _check_follower(row: Area, follower: Area | None) -> None:
    if follower is None:
        return
    if follower.closed_on is not None:
        words = _("The one that follows is closed itself.")
    elif follower.tier != row.tier:
        words = _("The one that follows must be of the same tier.")
    elif follower.path.startswith(row.path):
        words = _("An area can’t follow itself.")
    else:
        return
    raise ValidationError({"followed_by": words})
