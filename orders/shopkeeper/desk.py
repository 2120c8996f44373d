"""/shop/dashboard/: the shopkeeper's desk, what needs her and every order."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders import policy
from orders.models import PaymentAlarm, Refund, Sale, Shipment
from orders.services import alarming
from orders.shopkeeper import frame
from orders.shopkeeper.forms import WordForm
from orders.tables.contact import PHONE
from qiaoshou.common import crypto
from qiaoshou.common.asking import ask, asked_of

PAGE = 30
ABOUT = "orders"
BY_HAND = Q(payment__method__in=["counter", "transfer"])


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Alarms, refunds to give, pieces to fetch, and the orders, newest first."""
    policy.check(policy.takes_money(request.user))
    asked = asked_of(request, ABOUT)
    state = request.GET.get("state", "")
    page = Paginator(_orders(asked, state), PAGE).get_page(request.GET.get("page"))
    return frame.page(
        request,
        "orders/desk.html",
        {
            "alarms": PaymentAlarm.objects.filter(settled_at=None)
            .select_related("payment__order")
            .order_by("raised_at"),
            "to_pay_back": Refund.objects.filter(BY_HAND, state=Refund.State.ASKED)
            .select_related("payment__order")
            .order_by("asked_at"),
            "to_fetch": Shipment.objects.filter(state=Shipment.State.WITHDRAWN)
            .select_related("order", "pickup_point")
            .order_by("pk"),
            "page": page,
            "asked": asked,
            "state": state,
            "states": Sale.State.choices,
            "form": WordForm(),
            "may_keep": policy.keeps_shop(request.user),
        },
    )


@login_required
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """The desk shows what was asked for; a number never stands in its address."""
    policy.check(policy.takes_money(request.user))
    ask(request, ABOUT)
    state = request.POST.get("state", "")
    kept = f"?state={state}" if state in Sale.State.values else ""
    return redirect(reverse("shopkeeper:index") + kept)


def _orders(asked: str, state: str) -> QuerySet[Sale]:
    """Orders in this state, by number, name or whole telephone number."""
    sales = Sale.objects.select_related("order__contact").order_by("-placed_at", "-pk")
    if state in Sale.State.values:
        sales = sales.filter(state=state)
    if asked:
        digits = "+86" + asked if asked.isdigit() and len(asked) == 11 else asked
        sales = sales.filter(
            Q(reference__istartswith=asked)
            | Q(order__contact__name__icontains=asked)
            | Q(
                order__contact__phone_index=crypto.blind_index(digits, column=PHONE)
                or "-"
            )
        )
    return sales


@login_required
@require_POST
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody has looked at an alarm and says what was done."""
    policy.check(policy.takes_money(request.user))
    alarm = get_object_or_404(PaymentAlarm, reference=reference)
    form = WordForm(request.POST)
    if form.is_valid():
        alarming.settle_alarm(
            alarm=alarm, note=form.cleaned_data["note"], by=request.user
        )
        messages.success(request, _("Noted."))
    else:
        messages.error(request, _("Say what was done, so that others know."))
    return redirect("shopkeeper:index")
