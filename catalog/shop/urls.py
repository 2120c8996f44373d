"""Addresses of the public shop, in both languages."""

from django.urls import path

from catalog.shop.browse import browse
from catalog.shop.maker import maker, tag
from catalog.shop.makers import makers
from catalog.shop.places import base, craft, place
from catalog.shop.product import product

app_name = "shop"

urlpatterns = [
    path("shop/", browse, name="index"),
    path("p/<slug:slug>/", product, name="product"),
    path("makers/", makers, name="makers"),
    path("makers/<slug:reference>/", maker, name="maker"),
    path("bases/<slug:reference>/", base, name="base"),
    path("crafts/<slug:slug>/", craft, name="craft"),
    path("places/<slug:slug>/", place, name="place"),
    path("t/<str:serial>/", tag, name="tag"),
]
