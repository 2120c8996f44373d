"""Puts the reports into the office's menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from producers.income import policy
from qiaoshou.common.templatetags.look import PLACES


class ReportsMenuItem(MenuItem):
    """Shown to officers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.reads_incomes(request.user)


@hooks.register("register_admin_menu_item")
def reports_menu_item() -> MenuItem:
    return ReportsMenuItem(
        _("Income gains"),
        PLACES["reports"],
        name="gains",
        icon_name="table",
        order=220,
    )
