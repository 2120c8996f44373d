"""Photographs that came with an inspection that was refused: they need not be retaken.

What was good waits in the file store and comes back with the form by a signed name. A
camera writes the place and the hour into its file; what waits is the picture alone.
What nobody came back for is gone after a week (`orders.tasks`).
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer

from orders.services.inspecting import MOST_PHOTOS
from qiaoshou.common.form_fields import plain_picture
from qiaoshou.common.today import now

WAITING = "inspections/waiting"
KEPT = dt.timedelta(days=7)
_signer = Signer(salt="photos of an inspection")


def put_aside(upload: UploadedFile) -> str:
    """The picture waits in the store; what comes back is its signed name.

    Raises ValidationError where it is none, or too large.
    """
    picture = plain_picture(upload)
    stored = f"{WAITING}/{uuid.uuid4().hex}.webp"
    return _signer.sign(default_storage.save(stored, ContentFile(picture)))


def waiting(tokens: Iterable[str]) -> list[tuple[str, str]]:
    """Signed names that are ours and still there, each with its address."""
    return [(_signer.sign(name), default_storage.url(name)) for name in _names(tokens)]


def fetch(tokens: Iterable[str]) -> list[File]:
    """The pictures that waited, as files to be kept."""
    found: list[File] = []
    for name in _names(tokens):
        with default_storage.open(name) as file:
            found.append(ContentFile(file.read(), name=name.rsplit("/", 1)[-1]))
    return found


def forget(tokens: Iterable[str]) -> None:
    """The pictures that waited are kept elsewhere now."""
    for name in _names(tokens):
        default_storage.delete(name)


def forget_abandoned() -> int:
    """Pictures that have waited for more than a week are gone; how many."""
    gone = 0
    # No folder: nobody has put anything aside yet. No file: somebody sent her form.
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(WAITING)[1]:
            path = f"{WAITING}/{name}"
            with contextlib.suppress(FileNotFoundError):
                if now() - default_storage.get_modified_time(path) > KEPT:
                    default_storage.delete(path)
                    gone += 1
    return gone


def _names(tokens: Iterable[str]) -> list[str]:
    found = []
    for token in tokens:
        try:
            name = _signer.unsign(token)
        except BadSignature:
            continue
        if name not in found and default_storage.exists(name):
            found.append(name)
    return found[:MOST_PHOTOS]
