"""Reads tables that people upload or name: UTF-8 CSV, each fault with its line."""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path

from django.utils.translation import gettext as _

LARGEST_BYTES = 32 * 2**20


class BadRows(Exception):
    """The file was refused and nothing changed; `rows` holds (line number, words)."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(rows)} wrong rows")
        self.rows = sorted(rows, key=lambda row: row[0])


def read_text(path: Path) -> str:
    """The file's text; raises OSError, and BadRows if too large or no UTF-8."""
    if path.stat().st_size > LARGEST_BYTES:
        words = _("The file is larger than %d MB.") % (LARGEST_BYTES // 2**20)
        raise BadRows([(1, words)])
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadRows([(line, _("This is not UTF-8 text."))]) from error


def read_rows(
    text: str,
    columns: Sequence[str],
    faults: Callable[[dict[str, str]], Iterable[str]],
    optional: Sequence[str] = (),
) -> list[tuple[int, dict[str, str]]]:
    """(Line number, trimmed values by column) of every row; columns beyond are ignored.

    `faults` says in words what is wrong with one row; it is asked in the order of the
    file. Raises BadRows with every fault.
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    wrong: list[tuple[int, str]] = []
    try:
        if not text.strip():
            raise BadRows([(1, _("The file is empty."))])
        missing = [name for name in columns if name not in (reader.fieldnames or [])]
        if missing:
            raise BadRows([(1, _("missing columns: %s") % ", ".join(missing))])
        for found in reader:
            if None in found or None in found.values():
                wrong.append((reader.line_num, _("The number of columns is wrong.")))
                continue
            names = (*columns, *optional)
            row = {name: (found.get(name) or "").strip() for name in names}
            wrong += [(reader.line_num, words) for words in faults(row)]
            rows.append((reader.line_num, row))
    except csv.Error as error:
        # The row that fails begins after the last one that could be read.
        wrong.append((reader.line_num + 1, _("The row can't be read: %s") % error))
    if wrong:
        raise BadRows(wrong)
    return rows
