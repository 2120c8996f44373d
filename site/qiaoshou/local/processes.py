"""Child processes of ./run: started with a log file each, and all ended together."""

import ctypes
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 10
LAST_LINES = 15


def end_with_parent() -> None:
    """The kernel ends the child when ./run dies, even by kill -9 (Linux only)."""
    try:
        ctypes.CDLL("libc.so.6").prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except OSError:
        return


def end(process: subprocess.Popen) -> None:
    """The process has ended: asked first, killed after ten seconds."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Processes:
    """What ./run started, by name."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, words: list[str], env: Mapping[str, str]) -> None:
        with open(self.logs / f"{name}.log", "ab") as log:
            self.running[name] = subprocess.Popen(
                words,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )

    def first_dead(self) -> str | None:
        """The name of a process that has ended by itself, if any."""
        for name, process in self.running.items():
            if process.poll() is not None:
                return name
        return None

    def last_lines(self, name: str) -> str:
        text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-LAST_LINES:])

    def end_all(self) -> None:
        """Every process has ended: asked first, killed after ten seconds."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()
