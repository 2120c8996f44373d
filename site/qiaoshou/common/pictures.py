"""Pictures that come in: read with care, upright, and without a camera's notes."""

from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from PIL import Image as Pillow
from PIL import UnidentifiedImageError
from willow.image import Image

PHOTO = 1_600
QUALITY = 80
MOST_BYTES = 20 * 1024 * 1024


class NotAPicture(ValueError):
    """The file is no picture that can be read."""


class PictureTooLarge(ValueError):
    """The file has more bytes or pixels than is sensible."""


def read(data: bytes) -> Image:
    """The picture, upright. Raises before a picture bomb is unpacked."""
    if len(data) > MOST_BYTES:
        raise PictureTooLarge(len(data))
    try:
        with Pillow.open(BytesIO(data)) as header:
            pixels = header.width * header.height
        if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise PictureTooLarge(pixels)
        return Image.open(BytesIO(data)).auto_orient()
    except Pillow.DecompressionBombError as bomb:
        raise PictureTooLarge(str(bomb)) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise NotAPicture(str(error)) from error


def plain_webp(file: BinaryIO, side: int = PHOTO) -> bytes:
    """The picture upright as WebP, no side longer than `side`, without the notes of the
    camera (where it was taken). Raises NotAPicture and PictureTooLarge."""
    return webp(fit(read(file.read(MOST_BYTES + 1)), side))


def fit(image: Image, side: int) -> Image:
    """The whole picture, no side longer than `side` pixels."""
    width, height = image.get_size()
    longest = max(width, height)
    if longest <= side:
        return image
    return image.resize(
        (max(1, width * side // longest), max(1, height * side // longest))
    )


def webp(image: Image) -> bytes:
    """The picture as the bytes of a WebP file."""
    out = BytesIO()
    image.save_as_webp(out, quality=QUALITY)
    return out.getvalue()
