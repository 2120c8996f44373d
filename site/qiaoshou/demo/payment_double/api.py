"""Stripe's API of version endive, as far as the product uses it."""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qiaoshou.demo.payment_double import asking, forms, payments, published, sessions
from qiaoshou.demo.payment_double.errors import ApiError, no_such
from qiaoshou.demo.payment_double.events import Books
from qiaoshou.demo.payment_double.listing import expand, page
from qiaoshou.demo.payment_double.published import Operation

KEY_PREFIXES = ("sk_test_", "rk_test_")
LONGEST_KEY = 255
# Published path → kind of object, its name in messages, and its name in the path.
ONE = {
    "/v1/checkout/sessions/{session}": ("checkout.session", "session"),
    "/v1/payment_intents/{intent}": ("payment_intent", "intent"),
    "/v1/charges/{charge}": ("charge", "charge"),
    "/v1/refunds/{refund}": ("refund", "refund"),
    "/v1/events/{id}": ("event", "id"),
}
MANY = {
    "/v1/checkout/sessions": "checkout.session",
    "/v1/payment_intents": "payment_intent",
    "/v1/charges": "charge",
    "/v1/refunds": "refund",
    "/v1/events": "event",
}


@dataclass(frozen=True)
class Request:
    """One HTTP request as the API sees it; `text` is the query or the body."""

    method: str
    path: str
    text: str
    headers: Mapping[str, str]
    id: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    """Answers requests from the books; the same idempotency key acts once."""

    def __init__(self, books: Books, base: Callable[[], str]) -> None:
        self.books = books
        self.base = base
        self._busy: set[str] = set()
        self._busy_lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        key = request.headers.get("Idempotency-Key", "")
        try:
            _check_key(request.headers.get("Authorization", ""))
            _check_version(request.headers.get("Stripe-Version", ""))
            operation = published.find(request.method, request.path)
            if operation is None:
                raise ApiError(
                    f"Unrecognized request URL ({request.method}: {request.path}). "
                    "Please see https://stripe.com/docs or we can help at "
                    "https://support.stripe.com/.",
                    status=404,
                )
            if key and request.method == "POST":
                return self._once(request, operation, key)
            return self._do(request, operation)
        except ApiError as error:
            return _refusal(error)

    def _once(self, request: Request, operation: Operation, key: str) -> Answer:
        """The kept answer of an earlier use of the key, or a new one that is kept."""
        if len(key) > LONGEST_KEY:
            raise ApiError(
                f"Idempotency-Key can be at most {LONGEST_KEY} characters long."
            )
        with self._busy_lock:
            if key in self._busy:
                raise ApiError(
                    "There is currently another in-progress request using this "
                    f"Idempotent Key: {key}.",
                    status=409,
                    code="idempotency_key_in_use",
                )
            self._busy.add(key)
        try:
            with self.books.store.transaction():
                return self._kept_or_new(request, operation, key)
        finally:
            with self._busy_lock:
                self._busy.discard(key)

    def _kept_or_new(self, request: Request, operation: Operation, key: str) -> Answer:
        wanted = hashlib.sha256(
            f"{request.method} {request.path}\n{request.text}".encode()
        ).hexdigest()
        kept = self.books.store.kept_answer(key)
        if kept is not None and kept[0] != wanted:
            raise ApiError(
                "Keys for idempotent requests can only be used with the same "
                "parameters they were first used with. Try using a key other than "
                f"'{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
        if kept is not None:
            return Answer(
                kept[1],
                kept[2],
                {"Idempotent-Replayed": "true", "Idempotency-Key": key},
            )
        try:
            done = self._do(request, operation)
        except ApiError as error:
            done = _refusal(error)
            if not error.kept:
                return done
        self.books.store.keep_answer(key, wanted, done.status, done.body)
        return Answer(done.status, done.body, {"Idempotency-Key": key})

    def _do(self, request: Request, operation: Operation) -> Answer:
        asked = asking.read(operation, forms.decode(request.text))
        cause = (request.id, request.headers.get("Idempotency-Key"))
        with self.books.store.transaction():
            found = self._result(operation, asked, cause)
            found = expand(self.books.store, found, asked.get("expand", []))
        return Answer(200, json.dumps(found, ensure_ascii=False, indent=2))

    def _result(
        self, operation: Operation, asked: dict[str, Any], cause: tuple[str, str | None]
    ) -> dict[str, Any]:
        path = operation.path
        sessions.expire_due(self.books)
        match (operation.method, path):
            case ("post", "/v1/checkout/sessions"):
                return sessions.open_session(self.books, asked, self.base())
            case ("post", "/v1/checkout/sessions/{session}/expire"):
                session = self._one("checkout.session", "session", operation)
                return sessions.expire(self.books, session, request=cause)
            case ("get", "/v1/checkout/sessions/{session}/line_items"):
                session = self._one("checkout.session", "session", operation)
                url = f"/v1/checkout/sessions/{session['id']}/line_items"
                return page(session["_lines"], asked, url)
            case ("post", "/v1/refunds"):
                return payments.refund(self.books, asked, request=cause)
            case ("get", "/v1/balance"):
                return payments.balance(self.books)
        if path in ONE:
            kind, name = ONE[path]
            return self._one(kind, name, operation)
        return page(self.books.store.newest_first(MANY[path]), asked, path)

    def _one(self, kind: str, name: str, operation: Operation) -> dict[str, Any]:
        object_id = operation.values[name]
        found = self.books.store.get(kind, object_id)
        if found is None:
            raise no_such(kind, object_id, name)
        return found


def _refusal(error: ApiError) -> Answer:
    return Answer(error.status, json.dumps(error.body(), ensure_ascii=False, indent=2))


def _check_key(authorization: str) -> None:
    scheme, _, key = authorization.partition(" ")
    if scheme != "Bearer" or not key:
        raise ApiError(
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY').",
            status=401,
        )
    if not key.startswith(KEY_PREFIXES):
        raise ApiError(
            f"Invalid API Key provided: {key[:8]}****. This double takes test keys "
            "only.",
            status=401,
        )


def _check_version(version: str) -> None:
    if version not in {"", published.api_version()}:
        raise ApiError(
            f"Invalid Stripe API version: {version}. This double speaks "
            f"{published.api_version()}."
        )
