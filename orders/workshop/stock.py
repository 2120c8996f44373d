"""/workshop/stock/: what stands at the base, counted once in a while; its tags."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from catalog import stock as stock_service
from catalog.models import Lot, StockPlace
from catalog.selectors import terms_of
from catalog.shop.maker import tag_of
from orders.workshop import frame, shelf
from orders.workshop.stock_form import CountForm
from producers.selectors import village_of, with_public_story
from qiaoshou.common.today import today


@frame.for_leaders
@require_http_methods(["GET", "HEAD", "POST"])
def stock(request: HttpRequest) -> HttpResponse:
    """What was counted is what is there; only numbers that were changed are counted."""
    base = frame.base_of(request)
    shelves = shelf.shelves(base)
    form = CountForm(shelves, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changed = _count(request, base, form)
        if changed is not None:
            text = ngettext(
                "%(count)s number changed.", "%(count)s numbers changed.", changed
            ) % {"count": changed}
            messages.success(request, text)
            return redirect("workshop:stock")
    return frame.page(
        request,
        "workshop/stock.html",
        "stock",
        {"form": form, "shelves": shelves, "batches": shelf.batches(base)},
        status=400 if form.errors else 200,
    )


def _count(request: HttpRequest, base: Any, form: CountForm) -> int | None:
    """How many numbers were changed; None where one can't be: nothing is changed."""
    place = StockPlace.objects.get(base=base)
    counted = form.counted()
    try:
        with transaction.atomic():
            for one in counted:
                current = one
                stock_service.count(
                    product=one.product,
                    place=place,
                    found=form.cleaned_data[form.name_of(one)],
                    seen=form.seen(one),
                    source=stock_service.Source(
                        "stocktake", str(form.cleaned_data["client_reference"])
                    ),
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                )
    except stock_service.CountOvertaken as refusal:
        form.look_again(current, refusal.at_hand)
        form.add_error(
            form.name_of(current),
            _("Pieces came or left while you counted: %(at_hand)s are on record now.")
            % {"at_hand": refusal.at_hand},
        )
        return None
    except stock_service.CountBelowReserved as refusal:
        form.add_error(
            form.name_of(current),
            _("%(promised)s are promised to orders; find them first.")
            % {"promised": refusal.reserved},
        )
        return None
    return len(counted)


@frame.for_leaders
@require_safe
def tags(request: HttpRequest, serial: str) -> HttpResponse:
    """The tags of one lot, front and back, 54 × 90 mm, as many as there are pieces."""
    lot = get_object_or_404(
        Lot.objects.filter(place__base__in=request.bases).select_related(
            "maker__merged_into", "product"
        ),
        serial=serial,
    )
    public = with_public_story().filter(
        pk=(lot.maker.merged_into_id or lot.maker_id) if lot.maker else 0
    )
    who = public.first()
    terms = terms_of([lot.product_id], today()).get(lot.product_id)
    shown = terms if terms is not None and terms.public_share else None
    return render(
        request,
        "workshop/tags.html",
        {
            "lot": lot,
            "zh": tag_of(lot.serial, "zh-hans"),
            "en": tag_of(lot.serial, "en"),
            "who": who,
            "village": village_of(who) if who else None,
            "terms": shown,
            "address": request.build_absolute_uri(f"/t/{lot.serial}/"),
            "copies": range(min(lot.remaining, MOST_TAGS)),
        },
    )


MOST_TAGS = 60
