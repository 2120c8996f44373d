"""Registers the screens of pay and of the journal with Wagtail, and their menu."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from producers.ledger import policy
from producers.ledger.office import journal, papers, payout, payouts


class MayItem(MenuItem):
    """Shown to those who may do what it leads to."""

    def __init__(self, action: str, *words: object, **rest: object) -> None:
        self.action = action
        super().__init__(*words, **rest)

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.may(request.user, self.action)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    results = {"results_only": True}
    return [
        path("payouts/", payouts.PayoutList.as_view(), name="ledger_payouts"),
        path(
            "payouts/results/",
            payouts.PayoutList.as_view(**results),
            name="ledger_payouts_results",
        ),
        path("payouts/prepare/", payouts.prepare, name="ledger_prepare"),
        path("payouts/<str:reference>/", payout.one, name="ledger_payout"),
        path(
            "payouts/<str:reference>/bank-file/",
            papers.bank_file,
            name="ledger_bank_file",
        ),
        path("payouts/<str:reference>/sheet/", papers.sheet, name="ledger_sheet"),
        path("journal/", journal.EntryList.as_view(), name="ledger_journal"),
        path(
            "journal/results/",
            journal.EntryList.as_view(**results),
            name="ledger_journal_results",
        ),
        path("journal/<int:pk>/", journal.entry, name="ledger_entry"),
        path("journal/balances/", journal.balances, name="ledger_balances"),
        path("journal/balances/<slug:kind>/", journal.owners, name="ledger_owners"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    items = (
        ("see_payouts", _("Payouts"), "ledger_payouts", "form"),
        ("prepare", _("Prepare payouts"), "ledger_prepare", "plus"),
        ("see_journal", _("Journal"), "ledger_journal", "list-ul"),
        ("see_journal", _("Balances"), "ledger_balances", "list-ol"),
    )
    return SubmenuMenuItem(
        _("Pay and journal"),
        Menu(
            items=[
                MayItem(
                    action,
                    label,
                    reverse(name),
                    name=name,
                    icon_name=icon,
                    order=place,
                )
                for place, (action, label, name, icon) in enumerate(items)
            ]
        ),
        name="ledger",
        icon_name="form",
        order=310,
    )


@hooks.register("insert_global_admin_css")
def office_style() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("css/office-ledger.css")
    )
