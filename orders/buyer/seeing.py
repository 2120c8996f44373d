"""Finds the order that a person asks for, if it is hers; else it does not exist."""

from django.http import Http404, HttpRequest

from orders.buyer import keys
from orders.models import Sale


def sale_or_404(request: HttpRequest, reference: str) -> Sale:
    """Her order; one that is not hers does not exist for her."""
    sale = (
        Sale.objects.select_related("order__contact__pickup_point")
        .filter(reference=reference)
        .first()
    )
    if sale is None or not keys.may_see(request, sale):
        raise Http404
    return sale
