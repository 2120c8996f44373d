"""Registers the office screens of household incomes with Wagtail."""

from django.http import HttpRequest
from django.urls import URLPattern, path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from producers.income import policy
from producers.income.office import household, index

REF = "(?P<reference>[0-9A-HJKMNP-TV-Z]{10})"
MONTH = "(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2]))"


class IncomesMenuItem(MenuItem):
    """Shown to officers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.reads_incomes(request.user)


@hooks.register("register_admin_urls")
def income_addresses() -> list[URLPattern]:
    return [
        path("income/", index.index, name="income_index"),
        re_path(rf"^income/{REF}/$", household.household, name="income_household"),
        re_path(
            rf"^income/{REF}/baseline/$", household.baseline, name="income_baseline"
        ),
        re_path(
            rf"^income/{REF}/follow-up/$", household.follow_up, name="income_follow_up"
        ),
        re_path(
            rf"^income/{REF}/follow-up/{MONTH}/$",
            household.change_follow_up,
            name="income_follow_up_change",
        ),
    ]


@hooks.register("register_admin_menu_item")
def incomes_menu_item() -> MenuItem:
    return IncomesMenuItem(
        _("Household incomes"),
        reverse("income_index"),
        name="incomes",
        icon_name=index.ICON,
        order=210,
    )
