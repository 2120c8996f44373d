"""Words that the screens of work share: days, sums of pieces, reasons."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.domain.allocation import Reason
from orders.domain.allocation.sentences import in_words
from orders.models import Assignment
from producers.models import Base, Craft

WEEK = 7


def day_said(day: dt.date, on: dt.date) -> str:
    """Today, tomorrow, the weekday within a week, else the date; how long it is over
    where the day is past."""
    left = (day - on).days
    if left < 0:
        return ngettext("%(days)s day over", "%(days)s days over", -left) % {
            "days": -left
        }
    if left == 0:
        return _("Today")
    if left == 1:
        return _("Tomorrow")
    return date_format(day, "D" if left < WEEK else "MONTH_DAY_FORMAT")


def day_long(day: dt.date) -> str:
    """The date with its weekday."""
    return _("%(day)s, %(weekday)s") % {
        "day": date_format(day, "MONTH_DAY_FORMAT"),
        "weekday": date_format(day, "l"),
    }


def hours(minutes: int) -> str:
    """Minutes as hours with at most one place, rounded down."""
    tenths = abs(minutes) * 10 // 60
    whole, part = divmod(tenths, 10)
    sign = "-" if minutes < 0 and tenths else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def pieces(count: int) -> str:
    return ngettext("%(pieces)s piece", "%(pieces)s pieces", count) % {"pieces": count}


def in_hand(row: Assignment) -> int:
    """Pieces that she has taken and that are not yet accepted or rejected."""
    return row.taken - row.given_back - row.accepted - row.rejected


def to_bring(row: Assignment) -> int:
    """Pieces of the first round that are still to come."""
    return row.taken - row.given_back - row.delivered


class Names:
    """What the facts of reasons are called: two queries for as many as are asked."""

    def __init__(self, reasons: Iterable[Mapping[str, Any]]) -> None:
        facts = [row.get("facts") or {} for row in reasons]
        bases = {fact["base"] for fact in facts if fact.get("base")}
        crafts = {fact["craft"] for fact in facts if fact.get("craft")}
        found = Base.objects.filter(pk__in=[key for key in bases if _is_id(key)])
        self.bases = {str(base.pk): str(base) for base in found}
        known = Craft.objects.all()
        ids = [int(key) for key in crafts if _is_id(key)]
        slugs = [key for key in crafts if not _is_id(key)]
        self.crafts: dict[str, str] = {}
        for craft in known.filter(pk__in=ids) | known.filter(slug__in=slugs):
            self.crafts[str(craft.pk)] = self.crafts[craft.slug] = str(craft)

    def of(self, facts: Mapping[str, Any]) -> dict[str, str]:
        names = {}
        if facts.get("base"):
            names["base"] = self.bases.get(str(facts["base"]), str(facts["base"]))
        if facts.get("craft"):
            names["craft"] = self.crafts.get(str(facts["craft"]), str(facts["craft"]))
        if facts.get("due"):
            due = dt.date.fromisoformat(str(facts["due"]))
            names["due"] = date_format(due, "MONTH_DAY_FORMAT")
        return names

    def said(self, reason: Mapping[str, Any], *, late: bool = False) -> str:
        """The reason as a sentence in the reader's language; "" where none is kept."""
        if not reason.get("code"):
            return ""
        facts = reason.get("facts") or {}
        return in_words(
            Reason(reason["code"], facts),
            language=get_language() or "zh-hans",
            names=self.of(facts),
            late=late,
        )


def _is_id(key: object) -> bool:
    return str(key).isdecimal()
