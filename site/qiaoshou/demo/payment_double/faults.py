"""What shall go wrong next, as asked at the control address; forgotten on restart."""

import random
import threading
from dataclasses import dataclass, field, fields
from typing import Any

REQUEST_FAULTS = frozenset({"429", "500", "timeout", "lost_answer"})
SHUFFLE_GAP_SECONDS = 0.2


@dataclass
class Faults:
    """Counts of coming deliveries and requests that a fault still applies to.

    `drop` deliveries are never sent (the event is on record); `duplicate` ones are
    sent twice at the same time; `shuffle` gathers that many and then sends them in
    another order; every delivery waits `delay` seconds. The next `times` requests whose
    "METHOD path" begins with `match` are answered by `request`.
    """

    drop: int = 0
    duplicate: int = 0
    shuffle: int = 0
    delay: float = 0.0
    request: str = ""
    times: int = 0
    match: str = ""
    seconds: float = 30.0
    pending_refunds: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _gathered: list[str] = field(default_factory=list, repr=False)

    def set(self, wanted: dict[str, Any]) -> None:
        """The named faults replace those asked before; else a ValueError."""
        known = {
            each.name: type(each.default)
            for each in fields(self)
            if each.name[0] != "_"
        }
        for name, value in wanted.items():
            if name not in known:
                raise ValueError(f"unknown fault {name}; known: {', '.join(known)}")
            right = (int, float) if known[name] is float else known[name]
            if isinstance(value, bool) or not isinstance(value, right):
                raise ValueError(f"{name} must be of type {known[name].__name__}")
        if wanted.get("request", "") not in {"", *REQUEST_FAULTS}:
            listed = ", ".join(sorted(REQUEST_FAULTS))
            raise ValueError(f"request must be one of {listed}")
        with self._lock:
            for name, value in wanted.items():
                setattr(self, name, value)
            if wanted.get("request") and "times" not in wanted:
                self.times = 1

    def clear(self) -> None:
        with self._lock:
            for each in fields(self):
                if each.name[0] != "_":
                    setattr(self, each.name, each.default)

    def shown(self) -> dict[str, Any]:
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name[0] != "_"
        }

    def for_request(self, method: str, path: str) -> str:
        """The fault that befalls this request, counted down; empty for none."""
        with self._lock:
            if self.times < 1 or not f"{method} {path}".startswith(self.match):
                return ""
            self.times -= 1
            return self.request

    def refund_is_slow(self) -> bool:
        with self._lock:
            if self.pending_refunds < 1:
                return False
            self.pending_refunds -= 1
            return True

    def for_event(self, event: str) -> list[tuple[str, float, str]]:
        """(event, seconds to wait, state) for each delivery that this event brings."""
        with self._lock:
            if self.drop > 0:
                self.drop -= 1
                return [(event, 0.0, "dropped")]
            copies = 1
            if self.duplicate > 0:
                self.duplicate -= 1
                copies = 2
            if self.shuffle > 0:
                self.shuffle -= 1
                self._gathered += [event] * copies
                return self.gathered() if self.shuffle == 0 else []
            return [(event, self.delay, "waiting")] * copies

    def gathered(self) -> list[tuple[str, float, str]]:
        """Those held back for shuffling, in an order that is not the true one."""
        with self._lock:
            true_order, self._gathered = self._gathered, []
            mixed = list(true_order)
            while len(set(mixed)) > 1 and mixed == true_order:
                random.shuffle(mixed)
            return [
                (event, self.delay + position * SHUFFLE_GAP_SECONDS, "waiting")
                for position, event in enumerate(mixed)
            ]
