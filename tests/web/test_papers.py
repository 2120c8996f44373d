"""Slips and the pay sheet as PDF files: the page's own template, and no network."""

import io
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from pypdf import PdfReader

from orders.models import Assignment
from qiaoshou.common import paper
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.bench_builders import WORKSHOP, leads, read, work_order

pytestmark = pytest.mark.django_db
A6, A4_LANDSCAPE = (105, 148), (297, 210)


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return leads(shop.base)


def pages(answer):
    """The size in whole millimetres and the words of each page."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    found = []
    for page in PdfReader(io.BytesIO(answer.content)).pages:
        size = tuple(round(float(side) * 25.4 / 72) for side in page.mediabox[2:])
        found.append((size, page.extract_text()))
    return found


def shown(html):
    """What of a page is printed, as one line."""
    body = html.partition('<div class="sheets">')[2] or html
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_work_orders_slips_are_one_a6_page_each(leader, shop):
    build.taken(shop, 8, leader.user)
    order = work_order()
    rows = list(Assignment.objects.select_related("maker").order_by("maker__sort_key"))
    assert len(rows) > 1
    at = f"/workshop/work/{order.reference}/slips/"
    assert f'href="{at}file/"' in leader.get(at).content.decode()

    answer = leader.get(f"{at}file/")

    found = pages(answer)
    assert [size for size, _text in found] == [A6] * len(rows)
    for (_size, text), row in zip(found, rows, strict=True):
        assert row.maker.name_zh in text
        assert row.reference in text
        assert "送货时带上这张条" in text
    assert answer["Content-Disposition"] == (
        f'attachment; filename="slips-{order.reference}.pdf"'
    )


def test_one_slip_is_one_page_in_the_readers_language(leader, shop):
    row = build.taken(shop, 4, leader.user)[0]
    html = read(leader, f"{WORKSHOP}/assignments/{row.reference}/slip/")
    assert f"/assignments/{row.reference}/slip/file/" in html

    ((size, text),) = pages(
        leader.get(f"{WORKSHOP}/assignments/{row.reference}/slip/file/")
    )

    assert size == A6
    # Every word of the slip on the page stands in the file.
    for words in ("Bring this slip with the pieces", row.maker.name_en, row.reference):
        assert words in shown(html)
        assert words in " ".join(text.split())


def test_the_pay_sheet_is_a4_across_and_who_took_it_stands_in_the_trail(leader, shop):
    row = build.taken(shop, 4, leader.user)[0]
    build.inspected(build.delivered(row, 2, leader.user), leader.user)
    html = leader.get("/workshop/pay-sheet/").content.decode()
    assert 'action="/workshop/pay-sheet/file/"' in html

    answer = leader.post("/workshop/pay-sheet/file/", {"month": "2026-11"})

    ((size, text),) = pages(answer)
    assert size == A4_LANDSCAPE
    for words in (row.maker.name_zh, "172.00", "签字", "带头人："):
        assert words in text
    # What is for the screen alone is not printed.
    assert "Excel" not in text
    assert answer["Content-Disposition"] == (
        f'attachment; filename="pay-sheet-{shop.base.reference}-2026-11.pdf"'
    )
    trail = AuditRow.objects.get(deed="export_list")
    assert (trail.subject, trail.by, trail.facts) == (
        "pay_sheet",
        leader.user,
        {"rows": 1},
    )


def test_a_month_to_come_or_none_makes_no_file_and_no_row(leader, shop):
    for month in ("2027-01", "soon"):
        answer = leader.post("/workshop/pay-sheet/file/", {"month": month})
        assert answer.status_code == 404
    assert leader.get("/workshop/pay-sheet/file/").status_code == 405
    assert not AuditRow.objects.filter(deed="export_list").exists()


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.css",
        "http://example.org/static/css/base.css",
        "file:///etc/passwd",
        "https://page.invalid/account/",
        "https://page.invalid/static/../settings.py",
        "https://page.invalid/media/../../etc/passwd",
        "ftp://example.org/x",
    ],
)
def test_only_static_files_and_uploads_are_read(address):
    with pytest.raises((paper.NotOurs, SuspiciousFileOperation)):
        paper.OurFiles().fetch(address)


def test_a_page_that_names_another_server_does_not_reach_it():
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    there = f"http://127.0.0.1:{server.server_port}"
    html = (
        f'<link rel="stylesheet" href="{there}/a.css"><p>王桂兰</p>'
        f'<img src="{there}/b.png"><style>p {{ background: url({there}/c) }}</style>'
    )
    try:
        ((_size, text),) = pages(paper.as_pdf(HttpResponse(html), "x.pdf"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert "王桂兰" in text
    assert asked == []
