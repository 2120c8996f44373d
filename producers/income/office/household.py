"""/office/income/REF/: what one household told, its gains, and the forms that record.

Each look at its sums is one row of the audit trail.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from producers.domain.gain import next_month
from producers.income import policy, reading, services
from producers.income.models import SOURCES, Baseline, FollowUp, Told
from producers.income.office.forms import BaselineForm, FollowUpForm, IncomeForm
from producers.income.office.index import ICON, crumbs
from producers.income.selectors import gains_of, last_closed_month
from producers.models import Household
from producers.office.frame import show_refusal
from producers.selectors import makers_in, villages_of
from qiaoshou.common.today import today

MONTHS_SHOWN = 12


def _household(request: HttpRequest, reference: str) -> Household:
    policy.check_reads_incomes(request.user)
    return get_object_or_404(policy.households_for(request.user), reference=reference)


def _page(home: Household, *further: str) -> dict[str, Any]:
    own = reverse("income_household", args=[home.reference])
    more = [{"url": "", "label": label} for label in further]
    return {
        "home": home,
        "header_title": further[-1] if further else home.reference,
        "breadcrumbs_items": crumbs({"url": own, "label": home.reference}, *more),
        "header_icon": ICON,
    }


@never_cache
@require_safe
def household(request: HttpRequest, reference: str) -> HttpResponse:
    """What it told by source, and the gain of the last twelve months that are over."""
    home = _household(request, reference)
    reading.record_read(
        households=[home], purpose=_("Income seen in the office"), by=request.user
    )
    day, until = today(), next_month(last_closed_month())
    first = until.replace(year=until.year - 1)
    return render(
        request,
        "producers/income/household.html",
        _page(home)
        | {
            "makers": makers_in(home, day),
            "village": villages_of([home.pk], day).get(home.pk),
            "disagree": services.without_consent(home),
            "sources": [Baseline._meta.get_field(name) for name in SOURCES],
            "baseline": Baseline.objects.filter(household=home).first(),
            "follow_ups": FollowUp.objects.filter(household=home).order_by(
                "-valid_from"
            ),
            "months": list(reversed(gains_of(home, first, until))),
        },
    )


def _recorded(
    request: HttpRequest,
    home: Household,
    form: IncomeForm,
    title: str,
    record: Callable[[dict[str, Any]], Told],
    done: str,
) -> HttpResponse:
    """Records what was typed and leads back; a refusal keeps it on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            record(form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("income_household", home.reference)
    context = _page(home, title) | {"form": form}
    return render(request, "producers/income/form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def baseline(request: HttpRequest, reference: str) -> HttpResponse:
    """Records the baseline, or corrects the one on record."""
    home = _household(request, reference)
    row = Baseline.objects.filter(household=home).first()
    if row is None or "client_reference" in request.POST:
        return _recorded(
            request,
            home,
            BaselineForm(request.POST or None),
            _("Record the baseline"),
            lambda typed: services.record_baseline(
                household=home, by=request.user, **typed
            ),
            _("The baseline is recorded."),
        )
    return _corrected(
        request,
        home,
        BaselineForm(request.POST or None, row=row),
        _("Correct the baseline"),
        lambda typed: services.correct_baseline(baseline=row, by=request.user, **typed),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Records what the household earned in some months beside the platform's pay."""
    home = _household(request, reference)
    return _recorded(
        request,
        home,
        FollowUpForm(request.POST or None),
        _("Record a follow-up"),
        lambda typed: services.record_follow_up(
            household=home, by=request.user, **typed
        ),
        _("The follow-up is recorded."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_follow_up(request: HttpRequest, reference: str, month: str) -> HttpResponse:
    """Corrects the follow-up that begins with this month (2026-10)."""
    home = _household(request, reference)
    year, number = map(int, month.split("-"))
    row = get_object_or_404(
        FollowUp, household=home, valid_from__year=year, valid_from__month=number
    )
    return _corrected(
        request,
        home,
        FollowUpForm(request.POST or None, row=row),
        _("Correct the follow-up"),
        lambda typed: services.correct_follow_up(
            follow_up=row, by=request.user, **typed
        ),
    )


def _corrected(
    request: HttpRequest,
    home: Household,
    form: IncomeForm,
    title: str,
    record: Callable[[dict[str, Any]], Told],
) -> HttpResponse:
    if request.method != "POST":
        reading.record_read(
            households=[home],
            purpose=_("Income seen to correct it"),
            by=request.user,
        )
    return _recorded(request, home, form, title, record, _("The income is corrected."))
