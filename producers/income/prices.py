"""The published consumer price index, as baselines are carried by it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from producers.domain import gain as rule
from qiaoshou.common.models import Area, ReferenceValue

Row = tuple[str, dt.date, dt.date | None, int]


class PublishedPrices:
    """Answers the rule's question for prices, and keeps which months had no value."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_area: dict[str, list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
        for path, first, until, value in rows:
            self._by_area[path].append((first, until or dt.date.max, value))
        for values in self._by_area.values():
            # The latest beginning speaks first, and of two the one that ends earlier:
            # the value of a month before that of its year.
            values.sort(key=lambda one: (-one[0].toordinal(), one[1]))
        self._found: dict[tuple[str, dt.date], int | None] = {}
        self.missing: set[dt.date] = set()

    def published(self, path: str, month: dt.date) -> int | None:
        """The value of the nearest area upwards that has one for this month."""
        key = (path, month)
        if key not in self._found:
            self._found[key] = self._nearest(path, month)
        return self._found[key]

    def _nearest(self, path: str, month: dt.date) -> int | None:
        for end in range(len(path), 0, -Area.steplen):
            for first, until, value in self._by_area.get(path[:end], ()):
                if first <= month < until:
                    return value
        return None

    def __call__(
        self, place: rule.Place, year: int, month: dt.date
    ) -> rule.Index | None:
        def published(of: dt.date) -> int | None:
            value = self.published(str(place), of)
            if value is None:
                self.missing.add(of)
            return value

        return rule.chained(year, month, published)


def published_prices() -> PublishedPrices:
    """Every consumer price index on record; one query."""
    rows = ReferenceValue.objects.filter(
        kind=ReferenceValue.Kind.CPI, unit=ReferenceValue.Unit.INDEX_MILLI
    )
    return PublishedPrices(
        rows.values_list("area__path", "valid_from", "valid_to", "value")
    )
