"""/office/rates/: time studies and piece rates, with the arithmetic of the minimum."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from catalog import policy
from catalog.domain import piece_rate as rule
from catalog.making import rates
from catalog.making.rates import NoTimeStudy, RateBelowMinimum, RateOverlaps
from catalog.models import CraftSpec, PieceRate, TimeStudy
from catalog.office.forms import RateForm, StudyForm
from catalog.selectors import Terms, terms_of
from catalog.titles import titles_of
from producers.models import Maker
from producers.selectors import certified
from qiaoshou.common.templatetags.money import yuan
from qiaoshou.common.today import today

A_PAGE = 50
SET = "set"


@dataclass(frozen=True, slots=True)
class Line:
    """One sellable product in the list."""

    spec: CraftSpec
    title: str
    terms: Terms
    hourly_fen: int | None
    lowest_fen: int | None
    state: str
    good: bool


def _specs() -> QuerySet[CraftSpec]:
    return CraftSpec.objects.select_related(
        "product__parent", "product__listing", "product__parent__listing"
    )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every sellable product: six queries whatever their number."""
    if not policy.sees_rates(request.user):
        raise PermissionDenied
    asked = request.GET.get("q", "").strip()[:60]
    specs = _specs().order_by("product__title", "pk")
    if asked:
        specs = specs.filter(
            Q(product__title__icontains=asked)
            | Q(product__texts__title__icontains=asked)
        ).distinct()
    page = Paginator(specs, A_PAGE).get_page(request.GET.get("p"))
    found = list(page.object_list)
    day = today()
    terms = terms_of([spec.product_id for spec in found], day)
    titles = titles_of([spec.product_id for spec in found])
    wages = rates.wages_of([spec.pk for spec in found], day)
    context = {
        "asked": asked,
        "page": page,
        "lines": [
            _line(spec, titles[spec.product_id], terms[spec.product_id], wages[spec.pk])
            for spec in found
        ],
        "header_title": _("Piece rates"),
        "breadcrumbs_items": _crumbs(),
        "header_icon": "clipboard-list",
    }
    return render(request, "catalog/office/rates.html", context)


def _crumbs(*further: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("catalog_rates"), "label": _("Piece rates")},
        *further,
    ]


def _line(
    spec: CraftSpec, title: str, terms: Terms, wages: list[rule.BaseWage]
) -> Line:
    lowest = None
    if terms.minutes is None:
        state = _("No time study")
    elif not wages:
        state = _("No base may make it")
    else:
        try:
            lowest = rule.lowest_rate(rule.highest_minimum(wages), terms.minutes)
            state = "" if terms.pay_fen else _("No rate")
        except rule.NoMinimumWage as missing:
            state = _("No minimum wage on record for %(bases)s") % {
                "bases": _listed(missing.bases)
            }
    if lowest and terms.pay_fen and terms.pay_fen < lowest:
        state = _("Below the minimum wage")
    hourly = (
        rule.hourly_pay(terms.pay_fen, terms.minutes)
        if terms.pay_fen and terms.minutes
        else None
    )
    return Line(spec, title, terms, hourly, lowest, state or _("Lawful"), not state)


