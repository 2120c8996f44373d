"""Brings the tree of areas to what a list says: adds and closes, never deletes.

The rules and their worked table stand in docs/rules/areas.md.
"""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from qiaoshou.common import audit
from qiaoshou.common.area_file import Row, read_areas
from qiaoshou.common.csv_rows import BadRows, read_text
from qiaoshou.common.domain.place_names import draft_english, sort_key
from qiaoshou.common.models import Area, AreaChange
from qiaoshou.common.today import today

TIELING = Path(__file__).parent / "data" / "tieling_divisions.csv"
SCHEME, VINTAGE = "nbs", "2023"
# A list that would close more than this share of the tree is taken for a part of one.
CLOSES_AT_MOST_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Report:
    """What a list did to the tree, in areas; `drafted` of those added have no checked
    English name."""

    added: int = 0
    changed: int = 0
    # Closed, with the area that took its place; closed, with none.
    replaced: int = 0
    closed: int = 0
    same: int = 0
    drafted: int = 0

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed or self.replaced or self.closed)


class TooManyWouldClose(Exception):
    """The list lacks so many areas (`missing` of `known`) that it looks like a part."""

    def __init__(self, missing: int, known: int) -> None:
        super().__init__(missing, known)
        self.missing, self.known = missing, known


class _Tree:
    """The areas that are there, and those a list adds, until they are written."""

    def __init__(self) -> None:
        self.areas = {area.path: area for area in Area.objects.all()}
        self.children: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas.values():
            self.children[area.path[: -Area.steplen]].append(area)
        self.added: list[Area] = []
        self.touched: dict[str, Area] = {}

    def above(self, path: str) -> list[tuple[str, str]]:
        """(Chinese, English) names of the areas over a path, the nearest first."""
        ends = range(len(path), 0, -Area.steplen)
        over = (self.areas[path[:end]] for end in ends)
        return [(area.name_zh, area.name_en) for area in over]

    def add(self, parent: str, **values: object) -> Area:
        """A new last child of the area at this path, "" for a root."""
        siblings = self.children[parent]
        taken = (Area._str2int(one.path[-Area.steplen :]) for one in siblings)
        depth = len(parent) // Area.steplen + 1
        path = Area._get_path(parent, depth, max(taken, default=0) + 1)
        area = Area(path=path, depth=depth, numchild=0, **values)
        self.areas[path] = area
        siblings.append(area)
        self.added.append(area)
        if parent:
            self.areas[parent].numchild += 1
            self.touched[parent] = self.areas[parent]
        return area

    def change(self, area: Area, **values: object) -> bool:
        """True where one of the values was another."""
        found = {k: v for k, v in values.items() if getattr(area, k) != v}
        for name, value in found.items():
            setattr(area, name, value)
        if found and area.pk:
            self.touched[area.path] = area
        return bool(found)

    def write(self) -> None:
        """Old areas first; their codes are put aside, since they may have changed
        places."""
        old = [area for area in self.touched.values() if area.pk]
        Area.objects.filter(pk__in=[area.pk for area in old]).update(
            code=Concat(Value("~"), "pk", output_field=CharField())
        )
        names = ["closed_on", "kind", "scheme", "code", "vintage", "numchild"]
        names += ["name_en", "name_en_is_draft", "sort_key"]
        Area.objects.bulk_update(old, names, batch_size=500)
        Area.objects.bulk_create(self.added, batch_size=500)


def _top(tree: _Tree, row: Row, scheme: str) -> Area | None:
    """The area of the tree that the first row means; None begins the tree.

    Raises BadRows where there is a tree, and the row is not in it.
    """
    open_areas = [area for area in tree.areas.values() if area.closed_on is None]
    for fits in (
        lambda one: (one.scheme, one.code) == (scheme, row.code),
        lambda one: one.name_zh == row.name,
    ):
        found = [area for area in open_areas if area.tier == row.tier and fits(area)]
        if len(found) == 1:
            return found[0]
    roots = [area for area in open_areas if area.depth == 1]
    if roots:
        words = _("The tree of areas begins with %(root)s; %(name)s is not in it.")
        names = {"root": roots[0].name_zh, "name": row.name}
        raise BadRows([(row.line, words % names)])
    return None


