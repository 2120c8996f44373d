"""What the office screens of pay share: who may enter, crumbs, lists."""

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column

from producers.ledger import policy
from producers.ledger.templatetags.ledger import exact
from producers.office.frame import IndexView, RegistryPolicy
from qiaoshou.accounts.models import User

Crumb = dict[str, Any]


class BooksPolicy(RegistryPolicy):
    """Wagtail asks here whether somebody may look; deeds are asked by the views."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and policy.may(user, "see_payouts")

    def instances_user_has_any_permission_for(
        self, user: User, actions: Any
    ) -> QuerySet:
        rows = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, actions) else rows.none()

    def user_has_permission_for_instance(
        self, user: User, action: str, instance: Model
    ) -> bool:
        return self.user_has_permission(user, action)


class BooksIndex(IndexView):
    """A list of the books with its sums above it; everybody who enters sees all."""

    paginate_by = 50
    _show_breadcrumbs = True

    def get_base_queryset(self) -> QuerySet:
        return self.prepared(self.model._default_manager.all())

    def get_breadcrumbs_items(self) -> list[Crumb]:
        return crumbs({"url": "", "label": self.get_page_title()})

    def sums(self, rows: QuerySet) -> list[tuple[str, str]]:
        """Labels with sums of all rows that the filters leave."""
        return []

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        rows = self.get_queryset() if context["object_list"] else None
        return {**context, "sums": self.sums(rows) if rows is not None else []}


class Yuan(Column):
    """A column of sums: right-aligned, to the fen."""

    cell_template_name = "producers/ledger/yuan_cell.html"

    def get_value(self, instance: Model) -> str:
        return exact(super().get_value(instance))


def crumbs(*further: Crumb) -> list[Crumb]:
    return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *further]


def payout_crumbs(*further: Crumb) -> list[Crumb]:
    return crumbs({"url": reverse("ledger_payouts"), "label": _("Payouts")}, *further)


def journal_crumbs(*further: Crumb) -> list[Crumb]:
    return crumbs({"url": reverse("ledger_journal"), "label": _("Journal")}, *further)


def check(user: User, action: str, row: object = None) -> None:
    """Raises PermissionDenied unless she may."""
    if not policy.may(user, action, row):
        raise PermissionDenied


def only(action: str) -> Any:
    """The view is for those who may do this."""

    def guard(view: Any) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check(request.user, action)
            return view(request, *args, **kwargs)

        return guarded

    return guard
