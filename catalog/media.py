"""Pictures of products: web sizes made when one comes in; Oscar's thumbnails.

Wagtail's pictures belong to the pages above this app, so a product's pictures are
Oscar's ProductImage rows; both go through Willow to WebP. A page never touches the file
store: the names of the sizes stand in ProductPicture.
"""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from oscar.core.loading import get_model
from willow.image import Image

from catalog.models import ProductPicture
from qiaoshou.common import pictures

SQUARE = 900
SMALL = 450


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """What Oscar's templates read of a thumbnail."""

    url: str
    width: int
    height: int


class Thumbnailer:
    """Oscar's thumbnailer over our sizes (`OSCAR_THUMBNAILER`)."""

    def generate_thumbnail(self, source: object, **options: object) -> Thumbnail:
        """A WebP no larger than `size` ("200x200", "x155"), made on first use."""
        name = str(getattr(source, "name", source))
        width, _cross, height = str(options["size"]).partition("x")
        limit = max(int(width or 0), int(height or 0), 1)
        stored = f"thumbnails/{_digest(name.encode())}-{limit}.webp"
        if not default_storage.exists(stored):
            with default_storage.open(name) as file:
                small = pictures.fit(pictures.read(file.read()), limit)
            default_storage.save(stored, ContentFile(pictures.webp(small)))
        return Thumbnail(default_storage.url(stored), limit, limit)

    def delete_thumbnails(self, source: object) -> None:
        """The thumbnails of this source are gone; the next request makes new ones."""
        name = str(getattr(source, "name", source))
        for size in (70, 100, 155, 200, 400, 440):
            default_storage.delete(f"thumbnails/{_digest(name.encode())}-{size}.webp")


@transaction.atomic
def add_picture(
    *,
    product: object,
    file: BinaryIO,
    name: str,
    alt_zh: str,
    alt_en: str,
    reference: str,
    illustration: bool = False,
    credit: str = "",
) -> ProductPicture:
    """The product shows one more picture, after those that it has.

    Repeated with the same reference it adds nothing. Raises
    pictures.NotAPicture and pictures.PictureTooLarge.
    """
    image_rows = get_model("catalogue", "ProductImage").objects
    known = ProductPicture.objects.filter(image__code=reference).first()
    if known is not None:
        return known
    data = file.read(pictures.MOST_BYTES + 1)
    pictures.read(data)  # refused before anything is stored
    image = image_rows.create(
        product=product,
        code=reference,
        original=ContentFile(data, name=name),
        caption=alt_zh[:200],
        display_order=image_rows.filter(product=product).count(),
    )
    width, height, square, small = _make_sizes(data, image.original.name)
    return ProductPicture.objects.create(
        image=image,
        alt_zh=alt_zh,
        alt_en=alt_en,
        illustration=illustration,
        credit=credit,
        width=width,
        height=height,
        square=square,
        small=small,
    )


def adopt_pictures() -> int:
    """Pictures from the dashboard have their sizes too; returns how many were added.

    Their caption is the description in both languages until somebody writes better.
    """
    bare = get_model("catalogue", "ProductImage").objects.filter(picture=None)
    adopted = 0
    for image in bare.select_related("product").order_by("pk"):
        with image.original.open() as file:
            data = file.read(pictures.MOST_BYTES + 1)
        width, height, square, small = _make_sizes(data, image.original.name)
        alt = image.caption or image.product.get_title()
        ProductPicture.objects.create(
            image=image,
            alt_zh=alt,
            alt_en=alt,
            width=width,
            height=height,
            square=square,
            small=small,
        )
        adopted += 1
    return adopted


def _make_sizes(data: bytes, original: str) -> tuple[int, int, str, str]:
    """Width and height of the original, and the names of its two web sizes.

    An original that is a WebP of the larger size already is used as it is.
    """
    image = pictures.read(data)
    width, height = image.get_size()
    stem = f"products/{_digest(data)}"
    square = image
    if original.endswith(".webp") and (width, height) == (SQUARE, SQUARE):
        square_name = original
    else:
        square = _fill(image, SQUARE)
        square_name = _store(f"{stem}-{SQUARE}.webp", square)
    small_name = _store(f"{stem}-{SMALL}.webp", _fill(square, SMALL))
    return width, height, square_name, small_name


def _fill(image: Image, side: int) -> Image:
    """The middle square of the picture, `side` pixels or less."""
    width, height = image.get_size()
    edge = min(width, height)
    left, top = (width - edge) // 2, (height - edge) // 2
    cut = image.crop((left, top, left + edge, top + edge))
    return cut.resize((side, side)) if edge > side else cut


def _store(name: str, image: Image) -> str:
    """The size is in the file store under its name; the same picture only once."""
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(pictures.webp(image)))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
