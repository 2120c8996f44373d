"""Reads a list of areas from CSV: all rows good, or every fault with its row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qiaoshou.common.csv_rows import BadRows, read_rows
from qiaoshou.common.domain.place_names import shown_kind, shown_name
from qiaoshou.common.models import Area

NEEDED = ("code", "name_zh", "level", "kind", "parent_code")
# Filled by a person; without it the loader drafts an English name.
OPTIONAL = ("name_en", "name_en_draft")
TIERS = (
    Area.Tier.PROVINCE,
    Area.Tier.CITY,
    Area.Tier.COUNTY,
    Area.Tier.TOWNSHIP,
    Area.Tier.VILLAGE,
)
# The words of the statistical office for the levels, beside our own.
LEVELS = dict(zip(("省级", "地级", "县级", "乡级", "村级"), TIERS, strict=True)) | {
    str(tier): tier for tier in TIERS
}
CODE = re.compile(r"[0-9A-Za-z]{1,20}")
LONGEST = {"name_zh": 80, "kind": 20, "name_en": 120, "name_en_draft": 120}


@dataclass(frozen=True, slots=True)
class Row:
    """One area of a list; names and kinds as people use them, see place_names."""

    line: int
    code: str
    name: str
    tier: str
    kind: str
    parent: str
    english: str
    english_is_draft: bool


def _faults(row: dict[str, str]) -> Iterator[str]:
    for name in ("code", "name_zh", "level"):
        if not row[name]:
            yield _("%(column)s is empty.") % {"column": name}
    if row["code"] and not CODE.fullmatch(row["code"]):
        yield _("code may hold only digits and letters, at most 20.")
    if row["level"] and row["level"] not in LEVELS:
        yield _("The level %(level)s is not known; use one of %(known)s.") % {
            "level": row["level"],
            "known": " ".join(LEVELS),
        }
    for name, most in LONGEST.items():
        if len(row[name]) > most:
            yield _("%(column)s has more than %(most)d characters.") % {
                "column": name,
                "most": most,
            }
    if any(not text.isprintable() for text in row.values()):
        yield _("The row holds a character that can't be printed.")


def _row(line: int, found: dict[str, str]) -> Row:
    name = shown_name(found["name_zh"])
    return Row(
        line=line,
        code=found["code"],
        name=name,
        tier=str(LEVELS[found["level"]]),
        kind=shown_kind(found["kind"], name),
        parent=found["parent_code"],
        english=found["name_en"] or found["name_en_draft"],
        english_is_draft=not found["name_en"],
    )


def read_areas(text: str) -> list[Row]:
    """The areas of a file, upper tiers first, the top one leading.

    Raises BadRows with the line of each fault.
    """
    rows = [
        _row(line, values)
        for line, values in read_rows(text, NEEDED, _faults, OPTIONAL)
    ]
    # Faults of single rows came first: a row that can't be read orphans its children.
    wrong = (
        list(_faults_between(rows)) if rows else [(1, _("The file holds no areas."))]
    )
    if wrong:
        raise BadRows(wrong)
    return sorted(rows, key=lambda row: (TIERS.index(row.tier), row.line))


def _faults_between(rows: list[Row]) -> Iterator[tuple[int, str]]:
    """Codes and names given twice, parents that are missing or of the wrong tier."""
    by_code: dict[str, Row] = {}
    for row in rows:
        first = by_code.setdefault(row.code, row)
        if first is not row:
            yield (
                row.line,
                _("The code %(code)s stands in line %(line)d already.")
                % {"code": row.code, "line": first.line},
            )
    top = min(rows, key=lambda row: (TIERS.index(row.tier), row.line))
    names: dict[tuple[str, str], Row] = {}
    for row in rows:
        first = names.setdefault((row.parent, row.name), row)
        if first is not row and first.code != row.code:
            yield (
                row.line,
                _("%(name)s stands in line %(line)d already, in the same area.")
                % {"name": row.name, "line": first.line},
            )
        above = by_code.get(row.parent)
        if row is top and above is None:
            continue
        if above is None:
            yield (
                row.line,
                _("The area above, %(code)s, is not in the file.")
                % {"code": row.parent or "?"},
            )
        elif TIERS.index(row.tier) - TIERS.index(above.tier) != 1:
            yield (
                row.line,
                _("The level does not fit: %(name)s stands under %(above)s.")
                % {"name": row.name, "above": above.name},
            )
