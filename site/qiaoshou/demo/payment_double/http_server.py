"""The double's HTTP server: the API, the payment page and the control address."""

import ipaddress
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import urlsplit

from qiaoshou.demo.payment_double import control, pages
from qiaoshou.demo.payment_double.api import Answer, Api, Request
from qiaoshou.demo.payment_double.errors import ApiError
from qiaoshou.demo.payment_double.events import Books
from qiaoshou.demo.payment_double.ids import new_id

LARGEST_BODY = 1024 * 1024
IDLE_SECONDS = 120
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
OVERLOADED = ApiError(
    "Request rate limit exceeded.", status=429, code="rate_limit", kind="api_error"
)
BROKEN = ApiError("An unknown error occurred.", status=500, kind="api_error")


class Server(ThreadingHTTPServer):
    """One thread per connection; all deeds go through the store's one lock."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, books: Books, public_url: str) -> None:
        super().__init__((host, port), Handler)
        shown = f"[{host}]" if ":" in host else host
        self.base = public_url or f"http://{shown}:{self.server_port}"
        self.books = books
        self.api = Api(books, lambda: self.base)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up before its answer is not worth a traceback."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "QiaoshouPaymentDouble"
    timeout = IDLE_SECONDS
    # Head and body leave in one packet; else every answer waits for the peer's ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    @property
    def double(self) -> Server:
        return cast(Server, self.server)

    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    def do_DELETE(self) -> None:
        self._route()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: request lines could show what the tests pay with."""

    def _route(self) -> None:
        target = urlsplit(self.path)
        body = self._body()
        if body is None:
            return
        if target.path.startswith("/_double/"):
            self._control(target.path, body)
        elif target.path.startswith(pages.PREFIX):
            self._page(target.path, target.query, body)
        elif target.path.startswith("/_assets/"):
            self._reply(pages.asset(target.path.removeprefix("/_assets/")))
        else:
            self._api(target.path, target.query, body)

    def _body(self) -> str | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self._send(413, "", "text/plain", {"Connection": "close"})
            self.close_connection = True
            return None
        try:
            return self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            self._send(400, "", "text/plain", {})
            return None

    def _api(self, path: str, query: str, body: str) -> None:
        fault = self.double.books.faults.for_request(self.command, path)
        request_id = new_id("req")
        if fault == "timeout":
            time.sleep(self.double.books.faults.seconds)
            self.close_connection = True
            return
        if fault in {"429", "500"}:
            error = OVERLOADED if fault == "429" else BROKEN
            answer = Answer(error.status, json.dumps(error.body()))
        else:
            text = body if self.command == "POST" else query
            headers = dict(self.headers.items())
            answer = self.double.api.answer(
                Request(self.command, path, text, _titled(headers), request_id)
            )
        if fault == "lost_answer":
            self.close_connection = True
            return
        self._send(
            answer.status,
            answer.body,
            "application/json",
            {"Request-Id": request_id, **answer.headers},
        )

    def _control(self, path: str, body: str) -> None:
        if not ipaddress.ip_address(self.client_address[0]).is_loopback:
            self._json(403, {"error": {"message": "From this machine only."}})
            return
        kind = self.headers.get_content_type()
        if self.command == "POST" and kind != "application/json":
            self._json(415, {"error": {"message": "Send application/json."}})
            return
        try:
            said = json.loads(body) if body else {}
            if not isinstance(said, dict):
                raise ApiError("Send one JSON object.")
            self._json(200, control.act(self.double.books, self.command, path, said))
        except ValueError:
            self._json(400, {"error": {"message": "Send one JSON object."}})
        except ApiError as error:
            self._json(error.status, error.body())

    def _page(self, path: str, query: str, body: str) -> None:
        form = body if self.command == "POST" else None
        accepts = self.headers.get("Accept-Language", "")
        base = self.double.base
        books = self.double.books
        self._reply(pages.show(books, path, query, form, accepts, base))

    def _reply(self, reply: pages.Reply) -> None:
        headers = {**PAGE_HEADERS, **reply.headers}
        self._send(reply.status, reply.body, reply.kind, headers)

    def _json(self, status: int, shown: dict[str, Any]) -> None:
        self._send(
            status, json.dumps(shown, ensure_ascii=False), "application/json", {}
        )

    def _send(self, status: int, text: str, kind: str, headers: dict[str, str]) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _titled(headers: dict[str, str]) -> dict[str, str]:
    """Header names as the API looks for them, however they were written."""
    return {name.title(): value for name, value in headers.items()}
