"""What came back, and looking for people by number, fit a phone and a desk."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from orders.models import GoodsBack, Shipment
from orders.services import shipping
from qiaoshou.accounts.models import Grant
from qiaoshou.accounts.office_groups import mirror
from qiaoshou.cms.setup import make_site
from qiaoshou.common.today import clock_at, today
from tests import work_builders as build
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import violations

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def enters(live_server, open_page, settings, tmp_path):
    """`enters(size, role, language)` → a page of somebody with this role."""
    settings.MEDIA_ROOT = tmp_path
    make_site(hostname="localhost", port=80)

    def opened(size, role, language="zh-hans"):
        person = build.person(f"{role}@example.com", language=language)
        Grant.objects.create(user=person, role=role, valid_from=today())
        mirror(today())
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        page = open_page(size)
        value = client.cookies[name].value
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url}]
        )
        return page

    return opened


def trouble(page, part="main"):
    """What axe finds there, and buttons, links and fields under 44 px."""
    found = violations(page, part)
    small = page.evaluate(
        """part => [...document.querySelectorAll(
            `${part} .btn, ${part} .input, ${part} input:not([type=hidden])`)]
        .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.9)
        .map(one => one.outerHTML.slice(0, 90))""",
        part,
    )
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found] + small, wide


@SIZES
def test_what_came_back_is_written_read_once_more_and_recorded(
    live_server, enters, size
):
    with clock_at(build.NOON):
        shop = build.workshop()
        build.paid(shop, 0, ready=2)
        leader = build.leader(shop.base)
        row = build.sent(Shipment.objects.get(), leader)
        shipping.mark_arrived(shipment=row, by=leader)
        page = enters(size, "shopkeeper")
    page.goto(f"{live_server.url}/shop/dashboard/parcels/{row.reference}/")
    page.get_by_role("link", name="有退回的").click()
    page.wait_for_url(re.compile("/back/"))
    assert trouble(page) == ([], False)
    page.get_by_label("完好，重新入库").fill("1")
    page.get_by_label("损坏或丢失，报损").fill("1")
    page.get_by_label("为什么退回").fill("尺寸不合")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", name="对吗？")).to_be_visible()
    assert trouble(page) == ([], False)
    assert not GoodsBack.objects.exists()

    page.get_by_role("button", name="记下").click()

    expect(page.get_by_text("已记下")).to_be_visible()
    line = GoodsBack.objects.get().lines.get()
    assert (line.good, line.spoilt) == (1, 1)


@SIZES
def test_people_are_looked_for_by_number_without_it_in_the_address(
    live_server, enters, size
):
    build.person("lin@example.com", phone="+8613800005678", language="zh-hans")
    page = enters(size, "administrator")
    page.goto(f"{live_server.url}/office/people/")
    page.get_by_label("姓名、邮箱或完整手机号").fill("138 0000 5678")
    page.locator("#main").get_by_role("button", name="搜索").click()

    expect(page.get_by_role("link", name="林晓雯")).to_have_count(1)
    assert page.url == f"{live_server.url}/office/people/"
    page.get_by_role("button", name="显示所有人").click()
    expect(page.get_by_role("link", name="林晓雯")).to_have_count(2)
