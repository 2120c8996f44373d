"""/workshop/makers/: who works at the base, her hours, her work, her time away."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.models import Assignment
from orders.workshop import frame
from orders.workshop.hours_forms import AwayForm, HoursForm
from orders.workshop.proposal import open_minutes
from producers import policy
from producers.capacity import monday_of
from producers.models import Away, Maker, MakerHours, Skill, Status
from producers.selectors import bases_of, makers_of, masked_phone, skills_on
from producers.services import makers as making
from producers.working_time import days_away, free_minutes, on_day
from qiaoshou.common.today import today

WEEK = dt.timedelta(weeks=1)
State = Assignment.State


@frame.for_leaders
@require_safe
def makers(request: HttpRequest) -> HttpResponse:
    """Everybody at the base with this week's hours and work."""
    base = frame.base_of(request)
    on = today()
    rows = list(
        makers_of(base)
        .filter(status__in=[Status.ACTIVE, Status.PAUSED])
        .order_by("sort_key", "pk")
    )
    keys = {row.pk for row in rows}
    monday = monday_of(on)
    asked = free_minutes(keys, [monday])
    busy = open_minutes(keys)
    gone = days_away(keys, on, on + WEEK)
    crafts: dict[int, list[Skill]] = {key: [] for key in keys}
    for skill in skills_on(on).filter(maker__in=keys).select_related("craft"):
        crafts[skill.maker_id].append(skill)
    return frame.page(
        request,
        "workshop/makers.html",
        "makers",
        {
            "cards": [
                {
                    "maker": row,
                    "asked": asked[row.pk, monday],
                    "busy": busy[row.pk],
                    "away": on in gone[row.pk],
                    "soon_away": bool(gone[row.pk]),
                    "crafts": crafts[row.pk],
                }
                for row in rows
            ]
        },
    )


def _maker(request: HttpRequest, reference: str) -> Maker:
    """A maker of a base that she leads; others do not exist for her."""
    found = Maker.objects.none()
    for base in request.bases:
        found = found | makers_of(base)
    return get_object_or_404(found, reference=reference)


@frame.for_leaders
@require_safe
def maker(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _maker(request, reference))


def _page(request: HttpRequest, row: Maker, **forms: Any) -> HttpResponse:
    on = today()
    hours = on_day(MakerHours.objects.filter(maker=row), on).first()
    away = Away.objects.filter(maker=row).exclude(valid_to__lte=on)
    work = (
        Assignment.objects.filter(
            maker=row,
            state__in=[State.PROPOSED, State.OFFERED, State.TAKEN],
            work_order__base__in=request.bases,
        )
        .select_related("work_order", "demand")
        .order_by("due_on", "pk")
    )
    context = {
        "maker": row,
        "phone": masked_phone(row),
        "hours": hours,
        "away": list(away.order_by("valid_from")),
        "skills": list(skills_on(on).filter(maker=row).select_related("craft")),
        "work": list(work),
        "on": on,
        "hours_form": HoursForm(initial=HoursForm.of(hours)),
        "away_form": AwayForm(),
    }
    return frame.page(
        request,
        "workshop/maker.html",
        "makers",
        context | forms,
        base=bases_of([row.pk])[row.pk],
        status=400 if forms else 200,
    )


@frame.for_leaders
@require_POST
def hours(request: HttpRequest, reference: str) -> HttpResponse:
    """The hours that she told her leader are on record; nobody else sets them."""
    row = _maker(request, reference)
    policy.check(request.user, "change_hours", row)
    form = HoursForm(request.POST)
    if not form.is_valid() or not form.keep(row):
        return _page(request, row, hours_form=form)
    messages.success(request, _("Noted."))
    return redirect("workshop:maker", row.reference)


@frame.for_leaders
@require_POST
def away(request: HttpRequest, reference: str) -> HttpResponse:
    """She is away in these days, and is offered no work for them."""
    row = _maker(request, reference)
    policy.check(request.user, "change_hours", row)
    form = AwayForm(request.POST)
    if not form.is_valid() or not form.keep(row):
        return _page(request, row, away_form=form)
    messages.success(request, _("Noted."))
    return redirect("workshop:maker", row.reference)


@frame.for_leaders
@require_POST
def back(request: HttpRequest, reference: str, away: int) -> HttpResponse:
    """She is back today."""
    row = _maker(request, reference)
    policy.check(request.user, "change_hours", row)
    gone = get_object_or_404(Away, pk=away, maker=row)
    try:
        making.come_back(away=gone, on=today())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Noted."))
    return redirect("workshop:maker", row.reference)
