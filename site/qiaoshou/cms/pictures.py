"""Fetches what the pictures of one page need in a fixed number of queries."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db.models import Model, Prefetch, prefetch_related_objects
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.models import AbstractImage

SQUARE = "fill-900x900|format-webp|webpquality-80"
LANDSCAPE = "fill-900x600|format-webp|webpquality-80"
WIDE = "fill-1600x900|format-webp|webpquality-78"
PORTRAIT = "fill-600x600|format-webp|webpquality-80"
SPECS = (SQUARE, LANDSCAPE, WIDE, PORTRAIT)


def within(value: object) -> Iterator[AbstractImage]:
    """Every picture inside a stream of blocks, however deep."""
    if isinstance(value, AbstractImage):
        yield value
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from within(child)
    elif isinstance(value, StreamValue | ListValue):
        for child in value:
            yield from within(getattr(child, "value", child))


def prepare_renditions(pictures: Iterable[AbstractImage], *specs: str) -> None:
    """The renditions of these pictures are at hand: one query for all of them."""
    rendition = apps.get_model("cms", "PictureRendition")
    prefetch_related_objects(
        list(pictures),
        Prefetch(
            "renditions",
            queryset=rendition.objects.filter(filter_spec__in=specs or SPECS),
            to_attr="prefetched_renditions",
        ),
    )


def prepare(page: Model, body: StreamValue) -> None:
    """The pictures of a page, its own and those of its body, have their renditions."""
    own = getattr(page, "picture", None)
    prepare_renditions([*([own] if own else []), *within(body)])
