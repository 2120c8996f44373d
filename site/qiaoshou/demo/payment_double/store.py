"""What the double remembers, in SQLite: objects, answers, deliveries, its clock."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS object (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, number);
CREATE INDEX IF NOT EXISTS open_session ON object (json_extract(body, '$.expires_at'))
    WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open';
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, kept_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL, last_status INTEGER, last_error TEXT);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
KEPT_SECONDS = 24 * 3600


class Store:
    """One file (or memory), one lock: a deed and its events are written together."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode = WAL;" + TABLES)
        self._lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested, the outermost decides."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # --- Objects ---------------------------------------------------------------------
    def put(self, thing: dict[str, Any]) -> None:
        """The object is stored under its id; what was there is replaced."""
        self._rows(
            "INSERT INTO object (kind, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            thing["object"],
            thing["id"],
            json.dumps(thing, ensure_ascii=False),
        )

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        rows = self._rows(
            "SELECT body FROM object WHERE kind = ? AND id = ?", kind, object_id
        )
        return json.loads(rows[0]["body"]) if rows else None

    def newest_first(self, kind: str) -> list[dict[str, Any]]:
        rows = self._rows(
            "SELECT body FROM object WHERE kind = ? ORDER BY number DESC", kind
        )
        return [json.loads(row["body"]) for row in rows]

    def overdue_sessions(self, now: int) -> list[dict[str, Any]]:
        """Open sessions whose time is over."""
        rows = self._rows(
            "SELECT body FROM object WHERE kind = 'checkout.session'"
            " AND json_extract(body, '$.status') = 'open'"
            " AND json_extract(body, '$.expires_at') <= ? ORDER BY number",
            now,
        )
        return [json.loads(row["body"]) for row in rows]

    # --- Answers kept for an idempotency key -----------------------------------------
    def kept_answer(self, key: str) -> tuple[str, int, str] | None:
        """(request, status, body) of the first use of the key within a day."""
        self._rows("DELETE FROM answer WHERE kept_at < ?", time.time() - KEPT_SECONDS)
        rows = self._rows("SELECT * FROM answer WHERE key = ?", key)
        if not rows:
            return None
        return rows[0]["request"], rows[0]["status"], rows[0]["body"]

    def keep_answer(self, key: str, request: str, status: int, body: str) -> None:
        self._rows(
            "INSERT INTO answer VALUES (?, ?, ?, ?, ?)",
            *(key, request, status, body, time.time()),
        )

    # --- Deliveries ------------------------------------------------------------------
    def add_delivery(self, event: str, due: float, state: str = "waiting") -> None:
        self._rows(
            "INSERT INTO delivery (event, due, state) VALUES (?, ?, ?)",
            *(event, due, state),
        )

    def due_deliveries(self, now: float) -> list[dict[str, Any]]:
        rows = self._rows(
            "SELECT * FROM delivery WHERE state = 'waiting' AND due <= ?"
            " ORDER BY due, number",
            now,
        )
        return [dict(row) for row in rows]

    def deliveries(self) -> list[dict[str, Any]]:
        rows = self._rows(
            "SELECT delivery.*, json_extract(object.body, '$.type') AS type"
            " FROM delivery JOIN object ON object.id = delivery.event"
            " ORDER BY delivery.number"
        )
        return [dict(row) for row in rows]

    def mark_delivery(
        self, number: int, *, state: str, due: float, status: int | None, error: str
    ) -> None:
        self._rows(
            "UPDATE delivery SET state = ?, due = ?, attempts = attempts + 1,"
            " last_status = ?, last_error = ? WHERE number = ?",
            *(state, due, status, error, number),
        )

    def change_deliveries(self, from_state: str, to_state: str) -> None:
        self._rows(
            "UPDATE delivery SET state = ? WHERE state = ?", to_state, from_state
        )

    def make_due(self, number: int, due: float) -> None:
        self._rows("UPDATE delivery SET due = ? WHERE number = ?", due, number)

    # --- Settings --------------------------------------------------------------------
    def setting(self, name: str, otherwise: Any) -> Any:
        rows = self._rows("SELECT value FROM setting WHERE name = ?", name)
        return json.loads(rows[0]["value"]) if rows else otherwise

    def set_setting(self, name: str, value: Any) -> None:
        self._rows(
            "INSERT INTO setting VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            *(name, json.dumps(value)),
        )

    def forget(self) -> None:
        """Nothing has ever happened, and the clock is the machine's."""
        for table in ("object", "answer", "delivery"):
            self._rows(f"DELETE FROM {table}")
        self._rows("DELETE FROM setting WHERE name <> 'webhook_secret'")

    def now(self) -> int:
        """The double's clock in seconds: the machine's, moved ahead on request."""
        return int(time.time()) + int(self.setting("clock_ahead", 0))
