"""The long steps before the first start, each with its progress, skipped when done."""

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from qiaoshou.local.processes import end, end_with_parent

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
    """Runs one command to its end, showing that it lives; stops ./run if it fails.

    Interrupted, it ends the command first: nothing is left behind.
    """
    started = time.monotonic()
    say(f"  {title} …")
    tail: list[str] = []
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a", encoding="utf-8") as file:
        process = subprocess.Popen(
            words,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=end_with_parent,
        )
        show = Progress(started)
        ticking = threading.Thread(target=show.tick_until_done, daemon=True)
        ticking.start()
        try:
            for line in process.stdout or ():
                file.write(line)
                file.flush()
                tail = [*tail[-14:], line.rstrip()]
                show.last = line.strip()
            process.wait()
        finally:
            show.done.set()
            ticking.join()
            end(process)
    if process.returncode:
        raise SystemExit("\n".join([*tail, "", f"{title}: failed. See {log}."]))
    say(f"    done in {time.monotonic() - started:.0f} s")


class Progress:
    """Seconds and the last line of a command: in place, or every ten seconds."""

    def __init__(self, started: float) -> None:
        self.started, self.last, self.done = started, "", threading.Event()

    def tick_until_done(self) -> None:
        live = sys.stdout.isatty()
        while not self.done.wait(0.2 if live else 10):
            seconds = time.monotonic() - self.started
            if live:
                sys.stdout.write(f"\r\x1b[K    {seconds:4.0f} s  {self.last[:64]}")
                sys.stdout.flush()
            else:
                say(f"    {seconds:4.0f} s  {self.last[:64]}")
        if live:
            sys.stdout.write("\r\x1b[K")


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
