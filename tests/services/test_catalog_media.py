"""Pictures: web sizes made once, bombs refused, thumbnails over the same path."""

import importlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from oscar.core.loading import get_model
from oscar.core.thumbnails import get_thumbnailer
from PIL import Image

from catalog import media
from catalog.models import ProductPicture
from qiaoshou.common import pictures
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db
ProductImage = get_model("catalogue", "ProductImage")


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def tiger():
    return build.product(build.base(build.village()), build.craft()).listing.product


def drawn(width, height, kind="PNG", colour=(184, 40, 30)):
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def add(product, data, name="tiger.png", reference="tiger-1"):
    return media.add_picture(
        product=product,
        file=BytesIO(data),
        name=name,
        alt_zh="布老虎正面",
        alt_en="Front of the tiger",
        reference=reference,
    )


def stored(name):
    with default_storage.open(name) as file, Image.open(file) as picture:
        return picture.format, picture.size


def test_a_picture_has_two_square_webp_sizes(tiger):
    picture = add(tiger, drawn(1600, 1200))

    assert (picture.width, picture.height) == (1600, 1200)
    assert stored(picture.square) == ("WEBP", (900, 900))
    assert stored(picture.small) == ("WEBP", (450, 450))


def test_a_small_picture_is_never_blown_up(tiger):
    picture = add(tiger, drawn(300, 200))

    assert stored(picture.square) == ("WEBP", (200, 200))


def test_a_webp_of_the_right_size_is_used_as_it_is(tiger):
    picture = add(tiger, drawn(900, 900, "WEBP"), "tiger.webp")

    assert picture.square == picture.image.original.name


def test_the_same_picture_sent_twice_is_one(tiger):
    first = add(tiger, drawn(900, 900))
    again = add(tiger, drawn(900, 900))

    assert again == first
    assert ProductImage.objects.count() == 1


def test_pictures_keep_their_order(tiger):
    for number in range(3):
        add(tiger, drawn(900, 900), reference=f"tiger-{number}")

    orders = tiger.images.order_by("pk").values_list("display_order", flat=True)
    assert list(orders) == [0, 1, 2]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"not a picture", pictures.NotAPicture),
        (drawn(50, 50)[:60], pictures.NotAPicture),
        (drawn(8000, 6000), pictures.PictureTooLarge),
        (b"x" * (pictures.MOST_BYTES + 1), pictures.PictureTooLarge),
    ],
)
def test_what_is_no_picture_or_far_too_large_is_refused(tiger, data, refusal):
    with pytest.raises(refusal):
        add(tiger, data)

    assert ProductImage.objects.count() == 0


def test_half_a_picture_is_refused_where_pages_are_made_into_files_too(tiger):
    importlib.import_module("qiaoshou.common.paper")

    with pytest.raises(pictures.NotAPicture):
        add(tiger, drawn(50, 50)[:60])


def test_pictures_from_the_dashboard_are_made_ready_once(tiger, capsys):
    ProductImage.objects.create(
        product=tiger,
        original=ContentFile(drawn(1000, 1000), name="x.png"),
        caption="侧面",
    )

    call_command("make_pictures")
    call_command("make_pictures")

    assert capsys.readouterr().out.split("\n")[:2] == [
        "1 pictures made ready",
        "0 pictures made ready",
    ]
    assert ProductPicture.objects.get().alt_zh == "侧面"


def test_a_broken_picture_from_the_dashboard_stops_the_command_with_a_sentence(tiger):
    ProductImage.objects.create(
        product=tiger, original=ContentFile(b"broken", name="x.png")
    )

    with pytest.raises(CommandError, match="A picture can't be read"):
        call_command("make_pictures")


def test_oscars_thumbnails_are_webp_within_the_asked_size(tiger):
    picture = add(tiger, drawn(1600, 1200))
    thumbnailer = get_thumbnailer()

    thumbnail = thumbnailer.generate_thumbnail(picture.image.original, size="200x200")

    name = thumbnail.url.removeprefix("/media/")
    assert stored(name) == ("WEBP", (200, 150))
    assert isinstance(thumbnailer, media.Thumbnailer)
    thumbnailer.delete_thumbnails(picture.image.original)
    assert not default_storage.exists(name)
