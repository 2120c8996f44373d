"""Delivers signed events over HTTP, again and later where they were not taken."""

import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from qiaoshou.demo.payment_double.store import Store

TIMEOUT_SECONDS = 20
MOST_ATTEMPTS = 20
LONGEST_WAIT_SECONDS = 60.0
SENDERS = 4
LOOK_SECONDS = 0.05
USER_AGENT = "QiaoshouPaymentDouble/1.0"

logger = logging.getLogger(__name__)


def signature(payload: str, secret: str, signed_at: int) -> str:
    """The `Stripe-Signature` header of scheme v1 for this payload."""
    signed = hmac.new(
        secret.encode(), f"{signed_at}.{payload}".encode(), hashlib.sha256
    )
    return f"t={signed_at},v1={signed.hexdigest()}"


class Sender(threading.Thread):
    """Sends what is due until stopped; several at once, so order is not promised."""

    def __init__(self, store: Store, first_wait_seconds: float) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._store = store
        self._first_wait = first_wait_seconds
        self._stopped = threading.Event()
        self._under_way: set[int] = set()
        self._lock = threading.Lock()

    def stop(self) -> None:
        self._stopped.set()
        self.join(timeout=2)

    def run(self) -> None:
        pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhook")
        while not self._stopped.wait(LOOK_SECONDS):
            url = self._store.setting("webhook_url", "")
            if not url:
                continue
            for delivery in self._store.due_deliveries(time.time()):
                with self._lock:
                    if delivery["number"] in self._under_way:
                        continue
                    self._under_way.add(delivery["number"])
                pool.submit(self._send, delivery, url)
        pool.shutdown(wait=False, cancel_futures=True)

    def _send(self, delivery: dict[str, Any], url: str) -> None:
        try:
            self._deliver(delivery, url)
        finally:
            with self._lock:
                self._under_way.discard(delivery["number"])

    def _deliver(self, delivery: dict[str, Any], url: str) -> None:
        event = self._store.get("event", delivery["event"])
        if event is None:
            return  # forgotten since, by a reset
        payload = json.dumps(event, ensure_ascii=False, indent=2)
        secret = self._store.setting("webhook_secret", "")
        status, error = _post(url, payload, signature(payload, secret, _seconds()))
        if status is not None and 200 <= status < 300:
            with self._store.transaction():
                self._mark(delivery, "delivered", 0.0, status, "")
                self._store.put({**event, "pending_webhooks": 0})
            return
        attempts = delivery["attempts"] + 1
        wait = min(self._first_wait * 2 ** (attempts - 1), LONGEST_WAIT_SECONDS)
        state = "waiting" if attempts < MOST_ATTEMPTS else "failed"
        logger.warning(
            "%s was not taken (%s); %s",
            *(event["type"], error or status),
            f"again in {wait:g} s" if state == "waiting" else "given up",
        )
        self._mark(delivery, state, wait, status, error)

    def _mark(
        self,
        delivery: dict[str, Any],
        state: str,
        wait: float,
        status: int | None,
        error: str,
    ) -> None:
        self._store.mark_delivery(
            delivery["number"],
            state=state,
            due=time.time() + wait,
            status=status,
            error=error,
        )


def _seconds() -> int:
    """Signatures carry the true time, however far the double's clock was moved."""
    return int(time.time())


def _post(url: str, payload: str, signed: str) -> tuple[int | None, str]:
    """The receiver's status and no error, or no status and the error's name."""
    target = urlsplit(url)
    make = (
        http.client.HTTPSConnection
        if target.scheme == "https"
        else http.client.HTTPConnection
    )
    path = target.path + (f"?{target.query}" if target.query else "")
    connection = make(target.hostname or "", target.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(
            "POST",
            path or "/",
            payload.encode(),
            {
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": signed,
                "User-Agent": USER_AGENT,
            },
        )
        response = connection.getresponse()
        response.read()
        return response.status, ""
    except (OSError, http.client.HTTPException) as error:
        return None, type(error).__name__
    finally:
        connection.close()
