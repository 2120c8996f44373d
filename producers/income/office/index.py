"""/office/income/: the households of her areas, and what each has not told yet."""

import datetime as dt

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from producers import policy as registry
from producers.income import policy
from producers.income.models import FollowUp
from producers.income.office.forms import LacksForm
from producers.income.selectors import last_closed_month
from producers.models import Consent, Household, HouseholdMember, Purpose
from producers.office.households import HouseholdIndex
from producers.working_time import on_day
from qiaoshou.common.today import today

A_PAGE = 50
ICON = "calendar-check"


def crumbs(*further: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("income_index"), "label": _("Household incomes")},
        *further,
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """No sum is shown here; a fixed number of queries whatever the households."""
    policy.check_reads_incomes(request.user)
    form = LacksForm(request.GET, user=request.user)
    form.is_valid()
    asked = form.cleaned_data
    month = asked.get("month") or last_closed_month()
    rows = _filtered(_told(policy.households_for(request.user), month), asked)
    page = Paginator(rows.order_by("pk"), A_PAGE).get_page(request.GET.get("p"))
    for home in page.object_list:
        home.told_through = home.told_until and home.told_until - dt.timedelta(days=1)
    return render(
        request,
        "producers/income/index.html",
        {
            "form": form,
            "page": page,
            "month": month,
            "header_title": _("Household incomes"),
            "breadcrumbs_items": crumbs(),
            "header_icon": ICON,
        },
    )


def _told(rows: QuerySet[Household], month: dt.date) -> QuerySet[Household]:
    """With names, village, and whether baseline, follow-up and consent are there."""
    hers = {"household": OuterRef("pk")}
    told = FollowUp.objects.filter(**hers)
    agreed = Consent.objects.filter(
        maker=OuterRef("maker"), purpose=Purpose.HOUSEHOLD_INCOME, withdrawn=None
    )
    makers = on_day(
        HouseholdMember.objects.filter(maker__isnull=False, **hers), today()
    )
    return HouseholdIndex.prepared(rows).annotate(
        baseline_year=F("baseline__year"),
        told_until=Subquery(told.order_by("-valid_to").values("valid_to")[:1]),
        covered=Exists(told.filter(valid_from__lte=month, valid_to__gt=month)),
        has_maker=Exists(makers),
        somebody_disagrees=Exists(makers.exclude(Exists(agreed))),
    )


def _filtered(
    rows: QuerySet[Household], asked: dict[str, object]
) -> QuerySet[Household]:
    area, words, lacks = asked.get("area"), asked.get("q"), asked.get("lacks")
    if area:
        rows = rows.filter(pk__in=registry.households_in_areas((area.path,)))
    if words:
        rows = rows.filter(
            Q(reference__icontains=words)
            | Q(maker_names__icontains=words)
            | Q(village_name__icontains=words)
        )
    if lacks == "baseline":
        rows = rows.filter(baseline_year=None)
    if lacks == "follow-up":
        rows = rows.filter(covered=False)
    if lacks == "consent":
        rows = rows.filter(Q(has_maker=False) | Q(somebody_disagrees=True))
    return rows
