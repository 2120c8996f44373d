"""./run after the packages are there: the demo on this machine, until Ctrl-C."""

import argparse
import fcntl
import json
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO

from qiaoshou.local import ports, postgres
from qiaoshou.local.addresses import application_url, owner_url
from qiaoshou.local.prepare import fingerprint, prepare, say
from qiaoshou.local.processes import Processes

ROOT = Path(__file__).resolve().parents[3]
DEFAULT_PORT = 8000
START_SECONDS = 90


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run", description="Sets up and starts Qiaoshou with its demo."
    )
    parser.add_argument("--port", type=int, help=f"default {DEFAULT_PORT}")
    parser.add_argument(
        "--fresh", action="store_true", help="start over: forget all data under var/"
    )
    given = parser.parse_args()
    if given.port is not None and not 1 <= given.port <= 65535:
        parser.error(f"--port must be 1 to 65535, not {given.port}")
    return given


def choose_port(wanted: int | None) -> int:
    """A free port; one that was asked for by name is never swapped in silence."""
    port = wanted or DEFAULT_PORT
    if ports.is_free(port):
        return port
    free = ports.next_free(port)
    if wanted:
        raise SystemExit(f"Port {port} is taken. Port {free} is free: --port {free}")
    say(f"Port {port} is taken, so this is on {free}.")
    return free


def hold_lock(var: Path) -> IO[str]:
    """Only one ./run works in a var folder; the second says where the first is."""
    var.mkdir(parents=True, exist_ok=True)
    lock = open(var / "run.lock", "w")  # noqa: SIM115 (held until the end)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        where = "another terminal"
        if (var / "run.json").exists():
            where = json.loads((var / "run.json").read_text())["address"]
        raise SystemExit(f"It runs already, at {where}. Stop that one first.") from None
    return lock


def start_over(var: Path) -> None:
    say("Starting over: the data of the last demo is removed.")
    if (var / "pg").exists() and postgres.alive(var / "pg"):
        postgres.stop(var / "pg")
    for name in ("pg", "pg.new", "media", "static", "mail", "sms", "log"):
        shutil.rmtree(var / name, ignore_errors=True)
    for name in ("prepared.json", "run.json", "payments.sqlite3", "pg.lock"):
        (var / name).unlink(missing_ok=True)


def environment(var: Path, address: str, payments: str) -> dict[str, str]:
    """What every child process gets; the outer environment wins where it speaks."""
    own_database = "DATABASE_URL" in os.environ
    defaults = {
        "DJANGO_SETTINGS_MODULE": "qiaoshou.settings.dev",
        "QIAOSHOU_VAR": str(var),
        "QIAOSHOU_MANIFEST": "yes",
        "QIAOSHOU_POOL": "yes",
        "SITE_URL": address,
        "STRIPE_API_BASE": payments,
        "PYTHONUNBUFFERED": "1",
    }
    if not own_database:
        defaults["DATABASE_URL"] = application_url(var / "pg")
        defaults["DATABASE_OWNER_URL"] = owner_url(var / "pg")
    return {**defaults, **os.environ}


def start_parts(
    parts: Processes, env: dict[str, str], var: Path, port: int, payment_port: int
) -> None:
    python = sys.executable
    webhook = f"http://{ports.LOOPBACK}:{port}/payments/stripe/webhook/"
    parts.start(
        "payments",
        [
            *(python, "-m", "qiaoshou.demo.payment_double"),
            *("--port", str(payment_port), "--webhook-url", webhook),
            *("--state", str(var / "payments.sqlite3")),
        ],
        {
            **env,
            "STRIPE_WEBHOOK_SECRET": env.get("STRIPE_WEBHOOK_SECRET", "whsec_local"),
        },
    )
    parts.start(
        "worker", [python, str(ROOT / "manage.py"), "procrastinate", "worker"], env
    )
    parts.start(
        "web",
        [
            *(str(Path(python).with_name("granian")), "--interface", "wsgi"),
            *("--host", ports.LOOPBACK, "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--backpressure", "32"),
            *("--static-path-route", "/static"),
            *("--static-path-mount", str(var / "static")),
            *("--no-access-log", "--workers-kill-timeout", "5"),
            "qiaoshou.wsgi:application",
        ],
        env,
    )


def wait_until_ready(parts: Processes, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        dead = parts.first_dead()
        if dead:
            raise SystemExit(f"{parts.last_lines(dead)}\n\nThe {dead} process ended.")
        try:
            with urllib.request.urlopen(f"{address}/healthz/ready", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise SystemExit(f"{parts.last_lines('web')}\n\nThe site does not answer.")


def on_signal(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    given = arguments()
    var = Path(os.environ.get("QIAOSHOU_VAR", ROOT / "var")).resolve()
    lock = hold_lock(var)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    parts = Processes(var / "log")
    embedded = "DATABASE_URL" not in os.environ
    if not embedded and (given.fresh or "DATABASE_OWNER_URL" not in os.environ):
        raise SystemExit(
            "With DATABASE_URL (the application role) set, DATABASE_OWNER_URL must name "  # noqa: E501
            "the role that makes the tables, and --fresh is yours to do on that server."
        )
    try:
        if given.fresh:
            start_over(var)
        port = choose_port(given.port)
        payment_port = ports.next_free(port)
        address = f"http://{ports.LOOPBACK}:{port}"
        payments = f"http://{ports.LOOPBACK}:{payment_port}"
        env = environment(var, address, payments)
        if embedded:
            say("Starting the database …")
            postgres.start(var / "pg")
            if postgres.make_database(var / "pg"):
                (var / "prepared.json").unlink(missing_ok=True)
        prepare(ROOT, var, env, fingerprint(ROOT, env["DATABASE_URL"]))
        say("Starting the site, the background worker and the payment double …")
        start_parts(parts, env, var, port, payment_port)
        wait_until_ready(parts, address)
        written = {"address": address, "payments": payments, "port": port}
        (var / "run.json").write_text(json.dumps(written), encoding="utf-8")
        say(f"\nQiaoshou is at {address}/ · demo people at {address}/demo/")
        say("Ctrl-C stops everything.")
        while (dead := parts.first_dead()) is None:
            time.sleep(0.5)
        say(f"{parts.last_lines(dead)}\n\nThe {dead} process ended; stopping.")
        return 1
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        parts.end_all()
        (var / "run.json").unlink(missing_ok=True)
        if embedded and (var / "pg").exists() and postgres.alive(var / "pg"):
            postgres.stop(var / "pg")
        lock.close()


if __name__ == "__main__":
    sys.exit(main())
