"""/shop/dashboard/parcels/<ref>/back/: what came back of a parcel, good or spoilt."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from orders import policy
from orders.domain.coming_back import NotWhole
from orders.models import GoodsBack, Shipment, ShipmentLine
from orders.services import taking_back
from orders.services.taking_back import Found
from orders.shopkeeper import frame
from orders.workshop.forms import Count
from orders.workshop.packing import contents
from qiaoshou.common.form_fields import Once


class BackForm(forms.Form):
    """Of each lot of the parcel so many good and so many spoilt pieces, and why."""

    reason = forms.CharField(label=gettext_lazy("Why it came back"), max_length=200)
    client_reference = Once()
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, row: Shipment, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.lines = list(row.lines.select_related("lot").order_by("pk"))
        self.goods = contents(row)
        for line in self.lines:
            for name, label in (
                (f"good-{line.pk}", gettext_lazy("Good, stock again")),
                (f"spoilt-{line.pk}", gettext_lazy("Spoilt or lost, written off")),
            ):
                self.fields[name] = Count(label=label, required=False)

    def rows(self) -> list[tuple[Any, int, Any, Any, Found]]:
        """Each lot: what it is, the pieces still away, its fields, what was said."""
        return [
            (
                one,
                line.pieces - line.came_back,
                self[f"good-{line.pk}"],
                self[f"spoilt-{line.pk}"],
                self._found(line),
            )
            for one, line in zip(self.goods, self.lines, strict=True)
        ]

    def _found(self, line: ShipmentLine) -> Found:
        said = getattr(self, "cleaned_data", {})
        return Found(
            said.get(f"good-{line.pk}") or 0, said.get(f"spoilt-{line.pk}") or 0
        )

    def clean(self) -> dict[str, Any]:
        """Some pieces, and no more of a lot than are away."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for line in self.lines:
            left = line.pieces - line.came_back
            if self._found(line).pieces > left:
                words = _("Only %(left)s of them are away") % {"left": left}
                self.add_error(f"good-{line.pk}", words)
        if not self.errors and not any(self._found(line).pieces for line in self.lines):
            self.add_error(None, _("Say of one lot at least how many came back"))
        return said

    def found(self) -> dict[int, Found]:
        return {
            line.pk: self._found(line)
            for line in self.lines
            if self._found(line).pieces
        }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def came_back(request: HttpRequest, reference: str) -> HttpResponse:
    """What was found is said, read once more and recorded."""
    policy.check(policy.keeps_shop(request.user))
    row = get_object_or_404(
        Shipment.objects.select_related(
            "order__contact", "from_place__base", "from_place__pickup_point"
        ),
        reference=reference,
    )
    if request.method != "POST":
        return _page(request, row, BackForm(row))
    form = BackForm(row, request.POST)
    if not form.is_valid():
        if _recorded(form):
            return _done(request, row)
        return _page(request, row, form, status=400)
    if not form.cleaned_data["sure"]:
        return _page(request, row, form, asks=True)
    try:
        taking_back.take_back(
            shipment=row,
            found=form.found(),
            reason=form.cleaned_data["reason"],
            client_reference=form.cleaned_data["client_reference"],
            by=request.user,
        )
    except NotWhole:
        words = _("It has not reached the buyer: write down all of it, lost ones too")
        form.add_error(None, words)
        return _page(request, row, form, status=400)
    except (taking_back.NeverLeft, taking_back.MoreThanLeft):
        messages.error(request, _("Somebody has recorded this already. Look again."))
        return redirect("dashboard:order-detail", number=row.order.number)
    return _done(request, row)


def _recorded(form: BackForm) -> bool:
    """Whether this form was sent before: what it names is no longer away."""
    once = form.cleaned_data.get("client_reference")
    return once is not None and GoodsBack.objects.filter(client_reference=once).exists()


def _done(request: HttpRequest, row: Shipment) -> HttpResponse:
    messages.success(request, _("Recorded. The money goes back by a refund, below."))
    return redirect("dashboard:order-detail", number=row.order.number)


def _page(
    request: HttpRequest,
    row: Shipment,
    form: BackForm,
    *,
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form, or what it says with the question whether that is right."""
    rows = form.rows()
    return frame.page(
        request,
        "orders/came_back.html",
        {
            "row": row,
            "form": form,
            "rows": rows,
            "asks": asks,
            "away": row.state in taking_back.AWAY
            and any(left for _one, left, *_rest in rows),
            "good": sum(found.good for *_rest, found in rows),
            "spoilt": sum(found.spoilt for *_rest, found in rows),
        },
        status=status,
    )