def _listed(names: tuple[str, ...]) -> str:
    return pgettext("between names", ", ").join(names)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One product: its studies and rates, and two forms for new ones."""
    if not policy.sees_rates(request.user):
        raise PermissionDenied
    spec = get_object_or_404(_specs(), pk=pk)
    may_set = policy.sets_rates(request.user)
    if request.method == "POST" and not may_set:
        raise PermissionDenied
    study_form = StudyForm(makers=_makers(spec))
    rate_form = RateForm()
    verdict = None
    if request.method == "POST" and "study" in request.POST:
        study_form = StudyForm(request.POST, makers=_makers(spec))
        if study_form.is_valid():
            _record(request, spec, study_form)
            return redirect("catalog_rate", pk=spec.pk)
    elif request.method == "POST":
        rate_form = RateForm(request.POST)
        if rate_form.is_valid():
            verdict = _propose(request, spec, rate_form)
            if verdict is None and not rate_form.errors:
                return redirect("catalog_rate", pk=spec.pk)
    context = _about(spec) | {
        "study_form": study_form,
        "rate_form": rate_form,
        "verdict": verdict,
        "may_set": may_set,
        "refused": study_form.errors or rate_form.errors,
    }
    return render(request, "catalog/office/rate.html", context)


def _makers(spec: CraftSpec) -> QuerySet[Maker]:
    """Who may be watched: the makers certified to make this piece."""
    terms = terms_of([spec.product_id], today())[spec.product_id]
    return certified(terms.craft, spec.grade).order_by("sort_key", "pk")


def _about(spec: CraftSpec) -> dict[str, Any]:
    day = today()
    terms = terms_of([spec.product_id], day)[spec.product_id]
    wages = rates.wages(spec, day)
    lowest = minimum = None
    missing: tuple[str, ...] = ()
    if terms.minutes and wages:
        try:
            minimum = rule.highest_minimum(wages)
            lowest = rule.lowest_rate(minimum, terms.minutes)
        except rule.NoMinimumWage as refusal:
            missing = refusal.bases
    title = titles_of([spec.product_id])[spec.product_id]
    return {
        "spec": spec,
        "terms": terms,
        "wages": wages,
        "missing": _listed(missing),
        "minimum_fen": minimum,
        "lowest_fen": lowest,
        "studies": TimeStudy.objects.filter(spec=spec).prefetch_related(
            "samples__maker"
        ),
        "rates": PieceRate.objects.filter(spec=spec),
        "header_title": title,
        "breadcrumbs_items": _crumbs({"url": "", "label": title}),
        "header_icon": "clipboard-list",
    }


def _record(request: HttpRequest, spec: CraftSpec, form: StudyForm) -> None:
    study = rates.record_time_study(
        spec=spec,
        studied_on=form.cleaned_data["studied_on"],
        samples=form.cleaned_data["samples"],
        reference=form.cleaned_data["reference"],
        note=form.cleaned_data["note"],
        by=request.user,
    )
    messages.success(
        request,
        _("Recorded: %(minutes)s standard minutes, the median of %(makers)s makers.")
        % {"minutes": study.minutes, "makers": study.makers},
    )


def _propose(
    request: HttpRequest, spec: CraftSpec, form: RateForm
) -> rule.Verdict | None:
    """The verdict where the rate was only to be checked; None once it stands.

    What the law or the calendar refuses stands as an error at its field.
    """
    fen, day = form.fen, form.cleaned_data["valid_from"]
    try:
        if request.POST.get("deed") != SET:
            ground = rates.ground(spec, day)
            verdict = rule.judge(fen, ground.study.minutes, ground.minimum_hourly_fen)
            if not verdict.lawful:
                raise RateBelowMinimum(verdict)
            return verdict
        rate = rates.set_piece_rate(
            spec=spec,
            fen=fen,
            valid_from=day,
            reference=form.cleaned_data["reference"],
            by=request.user,
        )
    except RateBelowMinimum as refusal:
        form.add_error("rate", below_minimum(refusal.verdict))
        return None
    except NoTimeStudy:
        form.add_error(None, _("Record a time study of that day or before it first."))
        return None
    except rule.NoBases:
        form.add_error(None, _("No base may make this product yet."))
        return None
    except rule.NoMinimumWage as refusal:
        form.add_error(
            None,
            _(
                "No minimum hourly wage is on record for %(bases)s on that day. "
                "Enter it under reference values first."
            )
            % {"bases": _listed(refusal.bases)},
        )
        return None
    except RateOverlaps as refusal:
        form.add_error(
            "valid_from",
            _("Another rate begins on %(day)s; choose a later day.")
            % {"day": date_format(refusal.from_day, _("j F Y"))},
        )
        return None
    messages.success(
        request,
        _("From %(day)s on the rate is ¥%(rate)s.")
        % {"day": date_format(rate.valid_from, _("j F Y")), "rate": yuan(rate.fen)},
    )
    return None


def below_minimum(verdict: rule.Verdict) -> str:
    """The refusal with wage, minutes, and the lowest lawful rate."""
    return _(
        "¥%(rate)s for %(minutes)s standard minutes is ¥%(hourly)s an hour. The "
        "minimum hourly wage is ¥%(minimum)s, so the lowest lawful rate is ¥%(lowest)s."
    ) % {
        "rate": yuan(verdict.rate),
        "minutes": verdict.minutes,
        "hourly": yuan(verdict.hourly),
        "minimum": yuan(verdict.minimum_hourly),
        "lowest": yuan(verdict.lowest),
    }
