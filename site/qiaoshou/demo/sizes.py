"""How large a demo is: the full one of ./run, and a small one for tests."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLACES = Path(__file__).with_name("data") / "places.json"


@dataclass(frozen=True, slots=True)
class Size:
    """`makers` and `orders` are exact; None of `bases` or `slugs` means all."""

    name: str
    makers: int
    orders: int
    days: int
    bases: Collection[str] | None = None
    slugs: Collection[str] | None = None

    def base_rows(self) -> list[dict[str, Any]]:
        """The bases, those above first, with how many makers each has."""
        rows = [
            row
            for row in places()["bases"]
            if self.bases is None or row["key"] in self.bases
        ]
        planned = sum(row["makers"] for row in rows)
        counts = [row["makers"] * self.makers // planned for row in rows]
        for place in range(self.makers - sum(counts)):
            counts[-1 - place] += 1
        return [
            row | {"makers": count} for row, count in zip(rows, counts, strict=True)
        ]


def places() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(PLACES.read_text(encoding="utf-8"))
    return loaded


FULL = Size("full", makers=150, orders=200, days=365)
SMALL = Size(
    "small",
    makers=28,
    orders=24,
    days=120,
    bases=("city", "kaiyuan", "majiazhai", "xinghua"),
    slugs=(
        "cloth-tiger-hutou",
        "cloth-tiger-big",
        "straw-coasters",
        "mugwort-sachet",
        "manchu-sachet",
        "embroidered-insoles",
        "patchwork-cushion",
    ),
)
