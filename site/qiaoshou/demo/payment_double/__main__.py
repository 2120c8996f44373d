"""Starts the payment double: Stripe's HTTP for tests and demos, where no money moves.

    python -m qiaoshou.demo.payment_double --port 0 --webhook-url URL --state FILE

    --host 127.0.0.1   address to listen on; the control address answers loopback only
    --port 0           0 takes any free port
    --public-url URL   how browsers reach it, where that is not http://HOST:PORT
    --state FILE       SQLite file that survives a restart; without it, memory
    --webhook-url URL  where signed events go; also POST /_double/webhook {"url": …}
    --retry-seconds 1  wait before the second attempt, doubled each time, at most 60

The secret that signs events comes from STRIPE_WEBHOOK_SECRET or the file named by
STRIPE_WEBHOOK_SECRET_FILE (`whsec_local` without either), never from the command line.
Once it listens it writes one JSON line to standard output, {"address": …, "pid": …};
troubles with deliveries go to standard error. It ends on SIGTERM and SIGINT. It takes
any key that begins with sk_test_ and refuses live ones. See `control.py` for what can
be asked of it beside Stripe's own API.
"""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from qiaoshou.demo.payment_double import sessions
from qiaoshou.demo.payment_double.events import Books
from qiaoshou.demo.payment_double.faults import Faults
from qiaoshou.demo.payment_double.http_server import Server
from qiaoshou.demo.payment_double.store import Store
from qiaoshou.demo.payment_double.webhooks import Sender

CHECK_SECONDS = 0.5
LOCAL_SECRET = "whsec_local"


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m qiaoshou.demo.payment_double", add_help=True
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--public-url", default="")
    parser.add_argument("--state", default=":memory:")
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--retry-seconds", type=float, default=1.0)
    return parser.parse_args(words)


def webhook_secret() -> str:
    named = os.environ.get("STRIPE_WEBHOOK_SECRET_FILE")
    if named:
        return Path(named).read_text(encoding="utf-8").strip()
    return os.environ.get("STRIPE_WEBHOOK_SECRET", LOCAL_SECRET)


def watch_time(books: Books, stopped: threading.Event) -> None:
    """Sessions expire by themselves, whether or not anybody looks."""
    while not stopped.wait(CHECK_SECONDS):
        sessions.expire_due(books)


def main() -> int:
    given = arguments()
    logging.basicConfig(stream=sys.stderr, format="%(message)s", level=logging.INFO)
    books = Books(Store(given.state), Faults())
    books.store.set_setting("webhook_secret", webhook_secret())
    if given.webhook_url:
        books.store.set_setting("webhook_url", given.webhook_url)
    try:
        server = Server(given.host, given.port, books, given.public_url.rstrip("/"))
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {given.host}:{given.port}: {error}\n")
        return 1
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        # shutdown() waits for serve_forever(), which this very thread may be running.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sender = Sender(books.store, given.retry_seconds)
    sender.start()
    clock = threading.Thread(target=watch_time, args=(books, stopped), daemon=True)
    clock.start()
    sys.stdout.write(json.dumps({"address": server.base, "pid": os.getpid()}) + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    stopped.set()
    clock.join(timeout=2)
    sender.stop()
    server.server_close()
    books.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
