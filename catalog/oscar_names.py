"""Oscar's names of shop pages; each address only leads to the page of ours.

Oscar reverses these in models and dashboard templates: `Product.get_absolute_url` is
`catalogue:detail`. So the names must resolve although its views are not mounted.
"""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path, re_path, reverse
from django.views.decorators.http import require_safe

from catalog.models import Listing

PRODUCT = r"(?P<product_slug>[\w-]*)_(?P<{}>\d+)"


@require_safe
def to_shop(request: HttpRequest, **parts: object) -> HttpResponse:
    """Categories, ranges, offers and searches are one list here; a query goes along."""
    asked = request.GET.get("q", "")
    query = f"?{urlencode({'q': asked})}" if asked else ""
    return HttpResponseRedirect(reverse("shop:index") + query)


@require_safe
def to_product(request: HttpRequest, **parts: str) -> HttpResponse:
    """The page of a product, or of the product whose choice it is."""
    pk = parts.get("product_pk") or parts["pk"]
    listing = get_object_or_404(
        Listing.objects.distinct(), Q(product=pk) | Q(product__children=pk)
    )
    return redirect("shop:product", slug=listing.slug)


reviews = [
    path("", to_product, name="reviews-list"),
    path("add/", to_product, name="reviews-add"),
    path("<int:pk>/", to_product, name="reviews-detail"),
    path("<int:pk>/vote/", to_product, name="reviews-vote"),
]
catalogue = [
    path("", to_shop, name="index"),
    re_path(f"^{PRODUCT.format('pk')}/$", to_product, name="detail"),
    re_path(
        r"^category/(?P<category_slug>[\w-]+(/[\w-]+)*)_(?P<pk>\d+)/$",
        to_shop,
        name="category",
    ),
    re_path(r"^ranges/(?P<slug>[\w-]+)/$", to_shop, name="range"),
    re_path(f"^{PRODUCT.format('product_pk')}/reviews/", include(reviews)),
]
search = [path("", to_shop, name="search")]
offers = [
    path("", to_shop, name="list"),
    re_path(r"^(?P<slug>[\w-]+)/$", to_shop, name="detail"),
]
wishlists = [
    path("", to_shop, name="wishlists-list"),
    path("<str:key>/", to_shop, name="detail"),
]

urlpatterns = [
    path("shop/catalogue/", include((catalogue, "catalogue"))),
    path("shop/search/", include((search, "search"))),
    path("shop/offers/", include((offers, "offer"))),
    path("shop/wishlists/", include((wishlists, "wishlists"))),
]
