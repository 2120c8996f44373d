"""Pictures of the demo's pieces: variations of the project's art, no photographs.

The art is CC BY 4.0 (site/static/art/LICENSE); so are these variations of it.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from PIL import Image

SIDE = 900
QUALITY = 80
HUES = 256
CREDIT = "The Qiaoshou authors, CC BY 4.0"


@lru_cache(maxsize=16)
def art(name: str) -> Image.Image:
    """One drawing of the project, as 900 × 900 pixels."""
    with Image.open(settings.ROOT / "site/static/art" / f"{name}.webp") as drawing:
        return drawing.convert("RGB").resize((SIDE, SIDE))


def variation(
    name: str, *, hue: int = 0, flip: bool = False, crop: Sequence[int] | None = None
) -> bytes:
    """A drawing turned by `hue` degrees, mirrored, or cut to a part, as square WebP."""
    picture = art(name)
    if crop is not None:
        left, top, right, bottom = crop
        edge = min(right - left, bottom - top)
        picture = picture.crop((left, top, left + edge, top + edge))
        picture = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    if flip:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if hue:
        picture = _turned(picture, hue)
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def _turned(picture: Image.Image, degrees: int) -> Image.Image:
    """Every colour moved along the colour circle; greys stay grey."""
    hue, saturation, value = picture.convert("HSV").split()
    step = round(degrees * HUES / 360)
    moved = hue.point([(level + step) % HUES for level in range(HUES)])
    return Image.merge("HSV", (moved, saturation, value)).convert("RGB")
