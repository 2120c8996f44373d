"""The pay screens of the office fit a phone and a desk, and everybody can use them."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from producers.ledger.models import Entry
from qiaoshou.cms.setup import make_site
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import violations
from tests.ledger_builders import APRIL, Village, noon
from tests.web.test_office_registry import enters_office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(settings, tmp_path):
    """A closed payout of March, and pay of April that is due."""
    settings.MEDIA_ROOT = tmp_path
    make_site(hostname="localhost", port=80)
    village = Village()
    village.earns(village.wang, 16)
    village.earns(village.li, 21)
    village.earns(village.zhao, 4)
    with noon(dt.date(2026, 4, 5)):
        village.march = village.paid()
    village.earns(village.wang, 3, on=APRIL)
    village.earns(village.li, 2, on=APRIL)
    return village


def signed_in(page, live_server, user, settings, language="zh-hans"):
    client = enters_office(user, language)
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return page


def trouble(page):
    """What axe finds in our part of the page, and our targets under 44 px."""
    found = violations(page, "#main")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            '.q-card a, .q-row a, .q-row button, .q-card button, .q-lines button, ' +
            '.q-lines summary, .q-card summary, .q-scroll td .button')]
        .filter(one => one.offsetParent)
        .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.9)
        .map(([html]) => html)"""
    )
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found] + small


def hidden(page):
    """How many px of each wide table are to be scrolled to."""
    return page.locator(".q-scroll").evaluate_all(
        "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )


@pytest.mark.parametrize(
    ("size", "language"),
    [(PHONE, "zh-hans"), (DESK, "zh-hans"), (DESK, "en")],
    ids=["phone", "desk", "desk in English"],
)
def test_every_screen_fits(open_page, live_server, here, settings, size, language):
    with noon(dt.date(2026, 5, 2)):
        april = here.prepared(APRIL)
    entry = Entry.objects.order_by("pk").first()
    page = signed_in(open_page(size), live_server, here.approver, settings, language)
    tables = 0
    for path in (
        "/office/payouts/",
        "/office/payouts/prepare/",
        f"/office/payouts/{here.march.reference}/",
        f"/office/payouts/{april.reference}/",
        f"/office/payouts/{here.march.reference}/sheet/",
        "/office/journal/",
        f"/office/journal/{entry.pk}/",
        "/office/journal/balances/",
        "/office/journal/balances/maker_payable/",
    ):
        page.goto(live_server.url + path)
        found = trouble(page)
        wide = page.evaluate(
            "() => document.documentElement.scrollWidth - window.innerWidth"
        )
        assert (path, wide <= 0, found) == (path, True, [])
        if size == DESK:
            beside = hidden(page)
            tables += len(beside)
            assert (path, beside) == (path, [0] * len(beside))
    assert tables == (9 if size == DESK else 0)


def test_a_payout_from_the_first_click_to_the_last_line(
    open_page, live_server, here, settings
):
    hers = signed_in(open_page(DESK), live_server, here.preparer, settings)
    others = signed_in(open_page(PHONE), live_server, here.approver, settings)
    hers.goto(f"{live_server.url}/office/payouts/prepare/?month=2026-04")
    expect(hers.locator("main")).to_contain_text("430.00 元")
    hers.get_by_role("button", name="制这 1 份发薪单").click()
    hers.get_by_role("link", name="等批准").click()
    expect(hers.locator("main")).to_contain_text("这份发薪单是您制的，要由另一个人批准")

    others.goto(hers.url)
    others.get_by_label("我已经和工钱表核对过人和金额").check()
    others.get_by_role("button", name="批准这份发薪单").click()
    expect(others.locator("body")).to_contain_text("已批准，工钱正在发。")

    hers.reload()
    assert hidden(hers) == [0]
    hers.get_by_role("button", name="现金已发").click()
    expect(hers.locator("body")).to_contain_text("的工钱已发。")
    hers.get_by_placeholder("银行流水号").fill("B-2026-0001")
    hers.get_by_role("button", name="已发").click()
    expect(hers.locator("main")).to_contain_text("已结束")
