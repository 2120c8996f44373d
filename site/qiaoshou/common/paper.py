"""A page of ours as a PDF file: the same template, style sheets and pictures.

WeasyPrint sees what a browser would print. It is given files of ours alone and never
asks a network: decision docs/decisions/014-spreadsheets-and-paper.md.
"""

import logging
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.http import HttpResponse
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

PDF, UNKNOWN = "application/pdf", "application/octet-stream"
# It tells of every rule of our sheets that is for screens alone.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
# It has Pillow take files that were cut off, in the whole process: an upload of which
# half arrived would be kept, grey below. Pictures of ours are whole.
ImageFile.LOAD_TRUNCATED_IMAGES = False
# An address that answers nowhere, so that a page's own paths become whole.
HERE = "https://page.invalid/"


class NotOurs(ValueError):
    """A page asked for something that is no static file and no upload of ours."""


class OurFiles(URLFetcher):
    """Static files and uploads, read from where they are kept; nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], fail_on_errors=False)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        content = None
        for place, read in (
            (urljoin(HERE, settings.STATIC_URL), _static),
            (urljoin(HERE, settings.MEDIA_URL), _upload),
        ):
            if url.startswith(place):
                content = read(unquote(urlsplit(url.removeprefix(place)).path))
        if content is None:
            raise NotOurs(url)
        kind = mimetypes.guess_type(urlsplit(url).path)[0]
        return URLFetcherResponse(
            url, body=content, headers={"Content-Type": kind or UNKNOWN}
        )


def _static(name: str) -> bytes | None:
    """Collected under a name with a hash where that is so, else beside the code."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    found = finders.find(name)
    return Path(found).read_bytes() if isinstance(found, str) else None


def _upload(name: str) -> bytes | None:
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        return bytes(file.read())


def as_pdf(page: HttpResponse, name: str) -> HttpResponse:
    """The page as a file of this name to be kept or printed, pages as its CSS says."""
    document = HTML(string=page.content.decode(), base_url=HERE, url_fetcher=OurFiles())
    return HttpResponse(
        document.write_pdf(),
        content_type=PDF,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
