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

from qiaoshou.local import own_server, ports, postgres
from qiaoshou.local.addresses import application_url, owner_url
from qiaoshou.local.prepare import fingerprint, prepare, say
from qiaoshou.local.processes import Processes
from qiaoshou.settings.environment import Environment

ROOT = Path(__file__).resolve().parents[3]
DEFAULT_PORT = 8000
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
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
    defaults = {
        "DJANGO_SETTINGS_MODULE": "qiaoshou.settings.dev",
        "QIAOSHOU_VAR": str(var),
        "QIAOSHOU_MANIFEST": "yes",
        "QIAOSHOU_POOL": "yes",
        "SITE_URL": address,
        "STRIPE_API_BASE": payments,
        "PYTHONUNBUFFERED": "1",
    }
    if not own_server.is_named(os.environ):
        defaults["DATABASE_URL"] = application_url(var / "pg")
        defaults["DATABASE_OWNER_URL"] = owner_url(var / "pg")
    return {**defaults, **os.environ}


def start_parts(
    parts: Processes, env: dict[str, str], var: Path, port: int, payment_port: int
) -> None:
    python = sys.executable
    (var / "media").mkdir(exist_ok=True)
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
            *("--static-path-route", "/media"),
            *("--static-path-mount", str(var / "media")),
            *("--no-access-log", "--workers-kill-timeout", "5"),
            "qiaoshou.wsgi:application",
        ],
        env,
    )


def wait_until_ready(parts: Processes, address: str) -> None:
    # Never by a proxy of the environment: this is our own machine.
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        dead = parts.first_dead()
        if dead:
            raise SystemExit(f"{parts.last_lines(dead)}\n\nThe {dead} process ended.")
        try:
            with straight.open(f"{address}/healthz/ready", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise SystemExit(f"{parts.last_lines('web')}\n\nThe site does not answer.")


def on_signal(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def prepare_embedded(var: Path) -> None:
    """The embedded server answers and has our database."""
    say("Starting the database …")
    postgres.start(var / "pg")
    if postgres.make_database(var / "pg"):
        forget_preparation(var)


def prepare_own_server(var: Path, env: dict[str, str]) -> None:
    """The server of DATABASE_URL answers, for both roles."""
    say("Using the database of DATABASE_URL.")
    reading = Environment(env)
    url = reading.secret("DATABASE_URL")
    if not own_server.look(url, reading.secret("DATABASE_OWNER_URL")):
        forget_preparation(var)


def forget_preparation(var: Path) -> None:
    (var / "prepared.json").unlink(missing_ok=True)


def serve(var: Path, wanted: int | None, *, embedded: bool, parts: Processes) -> int:
    """Prepares and starts everything; comes back when a part ends by itself."""
    port = choose_port(wanted)
    payment_port = ports.next_free(port)
    address = f"http://{ports.LOOPBACK}:{port}"
    payments = f"http://{ports.LOOPBACK}:{payment_port}"
    env = environment(var, address, payments)
    if embedded:
        prepare_embedded(var)
    else:
        prepare_own_server(var, env)
    database = env.get("DATABASE_URL") or env["DATABASE_URL_FILE"]
    prepare(ROOT, var, env, fingerprint(ROOT, database))
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


def stop_all(var: Path, parts: Processes, *, embedded: bool) -> None:
    """Nothing that ./run started is left, the database included."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    parts.end_all()
    (var / "run.json").unlink(missing_ok=True)
    # A server that was starting when the signal came has its pid file, no answer yet.
    if embedded and (var / "pg" / "postmaster.pid").exists():
        postgres.stop(var / "pg")


def main() -> int:
    given = arguments()
    var = Path(os.environ.get("QIAOSHOU_VAR") or ROOT / "var").resolve()
    embedded = not own_server.is_named(os.environ)
    if not embedded:
        own_server.refuse_halves(os.environ, fresh=given.fresh)
    lock = hold_lock(var)
    for number in STOPPING:
        signal.signal(number, on_signal)
    parts = Processes(var / "log")
    try:
        if given.fresh:
            start_over(var)
        return serve(var, given.port, embedded=embedded, parts=parts)
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        stop_all(var, parts, embedded=embedded)
        lock.close()


if __name__ == "__main__":
    sys.exit(main())
