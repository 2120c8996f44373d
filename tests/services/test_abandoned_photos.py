"""Photographs of an inspection that nobody came back for are gone after a week."""

import datetime as dt
import io
import os

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from procrastinate.contrib.django import app

from orders import tasks
from orders.workshop import photos

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def put_aside(at):
    """A picture that waits since then; its name in the store."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#b33").save(out, "JPEG")
    token = photos.put_aside(SimpleUploadedFile("tiger.jpg", out.getvalue()))
    name = photos._signer.unsign(token)
    touch(name, at)
    return name


def touch(name, at):
    os.utime(default_storage.path(name), (at.timestamp(), at.timestamp()))


@pytest.mark.parametrize(
    ("days", "minutes", "stays"),
    [(0, 0, True), (6, 0, True), (7, 0, True), (7, 1, False), (30, 0, False)],
)
def test_what_waits_for_more_than_a_week_is_gone(days, minutes, stays):
    name = put_aside(NOON)

    with time_machine.travel(NOON + dt.timedelta(days=days, minutes=minutes)):
        gone = photos.forget_abandoned()

    assert (default_storage.exists(name), gone) == (stays, 0 if stays else 1)


def test_only_what_waits_is_looked_at():
    kept = default_storage.save("inspections/2026/kept.webp", io.BytesIO(b"kept"))
    touch(kept, NOON)
    old, fresh = put_aside(NOON), put_aside(NOON + dt.timedelta(days=8))

    with time_machine.travel(NOON + dt.timedelta(days=9)):
        tasks.forget_abandoned_photos(timestamp=0)
        tasks.forget_abandoned_photos(timestamp=0)

    assert [default_storage.exists(name) for name in (kept, old, fresh)] == [
        True,
        False,
        True,
    ]


def test_with_nothing_put_aside_yet_nothing_is_gone():
    assert photos.forget_abandoned() == 0


def test_the_job_runs_once_a_day():
    jobs = app.periodic_registry.periodic_tasks.values()

    assert {"10 19 * * *"} == {
        job.cron for job in jobs if job.task.name == "forget_abandoned_photos"
    }
