"""Writes down what happened and queues its delivery, in the transaction of the deed."""

import time
from dataclasses import dataclass
from typing import Any

from qiaoshou.demo.payment_double import published
from qiaoshou.demo.payment_double.faults import Faults
from qiaoshou.demo.payment_double.ids import new_id
from qiaoshou.demo.payment_double.store import Store


def public(thing: dict[str, Any]) -> dict[str, Any]:
    """The object without the double's own notes, whose names begin with _."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}


@dataclass(frozen=True)
class Books:
    """The store and the faults, which every deed needs together."""

    store: Store
    faults: Faults

    def put(self, thing: dict[str, Any]) -> dict[str, Any]:
        self.store.put(thing)
        return thing

    def happened(
        self,
        kind: str,
        thing: dict[str, Any],
        *,
        request: tuple[str, str | None] = ("", None),
    ) -> None:
        """An event of `kind` is on record and will be delivered, but for faults.

        `request` is the id and the idempotency key of the request that caused it.
        """
        event = published.empty("event") | {
            "id": new_id("evt"),
            "object": "event",
            "api_version": published.api_version(),
            "created": self.store.now(),
            "data": {"object": public(thing)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": request[0] or None, "idempotency_key": request[1]},
            "type": kind,
        }
        self.store.put(event)
        for event_id, wait, state in self.faults.for_event(event["id"]):
            self.store.add_delivery(event_id, time.time() + wait, state)
