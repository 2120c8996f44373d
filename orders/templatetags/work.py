"""Template filters of the screens of work: days, hours, and a maker's sums."""

import datetime as dt

from django import template
from django.utils.formats import date_format

from orders.models import WorkOrder
from orders.workshop import words
from orders.workshop.forms import name_of
from orders.workshop.proposal import Person
from qiaoshou.common.today import ZONE, today

register = template.Library()


@register.filter
def hours(minutes: int | None) -> str:
    """540 as 9, 570 as 9.5."""
    return words.hours(minutes or 0)


@register.filter
def weekday(day: dt.date) -> str:
    """The date with its weekday."""
    return words.day_long(day)


@register.filter
def moment(at: dt.datetime) -> str:
    """Month, day and time in the business zone."""
    local = at.astimezone(ZONE)
    return f"{date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"


@register.filter
def said(day: dt.date) -> str:
    """Today, tomorrow, the weekday, or the date."""
    return words.day_said(day, today())


@register.filter
def minus(number: int) -> int:
    return -number


@register.filter
def times(pieces: int, fen: int) -> int:
    """Fen for so many pieces."""
    return pieces * fen


@register.filter
def earned_with(person: Person, order: WorkOrder) -> int:
    """Fen of this month if she is paid for the pieces proposed to her, too."""
    return person.earned_fen + person.pieces * order.piece_rate_fen


@register.filter
def field_name(person: Person) -> str:
    """The name of her number in the form of the proposal."""
    return name_of(person)


@register.filter
def less(whole: int, part: int) -> int:
    return whole - part


@register.filter
def pay(typed: object, fen: int) -> int:
    """Fen for the pieces that stand in a field, 0 while it holds no number."""
    return int(str(typed)) * fen if str(typed).isdecimal() else 0


@register.filter
def day_before(day: dt.date) -> dt.date:
    """The last day of a half-open period."""
    return day - dt.timedelta(days=1)


@register.filter
def fen_places(fen: int) -> str:
    """12345678 as 123,456.78: always two places, so that columns stand in line."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02}"
