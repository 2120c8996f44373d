"""Fixtures: the payment double as a process of its own, and a place that takes events.

`payment_double` is fresh for each test (what the last one did is forgotten) and points
the settings of the Stripe gateway at itself.
"""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

KEY, SECRET = "sk_test_double", "whsec_tests"
WAIT_SECONDS = 10


def until(true, seconds=WAIT_SECONDS):
    """Returns what `true()` returns as soon as that is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


def start(*words):
    """A running double: the process, and the address that it printed."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "qiaoshou.demo.payment_double"),
            *("--port", "0", "--retry-seconds", "0.05", *words),
        ],
        env={**os.environ, "STRIPE_WEBHOOK_SECRET": SECRET},
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, json.loads(process.stdout.readline())["address"]


class PaymentDouble:
    """A running double, spoken to over HTTP: as buyer, bank, clock and misfortune."""

    key, secret = KEY, SECRET

    def __init__(self, base):
        self.base = base

    def url(self, path):
        return self.base + path

    def pay(self, session_id, **how):
        """Paid by `method` (card); `later=True`: the bank decides; `amount` lies."""
        return self.control(f"sessions/{session_id}/pay", **how)

    def decline(self, session_id, **how):
        return self.control(f"sessions/{session_id}/decline", **how)

    def settle(self, session_id, *, succeeded):
        return self.control(f"sessions/{session_id}/settle", succeeded=succeeded)

    def expire(self, session_id):
        return self.control(f"sessions/{session_id}/expire")

    def settle_refund(self, refund_id, *, succeeded):
        return self.control(f"refunds/{refund_id}/settle", succeeded=succeeded)

    def faults(self, **wanted):
        """drop=1, duplicate=1, shuffle=3, delay=0.5, request="lost_answer", …"""
        return self.control("faults", **wanted)

    def clear_faults(self):
        return self.control("faults/clear")

    def advance(self, seconds):
        return self.control("clock", advance=seconds)

    def send_to(self, url):
        return self.control("webhook", url=url)

    def send_again(self, event_id=None):
        """One event once more, or every dropped one for the first time."""
        said = {"event": event_id} if event_id else {}
        return self.control("deliveries/again", **said)

    def deliveries(self, kind=None):
        with urllib.request.urlopen(self.url("/_double/deliveries")) as answer:
            rows = json.load(answer)["deliveries"]
        return [row for row in rows if kind in (None, row["type"])]

    def wait_until_delivered(self):
        """Every delivery was taken, given up or dropped."""
        until(lambda: all(row["state"] != "waiting" for row in self.deliveries()))

    def events(self, kind=None):
        """What happened, oldest first."""
        path = "/v1/events?limit=100" + (f"&type={kind}" if kind else "")
        return list(reversed(self.api("GET", path)[1]["data"]))

    def control(self, path, **said):
        request = urllib.request.Request(
            self.url(f"/_double/{path}"),
            json.dumps(said).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def api(self, method, path, form=None, *, key=KEY, **headers):
        """(status, body, headers) of a raw request; `form` has Stripe's own names."""
        request = urllib.request.Request(
            self.url(path),
            urllib.parse.urlencode(form).encode() if form is not None else None,
            {name.replace("_", "-"): value for name, value in headers.items()},
            method=method,
        )
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
                return answer.status, json.load(answer), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.load(error), error.headers


class Receiver:
    """Takes events; answers with `answers`, one after another, then always 200."""

    def __init__(self, url):
        self.url = url
        self.received = []
        self.answers = []

    def kinds(self):
        return [json.loads(body)["type"] for body, _ in self.received]


@pytest.fixture(scope="session")
def payment_double_process():
    process, address = start()
    yield address
    process.terminate()
    assert process.wait(timeout=10) == 0


@pytest.fixture
def payment_double(payment_double_process, settings):
    double = PaymentDouble(payment_double_process)
    double.control("reset")
    settings.STRIPE_API_BASE = double.base
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return double


@pytest.fixture
def webhook_receiver():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append((body, self.headers["Stripe-Signature"]))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/webhook/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()
