"""The long steps before the first start, each with its progress, skipped when done."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

WATCHED = (
    "requirements.txt",
    "site/**/migrations/*.py",
    "producers/**/migrations/*.py",
    "catalog/**/migrations/*.py",
    "orders/**/migrations/*.py",
    "site/static/**/*",
    "locale/**/*.po",
)


def fingerprint(root: Path, database_url: str) -> str:
    """Changes when a table, a static file, a translation or the database changes."""
    digest = hashlib.sha256(database_url.encode())
    for pattern in WATCHED:
        for path in sorted(root.glob(pattern)):
            if path.is_file():
                facts = path.stat()
                digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}".encode())
    return digest.hexdigest()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def step(title: str, words: list[str], env: Mapping[str, str], log: Path) -> None:
    """Runs one command to its end, showing that it lives; stops ./run if it fails."""
    started, shown, count = time.monotonic(), 0.0, 0
    live = sys.stdout.isatty()
    say(f"  {title} …")
    tail: list[str] = []
    with (
        open(log, "a", encoding="utf-8") as file,
        subprocess.Popen(
            words,
            env=dict(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            count += 1
            tail = [*tail[-14:], line.rstrip()]
            seconds = time.monotonic() - started
            if live and seconds - shown >= 0.2:
                sys.stdout.write(f"\r\x1b[K    {seconds:4.0f} s  {line.strip()[:64]}")
                sys.stdout.flush()
                shown = seconds
            elif not live and seconds - shown >= 10:
                say(f"    {seconds:4.0f} s  {line.strip()[:64]}")
                shown = seconds
    if live:
        sys.stdout.write("\r\x1b[K")
    if process.returncode:
        raise SystemExit("\n".join([*tail, "", f"{title}: failed. See {log}."]))
    say(f"    done in {time.monotonic() - started:.0f} s")


def is_prepared(stamp: Path, mark: str) -> bool:
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))["mark"] == mark
    except (OSError, ValueError, KeyError):
        return False


def prepare(root: Path, var: Path, env: Mapping[str, str], mark: str) -> None:
    """Tables, rights, translations and static files are those of this checkout."""
    stamp, log = var / "prepared.json", var / "log" / "prepare.log"
    if is_prepared(stamp, mark):
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    manage = [sys.executable, str(root / "manage.py")]
    for title, command in (
        ("Making the tables (400 steps, a minute the first time)", ["migrate"]),
        ("Making the cache table", ["createcachetable"]),
        ("Giving the application its rights", ["grant_rights"]),
        (
            "Compiling the translations",
            ["compilemessages", "--ignore=.venv", "--ignore=var"],
        ),
        (
            "Collecting the static files",
            ["collectstatic", "--noinput", "--clear", "-v", "1"],
        ),
        ("Loading the demo, where the database is empty", ["load_demo", "--if-empty"]),
    ):
        step(title, [*manage, *command], env, log)
    stamp.write_text(json.dumps({"mark": mark}), encoding="utf-8")
