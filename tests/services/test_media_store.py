"""Uploaded files in an S3-compatible store: signed, read back, listed, forgotten."""

import datetime as dt
import io
import subprocess
import sys

import pytest
import time_machine
from botocore.exceptions import ClientError
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.media import Thumbnailer
from orders.workshop import photos
from qiaoshou.settings.environment import Environment
from qiaoshou.settings.media_store import IN_A_FOLDER, media_store
from tests import s3_double

PUBLIC = "https://media.example.org/shop/"


@pytest.fixture(scope="module")
def endpoint():
    """The store, in a process of its own; its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.s3_double"],
        cwd=project.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


def told(endpoint, **other):
    """What the environment says of the store."""
    return {
        "S3_ENDPOINT": endpoint,
        "S3_BUCKET": s3_double.BUCKET,
        "S3_ACCESS_KEY": s3_double.ACCESS_KEY,
        "S3_SECRET_KEY": s3_double.SECRET_KEY,
    } | other


@pytest.fixture
def use(settings, endpoint):
    """Uploaded files go where these variables say."""

    def as_told(**other):
        store = media_store(Environment(told(endpoint, **other)), PUBLIC)
        settings.STORAGES = settings.STORAGES | {"default": store}

    return as_told


@pytest.fixture
def store(use):
    use()
    yield default_storage
    for folder in ("", "images/", "thumbnails/", f"{photos.WAITING}/"):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(folder + name)


def photo(name="tiger.jpg", size=(900, 600)):
    out = io.BytesIO()
    Image.new("RGB", size, "#b33").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def test_a_file_is_written_read_listed_and_forgotten(store):
    name = store.save("images/布老虎.txt", ContentFile("虎".encode()))

    assert name == "images/布老虎.txt"
    assert store.exists(name)
    assert store.size(name) == 3
    with store.open(name) as file:
        assert file.read() == "虎".encode()
    assert store.listdir("images/") == ([], ["布老虎.txt"])
    age = dt.datetime.now(dt.UTC) - store.get_modified_time(name)
    assert abs(age.total_seconds()) < 60
    store.delete(name)
    assert not store.exists(name)


def test_the_same_name_twice_is_two_files(store):
    first = store.save("images/a.txt", ContentFile(b"1"))
    second = store.save("images/a.txt", ContentFile(b"2"))

    assert first != second
    with store.open(first) as file:
        assert file.read() == b"1"


def test_an_address_is_the_public_one_without_a_key_or_signature(store):
    assert store.url("images/虎 1.webp") == f"{PUBLIC}images/%E8%99%8E%201.webp"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"S3_SECRET_KEY": "another"}, "403.*Forbidden"),
        ({"S3_ACCESS_KEY": "SOMEBODY"}, "403.*Forbidden"),
        ({"S3_BUCKET": "elsewhere"}, "NoSuchBucket"),
    ],
)
def test_a_wrong_key_or_bucket_keeps_nothing(use, wrong, code):
    use(**wrong)

    with pytest.raises(ClientError, match=code):
        default_storage.save("images/a.txt", ContentFile(b"1"))


def test_the_secret_may_stand_in_a_file(use, tmp_path):
    kept = tmp_path / "secret"
    kept.write_text(s3_double.SECRET_KEY + "\n", encoding="utf-8")
    use(S3_SECRET_KEY="", S3_SECRET_KEY_FILE=str(kept))

    name = default_storage.save("images/a.txt", ContentFile(b"1"))
    assert default_storage.exists(name)
    default_storage.delete(name)


def test_pictures_are_made_smaller_in_the_store(store):
    name = store.save("images/tiger.jpg", photo())

    made = Thumbnailer().generate_thumbnail(name, size="200x200")

    assert made.url.startswith(f"{PUBLIC}thumbnails/")
    with store.open(made.url.removeprefix(PUBLIC)) as file:
        picture = Image.open(file)
        assert (picture.format, max(picture.size)) == ("WEBP", 200)


def test_photos_of_an_inspection_wait_in_the_store_for_a_week(store):
    token = photos.put_aside(photo())
    ((_again, address),) = photos.waiting([token])
    assert address.startswith(f"{PUBLIC}{photos.WAITING}/")
    (file,) = photos.fetch([token])
    assert Image.open(file).format == "WEBP"
    assert photos.forget_abandoned() == 0

    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=8)
    with time_machine.travel(later):
        assert photos.forget_abandoned() == 1
    assert photos.waiting([token]) == []


def test_without_the_settings_files_stay_in_a_folder():
    assert media_store(Environment({}), "/media/") == IN_A_FOLDER
