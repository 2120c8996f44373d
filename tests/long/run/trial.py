"""One folder of data and the ./run that works in it, for trials of the real thing."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import psycopg
from django.conf import settings

from qiaoshou.local import ports, postgres
from qiaoshou.local.addresses import application_url

ROOT = Path(settings.ROOT)
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# Seconds; the first start makes 400 steps and a year of demo, beside other work.
FIRST_START, LATER_START, STOP = 3600, 300, 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ports.LOOPBACK, 0))
        return probe.getsockname()[1]


def carrying(folder: Path) -> list[tuple[int, str]]:
    """Processes that name this folder in their words or environment, and the words."""
    found = []
    for proc in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (proc / "cmdline").read_bytes()
            env = (proc / "environ").read_bytes()
            state = (proc / "stat").read_text().rpartition(") ")[2][0]
            if str(folder).encode() in words + env and state != "Z":
                found.append((int(proc.name), words.replace(b"\0", b" ").decode()))
    return [one for one in found if one[0] != os.getpid()]


def get(url: str) -> tuple[int, str]:
    with STRAIGHT.open(url, timeout=60) as answer:
        return answer.status, answer.read().decode()


class Trial:
    """One folder of data and the ./run that works in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        self.said = folder.with_suffix(".out")

    def start(self, *words: str, **env: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("QIAOSHOU_")}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"):
            kept.pop(name, None)
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                [str(ROOT / "run"), "--port", str(self.port), *words],
                env=kept | {"QIAOSHOU_VAR": str(self.folder)} | env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.said.read_text()

    def until_up(self, limit: float) -> float:
        """Seconds until the address is printed; fails with what was said instead."""
        begun = time.monotonic()
        while "Ctrl-C stops everything." not in self.output():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() - begun < limit, self.output()
            time.sleep(0.1)
        return time.monotonic() - begun

    def up(self, limit: float, *words: str, **env: str) -> float:
        self.start(*words, **env)
        return self.until_up(limit)

    def signal(self, number: int) -> float:
        """Seconds until ./run has ended after this signal to its whole group."""
        begun = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(STOP)
        return time.monotonic() - begun

    def nothing_left(self) -> None:
        deadline = time.monotonic() + 15
        while (left := carrying(self.folder)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert left == []
        assert ports.is_free(self.port)
        assert not postgres.alive(self.folder / "pg")
        assert not (self.folder / "run.json").exists()

    def end(self) -> None:
        """Whatever happened, this trial leaves no process and no file."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGKILL)
        if (self.folder / "pg" / "postmaster.pid").exists():
            postgres.stop(self.folder / "pg")
        for pid, _words in carrying(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.said.unlink(missing_ok=True)


def note(what: str, seconds: float) -> None:
    with open(ROOT / "var" / "long-run.txt", "a") as file:
        file.write(f"{what}: {seconds:.1f} s\n")


def database(trial: Trial) -> psycopg.Connection:
    return psycopg.connect(application_url(trial.folder / "pg"), autocommit=True)


def people(trial: Trial) -> int:
    with database(trial) as server:
        return server.execute("SELECT count(*) FROM accounts_user").fetchone()[0]
