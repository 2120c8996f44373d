"""Turns the project's own art into pictures of the office, once each."""

from pathlib import Path

from django.conf import settings
from django.core.files.images import ImageFile
from wagtail.utils.file import hash_filelike

from qiaoshou.cms.models import Picture

CREDIT = "The Qiaoshou authors, CC BY 4.0"
# Name of the file: what it shows, in Chinese and in English.
ART = {
    "bag": (
        "玉米皮编的手提篮，篮身缀一朵绣花",
        "Woven corn-husk handbag with a flower",
    ),
    "coaster": ("四枚草编圆杯垫", "Four round straw coasters"),
    "embroidery": (
        "靛蓝底绣两朵莲花的枕顶",
        "Indigo pillow-end with two lotus flowers",
    ),
    "framed": ("木框里的红色团花剪纸", "Red round paper-cut in a wooden frame"),
    "knot": ("红绳盘长结，缀绿珠和流苏", "Red endless knot with a bead and a tassel"),
    "making": ("裁好的布片、剪刀和红线", "Cut cloth pieces, scissors and red thread"),
    "p-guan": ("关玉芝的剪纸肖像", "Paper-cut portrait of Guan Yuzhi"),
    "p-li": ("李凤云的剪纸肖像", "Paper-cut portrait of Li Fengyun"),
    "p-na": ("那玉梅的剪纸肖像", "Paper-cut portrait of Na Yumei"),
    "p-tong": ("佟雅琴的剪纸肖像", "Paper-cut portrait of Tong Yaqin"),
    "p-wang": ("王桂兰的剪纸肖像", "Paper-cut portrait of Wang Guilan"),
    "p-zhao": ("赵凤芹的剪纸肖像", "Paper-cut portrait of Zhao Fengqin"),
    "papercut": ("四张红色团花剪纸", "Four red round paper-cuts"),
    "patchwork": ("三角布片拼成的彩色靠垫", "Cushion pieced from coloured triangles"),
    "sachet": (
        "圆形绣花香囊，下坠红流苏",
        "Round embroidered sachet with a red tassel",
    ),
    "tiger": (
        "黄布缝制的布老虎，额头绣王字",
        "Yellow cloth tiger with “wang” on its brow",
    ),
    "tiger-detail": ("布老虎脸部细节", "Detail of the cloth tiger's face"),
    "tiger-pair": ("一大一小两只布老虎", "A large and a small cloth tiger"),
    "village": (
        "剪纸风格的东北村庄：山、瓦房、高粱地",
        "Paper-cut village with sorghum",
    ),
}


def picture(name: str) -> Picture:
    """The picture of one drawing in `static/art`; made where it is not there yet.

    Known by the hash of its file, so that a second call finds the first one's picture.
    Raises KeyError for a drawing that is not in `ART`.
    """
    alt_zh, alt_en = ART[name]
    path = Path(settings.ROOT) / "site" / "static" / "art" / f"{name}.webp"
    with path.open("rb") as file:
        digest = hash_filelike(file)
        known = Picture.objects.filter(file_hash=digest).order_by("pk").first()
        if known:
            return known
        file.seek(0)
        made = Picture(
            title=alt_zh,
            alt_zh=alt_zh,
            alt_en=alt_en,
            credit=CREDIT,
            illustration=True,
            file=ImageFile(file, name=path.name),
        )
        made._set_image_file_metadata()
        made.save()
    return made


def picture_id(name: str) -> int:
    return picture(name).pk
