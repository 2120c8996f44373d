"""The frame of the shopkeeper's desk: its menu beside every page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders import policy
from qiaoshou.common.templatetags.look import place

Entry = dict[str, str]


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the desk with the ways that this person may go."""
    frame = {"rail": _menu(request), "rail_name": _("Shop desk"), "active": "orders"}
    return render(request, template, {**frame, **context}, status=status)


def _menu(request: HttpRequest) -> list[Entry]:
    orders = _entry("orders", "box", _("Orders"), reverse("dashboard:index"))
    office = _entry("office", "list", _("Office"), place("office"))
    if not policy.keeps_shop(request.user):
        return [orders, office]
    return [
        orders,
        _entry("rates", "yuan", _("Piece rates"), reverse("catalog_rates")),
        _entry("offers", "star", _("Offers"), reverse("dashboard:offer-list")),
        _entry("vouchers", "doc", _("Vouchers"), reverse("dashboard:voucher-list")),
        office,
    ]


def _entry(key: str, icon: str, label: str, url: str) -> Entry:
    return {"key": key, "icon": icon, "label": label, "url": url}
