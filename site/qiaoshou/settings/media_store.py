"""Where uploaded files are kept: in a folder, or in an S3-compatible store.

Why django-storages, and what it is told: docs/decisions/018-media-store.md.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from qiaoshou.settings.environment import Environment

IN_A_FOLDER: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
NAMES = ("S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 20, 3


def media_store(env: Environment, media_url: str) -> dict[str, Any]:
    """Django's default storage: a folder, or the store that the S3 settings name.

    All of them are given or none. Raises ImproperlyConfigured.
    """
    given = [name for name in NAMES if _given(env, name)]
    if not given:
        return IN_A_FOLDER
    for name in NAMES:
        if name not in given:
            raise ImproperlyConfigured(f"{given[0]} is set, so {name} must be set too.")
    address = urlsplit(media_url)
    if not address.netloc:
        raise ImproperlyConfigured(
            "MEDIA_URL must be the https address where the files of S3_BUCKET are read."
        )
    bucket = env.text("S3_BUCKET")
    if not BUCKET.fullmatch(bucket):
        raise ImproperlyConfigured(f"S3_BUCKET: {bucket!r} is not a bucket's name.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": env.url("S3_ENDPOINT", ("https", "http"), None),
            "bucket_name": bucket,
            "access_key": env.secret("S3_ACCESS_KEY"),
            "secret_key": env.secret("S3_SECRET_KEY"),
            "region_name": env.text("S3_REGION", "us-east-1"),
            "client_config": _config(
                env.choice("S3_ADDRESSING", ("path", "virtual"), "path")
            ),
            # What is uploaded is read by anybody who has its address, as from a folder.
            "querystring_auth": False,
            "custom_domain": f"{address.netloc}{address.path}".rstrip("/"),
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=604800"},
        },
    }


def _given(env: Environment, name: str) -> bool:
    return bool(env.values.get(name) or env.values.get(f"{name}_FILE"))


def _config(addressing: str) -> Any:
    """How the store is asked: signed by version 4, soon given up, tried three times."""
    # Loaded where a store is used alone: it is large.
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        # Compatible stores refuse the checksums that Amazon's own has come to like.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
