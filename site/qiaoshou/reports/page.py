"""What stands around the table of gains: headline, key figures, notes, ways on."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from producers.income import policy
from producers.policy import Person
from qiaoshou.common.models import Area
from qiaoshou.common.naming import named
from qiaoshou.common.templatetags.look import place
from qiaoshou.common.templatetags.money import yuan
from qiaoshou.common.today import today
from qiaoshou.reports.gain import GainReport


def rail(area: Area) -> dict[str, Any]:
    """The ways of an officer's workbench."""
    return {
        "rail": [
            {
                "key": "reports",
                "url": place("reports"),
                "icon": "chart",
                "label": _("Income gains"),
            },
            {
                "key": "incomes",
                "url": reverse("income_index"),
                "icon": "yuan",
                "label": _("Household incomes"),
            },
            {
                "key": "office",
                "url": place("office"),
                "icon": "people",
                "label": _("Registry and office"),
            },
        ],
        "rail_name": f"{named(area)} · {area.get_tier_display()}",
        "active": "reports",
    }


def crumbs(user: Person, area: Area, query: str) -> list[dict[str, str]]:
    """From the top of her jurisdiction down to the area."""
    above = [
        area.path[:end] for end in range(Area.steplen, len(area.path) + 1, Area.steplen)
    ]
    found = policy.reported_areas(user).filter(path__in=above).order_by("path")
    return [
        {
            "label": named(one),
            "url": f"{reverse('reports:gain', args=[one.pk])}?{query}",
        }
        for one in found
    ]


def headline(report: GainReport) -> str:
    average = report.total.average
    if average is None:
        return _("Gain not known yet")
    one_month = len(report.tally.monthly) == 1
    said = (
        _("Gain per household ¥%(fen)s")
        if one_month
        else _("Gain per household and month ¥%(fen)s")
    )
    return said % {"fen": yuan(average)}


def kpis(report: GainReport) -> list[dict[str, str]]:
    """The headline figures; platform pay stands beside the gain, never as its cause."""
    one = report.total
    unknown = _("not known")
    return [
        {
            "label": _("Gain of all known"),
            "value": unknown if one.gain is None else yuan(one.gain),
            "unit": "" if one.gain is None else _("yuan"),
            "note": _("%(known)s households; they were paid ¥%(pay)s")
            % {"known": f"{one.known:,}", "pay": yuan(one.known_pay_fen)},
        },
        {
            "label": _("At the prices of the month"),
            "value": unknown if one.deflated is None else yuan(one.deflated),
            "unit": "" if one.deflated is None else _("yuan"),
            "note": _("baselines carried by the consumer price index"),
        },
        {
            "label": _("Platform pay"),
            "value": yuan(one.pay_fen),
            "unit": _("yuan"),
            "note": _("to %(women)s women of %(households)s households")
            % {
                "women": f"{one.women_paid:,}",
                "households": f"{one.households_paid:,}",
            },
        },
        {
            "label": _("With baseline"),
            "value": f"{one.with_baseline:,}",
            "unit": pgettext("after a number of households", "households"),
            "note": _("of %(households)s on record")
            % {"households": f"{one.households:,}"},
        },
        {
            "label": _("Losses"),
            "value": f"{one.losses:,}",
            "unit": pgettext("after a number of households", "households"),
            "note": _("together ¥%(fen)s") % {"fen": yuan(abs(one.loss_fen))}
            if one.losses
            else _("nobody below her baseline"),
        },
    ]


def notes(report: GainReport) -> list[dict[str, str]]:
    """What is missing, each with the way to mend it."""
    one = report.total
    found: list[dict[str, str]] = []
    no_baseline = one.households - one.with_baseline
    no_follow_up = one.households - one.with_follow_up
    incomes = reverse("income_index")
    last = max(report.tally.monthly)
    where = f"&area={report.area.pk}"
    if report.until > today():
        found.append(
            {"text": _("The last month is not over; its figures will change.")}
        )
    if no_baseline:
        found.append(
            {
                "text": ngettext(
                    "%(count)s household has no baseline. It is counted, and left out "
                    "of the gain.",
                    "%(count)s households have no baseline. They are counted, and left "
                    "out of the gain.",
                    no_baseline,
                )
                % {"count": f"{no_baseline:,}"},
                "url": f"{incomes}?lacks=baseline{where}",
                "link": _("See them"),
            }
        )
    if no_follow_up:
        found.append(
            {
                "text": ngettext(
                    "%(count)s household has no follow-up of every month. What it "
                    "gained then is not known.",
                    "%(count)s households have no follow-up of every month. What they "
                    "gained then is not known.",
                    no_follow_up,
                )
                % {"count": f"{no_follow_up:,}"},
                "url": f"{incomes}?lacks=follow-up&month={last:%Y-%m}{where}",
                "link": _("See them"),
            }
        )
    if report.missing_prices:
        comma = pgettext("between names", ", ")
        months = comma.join(
            date_format(month, "YEAR_MONTH_FORMAT") for month in report.missing_prices
        )
        found.append(
            {
                "text": _(
                    "No consumer price index is on record for %(months)s, so the gain "
                    "at the prices of the month is not known."
                )
                % {"months": months},
            }
        )
    if one.homeless_pay_fen:
        found.append(
            {
                "text": _(
                    "¥%(fen)s was paid to women who belong to no household on record. "
                    "It is in the pay and in no gain."
                )
                % {"fen": yuan(one.homeless_pay_fen)},
            }
        )
    return found
