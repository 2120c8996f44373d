"""What the office's pages show of the shop, asked of catalog's selectors."""

from collections.abc import Iterable, Sequence
from importlib import import_module

from django.utils.translation import get_language

ROW = 4


def _selectors():
    return import_module("catalog.shop.selectors")


def newest() -> list:
    return _selectors().cards(get_language(), ready=True, limit=ROW)


def made_to_order() -> list:
    return _selectors().cards(get_language(), ready=False, limit=ROW)


def chosen(products: Sequence) -> list:
    return _selectors().cards(get_language(), products=[p.pk for p in products])


def shared(product: object | None) -> dict | None:
    return None


def tiles(tiles: Iterable) -> list[dict]:
    return []


def featured(maker: object | None) -> dict | None:
    return None