class _Update:
    """One list being laid over the tree."""

    def __init__(self, rows: list[Row], scheme: str, vintage: str, on: dt.date) -> None:
        self.rows, self.scheme, self.vintage, self.on = rows, scheme, vintage, on
        self.tree = _Tree()
        self.listed = {(row.parent, row.name) for row in rows}
        self.counts: Counter[str] = Counter()
        self.links: list[tuple[Area, Area]] = []
        self.met: set[str] = set()

    def _match(self, siblings: list[Area], row: Row) -> Area | None:
        """The open area that a row means: in its township, by name; else by its code.

        Codes come second, since lists disagree about them and change them every year;
        an area that the list names elsewhere is not meant by its old code.
        """
        found = [one for one in siblings if one.closed_on is None]
        named = [one for one in found if one.name_zh == row.name]
        coded = [
            one
            for one in found
            if (one.scheme, one.code) == (self.scheme, row.code)
            and (row.parent, one.name_zh) not in self.listed
        ]
        return next(iter(named or coded), None)

    def _add(self, parent: str, row: Row) -> Area:
        area = self.tree.add(
            parent,
            tier=row.tier,
            name_zh=row.name,
            name_en=row.english or draft_english(row.name, self.tree.above(parent)),
            name_en_is_draft=row.english_is_draft,
            sort_key=sort_key(row.name),
            kind=row.kind,
            scheme=self.scheme,
            code=row.code,
            vintage=self.vintage,
        )
        self.met.add(area.path)
        self.counts["drafted"] += row.english_is_draft
        return area

    def _keep(self, area: Area, row: Row) -> Area:
        """The same area: its code, kind and a checked English name are brought up."""
        values: dict[str, object] = {
            "kind": row.kind,
            "sort_key": sort_key(row.name),
            "scheme": self.scheme,
            "code": row.code,
            "vintage": self.vintage,
        }
        if row.english and area.name_en_is_draft:
            values |= {
                "name_en": row.english,
                "name_en_is_draft": row.english_is_draft,
            }
        changed = self.tree.change(area, **values)
        self.counts["changed" if changed else "same"] += 1
        self.met.add(area.path)
        return area

    def lay(self) -> None:
        first = self.rows[0]
        top = _top(self.tree, first, self.scheme)
        places: dict[str, Area] = {}
        for row in self.rows:
            if row is first:
                found, parent = top, top.path[: -Area.steplen] if top else ""
            else:
                parent = places[row.parent].path
                found = self._match(self.tree.children[parent], row)
            if found is not None and found.name_zh == row.name:
                places[row.code] = self._keep(found, row)
                continue
            places[row.code] = self._add(parent, row)
            if found is not None:
                self.links.append((found, places[row.code]))
        self._close_missing(places[first.code].path, top)

    def _close_missing(self, new_top: str, old_top: Area | None) -> None:
        """What the list no longer has is closed, with all below it.

        An area that now stands elsewhere under its old code follows the closed one.
        """
        tops = (new_top, old_top.path) if old_top else (new_top,)
        gone = [
            area
            for path, area in self.tree.areas.items()
            if path not in self.met
            and area.closed_on is None
            and area.scheme == self.scheme
            and path.startswith(tops)
        ]
        for area in gone:
            self.tree.change(area, closed_on=self.on)
        linked = {old.path for old, _new in self.links}
        by_code = {area.code: area for area in gone if area.path not in linked}
        followed = {new.path for _old, new in self.links}
        self.links += [
            (by_code[area.code], area)
            for area in self.tree.added
            if area.code in by_code and area.path not in followed
        ]
        self.counts["replaced"] = len(self.links)
        self.counts["closed"] = len(gone) - len(self.links)
        self.counts["added"] = len(self.tree.added) - len(self.links)

    def write(self, document: str) -> None:
        self.tree.write()
        AreaChange.objects.bulk_create(
            AreaChange(closed=old, opened=new, changed_on=self.on, document=document)
            for old, new in self.links
        )


@transaction.atomic
def load_areas(
    path: Path = TIELING,
    *,
    scheme: str = SCHEME,
    vintage: str = VINTAGE,
    on: dt.date | None = None,
    document: str = "",
    by: object | None = None,
    close_many: bool = False,
) -> Report:
    """The tree holds what the list says; what the list lacks is closed on that day.

    The same list again changes nothing. Areas of another code scheme stay as they are.
    `document` (default: the file's name and vintage) is written beside each follow-up.
    Raises BadRows with line numbers, TooManyWouldClose and OSError; then nothing
    changes.
    """
    rows = read_areas(read_text(path))
    lock_areas()
    update = _Update(rows, scheme, vintage, on or today())
    known = sum(
        area.scheme == scheme and area.closed_on is None
        for area in update.tree.areas.values()
    )
    update.lay()
    gone = update.counts["closed"]
    if gone * 100 > known * CLOSES_AT_MOST_PERCENT and not close_many:
        raise TooManyWouldClose(gone, known)
    update.write(document or f"{path.name} {vintage}")
    report = Report(**update.counts)
    if not report.changes_nothing:
        audit.record(
            deed="load_areas",
            subject=f"areas:{scheme}-{vintage}",
            by=by,
            facts={name: number for name, number in update.counts.items() if number},
        )
    return report


def lock_areas() -> None:
    """One writer of the tree at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('common.Area'))")
