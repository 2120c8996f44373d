"""Reports as CSV and as a spreadsheet, from the same columns as the page."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from qiaoshou.common.spreadsheet import inert

Cell = str | int | Decimal
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY = "#,##0.00"
COUNT = "#,##0"
FIRST_WIDTH, WIDTH = 34, 15


def as_csv(name: str, rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    """A file that spreadsheets open as UTF-8; the first row is the head."""
    text = StringIO()
    csv.writer(text).writerows([inert(cell) for cell in row] for row in rows)
    return _file(
        name, "csv", "text/csv; charset=utf-8", text.getvalue().encode("utf-8-sig")
    )


def as_xlsx(name: str, rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    """A workbook with one sheet; sums are numbers of two decimals."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "B2"
    for number in range(1, len(rows[0]) + 1):
        width = FIRST_WIDTH if number == 1 else WIDTH
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=inert(value))
            if isinstance(value, Decimal):
                cell.number_format = MONEY
            elif isinstance(value, int):
                cell.number_format = COUNT
            if number == 0:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            cells.append(cell)
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return _file(name, "xlsx", XLSX, file.getvalue())


def _file(name: str, ending: str, kind: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
