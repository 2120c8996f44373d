"""A maker's photo tells nothing but her face, and goes when she wants it gone."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.web.test_office_registry import (  # noqa: F401
    address,
    changes,
    county,
    errors,
    hers,
    people,
)

pytestmark = pytest.mark.django_db
WHERE_TAKEN = 0x8825
SAID = {"photo_alt_zh": "她在剪纸", "photo_alt_en": "She cuts paper"}


@pytest.fixture
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "makers"


def taken_at_home(size=(40, 20)):
    """A photo of a telephone: its file says where it was taken."""
    file, picture = BytesIO(), Image.new("RGB", size, "red")
    notes = picture.getexif()
    notes.get_ifd(WHERE_TAKEN)[2] = (42.0, 17.0, 30.0)
    picture.save(file, "JPEG", exif=notes)
    return SimpleUploadedFile("王桂兰13800005678.jpg", file.getvalue(), "image/jpeg")


def send(hers, woman, **said):  # noqa: F811
    return hers.post(
        address("makers", "edit", woman.pk), {**changes(woman, **SAID), **said}
    )


def test_it_names_neither_her_home_nor_her_number(
    store,
    hers,  # noqa: F811
    people,  # noqa: F811
):
    woman = people[0]
    assert send(hers, woman, photo=taken_at_home()).status_code == 302

    woman.refresh_from_db()
    with Image.open(woman.photo) as kept:
        assert (kept.format, kept.size) == ("WEBP", (40, 20))
        assert not dict(kept.getexif())
        assert not kept.getexif().get_ifd(WHERE_TAKEN)
    assert "13800005678" not in woman.photo.name


def test_one_that_is_too_large_is_refused_by_name(store, hers, people):  # noqa: F811
    answer = send(hers, people[0], photo=taken_at_home((9_000, 9_000)))

    words = "王桂兰13800005678.jpg is too large. Take it again smaller."
    assert errors(answer) == {"photo": [words]}
    people[0].refresh_from_db()
    assert not people[0].photo


def test_a_photo_that_is_replaced_or_taken_off_is_gone(
    store,
    hers,  # noqa: F811
    people,  # noqa: F811
    django_capture_on_commit_callbacks,
):
    woman = people[0]
    with django_capture_on_commit_callbacks(execute=True):
        send(hers, woman, photo=taken_at_home())
    woman.refresh_from_db()
    first = woman.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        send(hers, woman, photo=taken_at_home())
    woman.refresh_from_db()
    assert woman.photo.name != first
    assert [one.name for one in store.iterdir()] == [woman.photo.name.split("/")[1]]

    with django_capture_on_commit_callbacks(execute=True):
        send(hers, woman, **{"photo-clear": "on"})

    woman.refresh_from_db()
    assert (woman.photo.name, woman.photo_alt_zh) == ("", "")
    assert list(store.iterdir()) == []
