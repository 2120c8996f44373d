"""/home/ sends each person to her own front page; the order of the rows is the rule."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from producers.income.policy import reads_incomes
from producers.selectors import bases_led_by, maker_of
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import roles_of
from qiaoshou.common.templatetags.look import place


@dataclass(frozen=True, slots=True)
class FrontPage:
    """One front page: its name among the places, what it is called, whose it is."""

    place: str
    label: str | Promise
    icon: str
    is_hers: Callable[[User], bool]


def _works_in_office(user: User) -> bool:
    return user.is_superuser or bool(roles_of(user) - {Grant.Role.SHOPKEEPER})


def _keeps_shop(user: User) -> bool:
    return Grant.Role.SHOPKEEPER in roles_of(user)


def _leads(user: User) -> bool:
    return bases_led_by(user).exists()


def _makes(user: User) -> bool:
    return maker_of(user) is not None


def _anybody(user: User) -> bool:
    return True


FRONT_PAGES = (
    FrontPage("office", _("Office"), "list", _works_in_office),
    FrontPage("dashboard", _("Shop desk"), "bag", _keeps_shop),
    FrontPage("workshop", _("Workshop"), "home", _leads),
    FrontPage("my_work", _("My work"), "scissors", _makes),
    FrontPage("account", _("My orders"), "box", _anybody),
)
# Reports are nobody's first page, but an officer's second.
REPORTS = FrontPage("reports", _("Reports"), "chart", reads_incomes)


def pages_of(user: User) -> list[FrontPage]:
    """Every front page that is hers, the one that /home/ chooses first.

    Three queries whatever her roles: her grants, a base that she leads, her as a maker;
    none when the same user object is asked again.
    """
    kept: list[FrontPage] | None = getattr(user, "_front_pages", None)
    if kept is None:
        rows = (FRONT_PAGES[0], REPORTS, *FRONT_PAGES[1:])
        kept = [page for page in rows if page.is_hers(user)]
        user._front_pages = kept
    return kept


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    own = next(page for page in FRONT_PAGES if page.is_hers(request.user))
    return redirect(place(own.place))
