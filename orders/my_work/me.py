"""/my-work/me/: her hours a week, her days away, her certificates."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.my_work import frame
from orders.workshop.hours_forms import AwayForm, HoursForm
from producers.models import Away, MakerHours
from producers.selectors import base_of, bases_led_by, leaders_of, skills_on
from producers.services import makers as making
from producers.working_time import on_day
from qiaoshou.common.today import today


@frame.for_makers
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    on, maker = today(), request.maker
    hours = on_day(MakerHours.objects.filter(maker=maker), on).first()
    away = Away.objects.filter(maker=maker).exclude(valid_to__lte=on)
    base = base_of(maker)
    context = {
        "base": base,
        "leads": bases_led_by(request.user, on).exists(),
        "leaders": list(leaders_of(base).exclude(pk=maker.pk)) if base else [],
        "hours": hours,
        "away": list(away.order_by("valid_from")),
        "skills": list(skills_on(on).filter(maker=maker).select_related("craft")),
        "on": on,
        "hours_form": HoursForm(initial=HoursForm.of(hours)),
        "away_form": AwayForm(),
    }
    return frame.page(
        request, "my_work/me.html", "me", context | forms, 400 if forms else 200
    )


@frame.for_makers
@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    """She asks for so many hours; nobody overrules it."""
    form = HoursForm(request.POST)
    if not form.is_valid() or not form.keep(request.maker):
        return _page(request, hours_form=form)
    messages.success(request, _("Noted."))
    return redirect("my-work:me")


@frame.for_makers
@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """She is offered no work for these days."""
    form = AwayForm(request.POST)
    if not form.is_valid() or not form.keep(request.maker):
        return _page(request, away_form=form)
    messages.success(request, _("Noted."))
    return redirect("my-work:me")


@frame.for_makers
@require_POST
def back(request: HttpRequest, away: int) -> HttpResponse:
    """She is back today."""
    gone = get_object_or_404(Away, pk=away, maker=request.maker)
    try:
        making.come_back(away=gone, on=today())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Noted."))
    return redirect("my-work:me")
