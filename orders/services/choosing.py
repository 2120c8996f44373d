"""The federation's choices in sharing out work, each from one day on."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orders.models import AllocationSetting
from qiaoshou.common.today import today


@transaction.atomic
def set_choices(
    *, valid_from: dt.date, monitored_percent: int, floor_minutes: int, by: Any
) -> AllocationSetting:
    """From this day on allocation weighs and shares out like this.

    What held on a day that has passed stays on record. Said twice it is the same.
    Raises ValidationError in words.
    """
    if valid_from < today():
        raise ValidationError(
            {"valid_from": _("What held before today can’t be changed.")}
        )
    known = AllocationSetting.objects.filter(valid_from=valid_from).first()
    row = known or AllocationSetting(valid_from=valid_from)
    row.monitored_percent, row.floor_minutes = monitored_percent, floor_minutes
    row.set_by = by
    row.full_clean(exclude=["set_by"])
    row.save()
    return row
