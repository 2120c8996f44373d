"""A small S3-compatible store in a process of its own, for tests of uploaded files.

It keeps one bucket in memory, and checks every request's signature (AWS Signature
Version 4) with the key that it was started with. It knows PUT, GET, HEAD, DELETE and
the listing of version 2, with the bucket in the path.
"""

import datetime as dt
import hashlib
import hmac
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS_KEY, SECRET_KEY, BUCKET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", "pictures"
CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)
KEPT: dict[str, tuple[bytes, dict[str, str], dt.datetime]] = {}


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _query(text: str) -> str:
    pairs = sorted(parse_qsl(text, keep_blank_values=True))
    return "&".join(
        f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in pairs
    )


def problem(method: str, target: str, headers: Any, body: bytes) -> str:
    """What is wrong with the signature of a request; "" where it is right."""
    found = CREDENTIAL.fullmatch(headers.get("Authorization", ""))
    if found is None:
        return "AccessDenied"
    key, day, region, names, signature = found.groups()
    if key != ACCESS_KEY:
        return "InvalidAccessKeyId"
    said = headers.get("x-amz-content-sha256", "")
    if said not in {hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"}:
        return "XAmzContentSHA256Mismatch"
    parts = urlsplit(target)
    lines = [f"{name}:{headers[name].strip()}\n" for name in names.split(";")]
    asked = "\n".join(
        [method, parts.path, _query(parts.query), "".join(lines), names, said]
    )
    scope = f"{day}/{region}/s3/aws4_request"
    digest = hashlib.sha256(asked.encode()).hexdigest()
    moment = headers["x-amz-date"]
    secret = f"AWS4{SECRET_KEY}".encode()
    for word in (day, region, "s3", "aws4_request"):
        secret = _hmac(secret, word)
    mine = _hmac(secret, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}").hex()
    return "" if hmac.compare_digest(mine, signature) else "SignatureDoesNotMatch"


class Store(BaseHTTPRequestHandler):
    """One bucket; every answer is S3's."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: Any) -> None:
        """Nothing is said: the test reads the answers."""

    def handle_one(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        wrong = problem(self.command, self.path, self.headers, body)
        if wrong:
            self.answer(403, f"<Error><Code>{wrong}</Code></Error>".encode())
            return
        parts = urlsplit(self.path)
        bucket, _, name = unquote(parts.path).lstrip("/").partition("/")
        if bucket != BUCKET:
            self.answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        elif not name:
            self.answer(200, listing(dict(parse_qsl(parts.query))))
        elif self.command == "PUT":
            kept = {
                header: self.headers[header]
                for header in ("Content-Type", "Cache-Control")
                if header in self.headers
            }
            KEPT[name] = (body, kept, dt.datetime.now(dt.UTC))
            self.answer(200)
        elif self.command == "DELETE":
            KEPT.pop(name, None)
            self.answer(204)
        elif name not in KEPT:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            body, kept, moment = KEPT[name]
            moved = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
            self.answer(200, body, {**kept, "Last-Modified": moved, "ETag": '"1"'})

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_one

    def answer(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {"Content-Type": "application/xml"}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def listing(query: dict[str, str]) -> bytes:
    """Version 2 of a listing: the names under a prefix, folders by the delimiter."""
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    files, folders = [], set()
    for name in sorted(KEPT):
        if not name.startswith(prefix):
            continue
        rest = name.removeprefix(prefix)
        if delimiter and delimiter in rest:
            folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
        else:
            size = len(KEPT[name][0])
            moment = KEPT[name][2].strftime("%Y-%m-%dT%H:%M:%S.000Z")
            files.append(
                f"<Contents><Key>{escape(name)}</Key><Size>{size}</Size>"
                f"<LastModified>{moment}</LastModified></Contents>"
            )
    places = "".join(
        f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>"
        for one in sorted(folders)
    )
    return (
        f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(files)}{places}"
        "</ListBucketResult>"
    ).encode()


def main() -> None:
    """Serves until it is ended; the first line says the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
