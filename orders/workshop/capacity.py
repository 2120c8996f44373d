"""/workshop/capacity/: the weeks that the base offers for sale, lowered or lifted."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from orders.workshop import frame
from orders.workshop.words import hours
from producers import capacity as service
from producers import policy
from producers.models import CapacityWeek
from qiaoshou.common.today import today

WEEKS = 8
MOST_HOURS = 10_000


class LowerForm(forms.Form):
    """At most so many hours of a week are offered."""

    hours = forms.DecimalField(
        label=gettext_lazy("Hours to offer"),
        min_value=0,
        max_value=MOST_HOURS,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


@frame.for_leaders
@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    """The next eight weeks of the base, craft by craft."""
    base = frame.base_of(request)
    first = service.monday_of(today())
    weeks = CapacityWeek.objects.filter(
        base=base, week__gte=first, week__lt=first + dt.timedelta(weeks=WEEKS)
    ).select_related("craft")
    return frame.page(
        request,
        "workshop/capacity.html",
        "makers",
        {"weeks": weeks.order_by("week", "craft__sort_key", "pk")},
    )


def _week(request: HttpRequest, pk: int) -> CapacityWeek:
    return get_object_or_404(
        CapacityWeek.objects.filter(base__in=request.bases).select_related("base"),
        pk=pk,
    )


@frame.for_leaders
@require_POST
def lower(request: HttpRequest, pk: int) -> HttpResponse:
    """Less of this week is offered, never less than is sold already."""
    week = _week(request, pk)
    policy.check(request.user, "lower_offer", week.base)
    form = LowerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["hours"]))
        return redirect("workshop:capacity")
    try:
        service.lower_offer(
            week=week, minutes=int(form.cleaned_data["hours"] * 60), by=request.user
        )
    except service.OfferBelowReserved as refusal:
        messages.error(
            request,
            _("%(hours)s hours of this week are sold already; it can’t be less.")
            % {"hours": hours(refusal.reserved)},
        )
    except service.OfferRaised as refusal:
        messages.error(
            request,
            _("%(hours)s hours are offered; only the nightly proposal offers more.")
            % {"hours": hours(refusal.offered)},
        )
    else:
        messages.success(request, _("Changed."))
    return redirect("workshop:capacity")


@frame.for_leaders
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The next nightly proposal may offer again what she had taken back."""
    week = _week(request, pk)
    policy.check(request.user, "lower_offer", week.base)
    service.lift_ceiling(week=week)
    messages.success(request, _("From tonight on it may be more again."))
    return redirect("workshop:capacity")
