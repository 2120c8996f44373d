"""The doctor's look at this machine: files, translations, cache, mail, jobs, keys."""

import datetime as dt
import io
import shutil
import smtplib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import (
    ManifestFilesMixin,
    staticfiles_storage,
)
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from qiaoshou.common import crypto
from qiaoshou.common.doctor.finding import Finding, bad, ok, warn
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now

# Workers beat every ten seconds and are given up by others after thirty.
LATEST_BEAT = dt.timedelta(seconds=60)
LONGEST_WAIT = dt.timedelta(minutes=10)
LEAST_FREE_MB = 500
ALONE = ("LocMemCache", "DummyCache", "FileBasedCache")


def translations() -> Finding:
    """Each catalogue stands compiled beside its source, and is not older."""
    sources = [
        path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po")
    ]
    # Parts are only read into the catalogue.
    sources = [path for path in sources if "LC_MESSAGES" in path.parts]
    missing = [path for path in sources if not path.with_suffix(".mo").exists()]
    if missing:
        return bad(f"{_short(missing[0])} is not compiled: manage.py compilemessages")
    old = [
        path
        for path in sources
        if path.with_suffix(".mo").stat().st_mtime < path.stat().st_mtime
    ]
    if old:
        return warn(f"{_short(old[0])} changed since: manage.py compilemessages")
    return ok(f"{len(sources)} catalogues are compiled")


def _short(path: Path) -> str:
    root = Path(settings.ROOT)
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def static_files() -> Finding:
    """They were collected, and so was the style sheet that every page needs."""
    needed = "css/base.css"
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        if needed not in staticfiles_storage.hashed_files:
            return bad("they were not collected: manage.py collectstatic")
        return ok(f"{len(staticfiles_storage.hashed_files)} under names with a hash")
    if not (Path(settings.STATIC_ROOT) / needed).exists():
        return warn("they were not collected; ./run and production do that")
    return ok("they were collected")


def uploads() -> Finding:
    """A file can be written to where uploads go, read back, and removed."""
    name = default_storage.save(f"doctor-{new_reference()}.txt", ContentFile(b"ok"))
    try:
        with default_storage.open(name) as file:
            same = file.read() == b"ok"
    finally:
        default_storage.delete(name)
    return ok("can be written") if same else bad("read back otherwise than written")


def room() -> Finding:
    """Free space where data, uploads and logs stand."""
    free = shutil.disk_usage(settings.VAR).free // 2**20
    if free < LEAST_FREE_MB:
        return bad(f"{free} MB are free in {settings.VAR}")
    return ok(f"{free // 1024} GB free" if free >= 1024 else f"{free} MB free")


def shared_cache() -> Finding:
    """What is written can be read, and by other processes too."""
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if backend in ALONE:
        return bad(
            f"{backend} is not shared: limits of sign-in would count per process"
        )
    key, value = f"doctor-{new_reference()}", new_reference()
    cache.set(key, value, 60)
    found = cache.get(key)
    cache.delete(key)
    if found != value:
        return bad("what was written could not be read: manage.py createcachetable")
    return ok(f"{backend} answers")


def worker() -> Finding:
    """A background worker beats, and no job waits for long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_heartbeat), "
            "(SELECT min(coalesce(scheduled_at, e.at)) FROM procrastinate_jobs j "
            "JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
            "WHERE j.status = 'todo' AND j.attempts = 0), "
            "(SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed') "
            "FROM procrastinate_workers"
        )
        beat, oldest, failed = cursor.fetchone()
    if beat is None:
        return bad("none runs: manage.py procrastinate worker")
    since = now() - beat
    if since > LATEST_BEAT:
        return bad(f"the last beat was {since.seconds // 60} minutes ago")
    if oldest is not None and now() - oldest > LONGEST_WAIT:
        return warn(f"a job waits since {oldest:%Y-%m-%d %H:%M}")
    if failed:
        return warn(f"it beats; {failed} jobs have failed for good")
    return ok(f"it beat {since.seconds} s ago")


def mail() -> Finding:
    """The mail server answers and lets us in; nothing is sent."""
    backend = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    if backend != "smtp":
        return ok(f"goes to {backend}") if settings.DEMO_DOOR else bad("is not sent")
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        return bad(f"the server does not let us in: {type(error).__name__}")
    server.close()
    return ok("the server lets us in")


def secrets() -> Finding:
    """Fields can be sealed and opened again; keys are not those of development."""
    if crypto.unseal(crypto.seal("ok", place="doctor"), place="doctor") != "ok":
        return bad("what was sealed does not open")
    weak = settings.SECRET_KEY.startswith("dev-") or "0" * 64 in settings.FIELD_KEYS
    if weak:
        return warn("the keys are those of development: never for real people")
    return ok("fields are sealed and opened")


def demo_door() -> Finding:
    if settings.DEMO_DOOR:
        return warn("the demo door is open: not for the internet")
    return ok("there is no demo door")


def books() -> Finding | None:
    """`audit_books` finds nothing; None where there are no books."""
    if "audit_books" not in get_commands():
        return None
    said = io.StringIO()
    try:
        call_command("audit_books", stdout=said, stderr=said)
    except CommandError as error:
        return bad(" ".join(str(error).split()))
    return ok(" ".join(said.getvalue().split()) or "they balance")
