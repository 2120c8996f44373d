"""Work on a phone, in a real browser: proposal, answer, inspection, parcel, pay."""

import re

import pytest
from playwright.sync_api import expect

from orders.models import Assignment, Delivery, Inspection, Shipment, WorkOrder
from tests import work_builders as build
from tests.bench_builders import leads, signs_in
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    return build.workshop()


def fits(page):
    """Nothing sticks out sideways, and nothing that axe knows is wrong."""
    found = violations(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url
    assert [(page.url, one["id"], one["nodes"][0]["html"][:300]) for one in found] == []


def opened(open_page, live_server, client, size=PHONE):
    """A page in the browser of somebody who is signed in."""
    page = open_page(size)
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    return page


def pressed(page, name):
    page.get_by_role("button", name=name).locator("visible=true").first.click()


def test_a_paid_order_becomes_a_parcel_on_a_phone(open_page, live_server, shop):
    leader = leads(shop.base)
    for busy in shop.makers[1:]:
        busy.hours.update(minutes=0)
    build.placed(shop, 4)
    page = opened(open_page, live_server, leader)
    page.goto(f"{live_server.url}/workshop/")
    fits(page)
    page.get_by_role("link", name=re.compile("确认派活|Check who")).click()
    page.wait_for_url(re.compile("/workshop/work/."))
    fits(page)

    order = WorkOrder.objects.get()
    row = Assignment.objects.get()
    name = f"pieces-{row.maker.reference}"
    less = page.locator(f'.step:has(input[name="{name}"]) [data-by="-1"]')
    less.click()
    expect(page.locator("[data-sum-said]").first).to_have_text("还差 1 件")
    page.locator(f'.step:has(input[name="{name}"]) [data-by="1"]').click()
    expect(page.locator("[data-sum-said]").first).to_have_text("正好")
    pressed(page, "派给 1 个人")
    expect(page.locator(".messages")).to_contain_text("派给 1 个人了")
    fits(page)

    maker = opened(open_page, live_server, signs_in(row.maker))
    maker.goto(f"{live_server.url}/my-work/")
    fits(maker)
    pressed(maker, "接，我来做")
    expect(maker.locator(".messages")).to_contain_text("您做 4 件")
    fits(maker)

    page.goto(f"{live_server.url}/workshop/assignments/{row.reference}/")
    fits(page)
    page.locator('input[name="pieces"]').first.fill("4")
    pressed(page, "收到了")
    page.wait_for_url(re.compile("/workshop/deliveries/"))
    fits(page)
    less = page.locator('.step:has(input[name="accepted"]) [data-by="-1"]')
    less.click()
    done = page.locator("[data-when-exact]")
    expect(done).to_have_attribute("aria-disabled", "true")
    done.click(force=True)
    assert not Inspection.objects.exists()
    page.locator('.step:has(input[name="accepted"]) [data-by="1"]').click()
    expect(page.locator('[data-times="accepted"]')).to_have_text("344")
    done.click()
    expect(page.locator(".messages")).to_contain_text("挣了 344 元")
    fits(page)
    assert Inspection.objects.get().accepted == 4
    assert Delivery.objects.get().assignment.work_order == order

    parcel = Shipment.objects.get()
    page.goto(f"{live_server.url}/workshop/parcels/{parcel.reference}/")
    fits(page)
    pressed(page, "看地址，打印面单")
    expect(page.locator(".slip.label")).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.goto(f"{live_server.url}/workshop/parcels/{parcel.reference}/")
    page.locator('input[name="carrier"]').fill("顺丰")
    page.locator('input[name="tracking"]').fill("SF1")
    pressed(page, "寄出")
    expect(page.locator(".messages")).to_contain_text("寄出了")
    maker.goto(f"{live_server.url}/my-work/pay/")
    expect(maker.locator(".bigmoney")).to_contain_text("344")
    fits(maker)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["", "/en"], ids=["chinese", "english"])
def test_every_page_fits_and_is_accessible(
    open_page, live_server, shop, size, language
):
    leader = leads(shop.base)
    rows = build.taken(shop, 12, leader.user, ready=1)
    build.inspected(
        build.delivered(rows[0], 3, leader.user),
        leader.user,
        accepted=2,
        rework=1,
        defects=[build.inspecting.Fault("stitch", 1)],
    )
    waiting = build.delivered(rows[1], 2, leader.user)
    offer = build.offered(shop, 4, leader.user)[0]
    build.placed(shop, 4)
    lot = shop.ready.lots.get()
    parcel = Shipment.objects.first()
    order = WorkOrder.objects.get(pk=rows[0].work_order_id)
    proposed = WorkOrder.objects.filter(assignments__state="proposed").first()
    page = opened(open_page, live_server, leader, size)
    for path in (
        "",
        "work/",
        f"work/{order.reference}/",
        f"work/{order.reference}/slips/",
        f"work/{proposed.reference}/",
        f"assignments/{rows[0].reference}/",
        f"assignments/{offer.reference}/",
        "inspections/",
        f"deliveries/{waiting.reference}/",
        "parcels/",
        f"parcels/{parcel.reference}/",
        "stock/",
        f"lots/{lot.serial}/tags/",
        "makers/",
        f"makers/{shop.makers[0].reference}/",
        "capacity/",
        "pay-sheet/",
    ):
        page.goto(f"{live_server.url}{language}/workshop/{path}")
        fits(page)
    maker = opened(open_page, live_server, signs_in(offer.maker), size)
    for path in (
        "",
        f"assignments/{offer.reference}/",
        f"assignments/{offer.reference}/?do=some",
        f"assignments/{offer.reference}/?do=decline",
        "history/",
        "others/",
        "pay/",
        "me/",
    ):
        maker.goto(f"{live_server.url}{language}/my-work/{path}")
        fits(maker)
