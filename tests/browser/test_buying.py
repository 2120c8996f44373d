"""A tourist buys on her phone: from the product to the money, with a real browser."""

import re

import pytest
from playwright.sync_api import expect

from orders.models import Sale
from tests import orders_builders as build
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    return build.shop()


def fits(page):
    """Nothing sticks out sideways, and nothing that axe knows is wrong."""
    found = violations(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_guest_buys_a_tiger(open_page, live_server, payment_double, shop, size):
    page = open_page(size)
    page.goto(f"{live_server.url}/p/{shop.listing.slug}/")
    page.locator(f'input[name="product"][value="{shop.ready.pk}"]').check()
    page.get_by_role("button", name=re.compile("Add to basket|放进购物袋")).locator(
        "visible=true"
    ).click()
    page.wait_for_url("**/basket/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)
    page.locator('a[href="/checkout/"]').locator("visible=true").click()
    page.wait_for_url("**/checkout/")

    page.locator('input[name="name"]').fill("林晓雯")
    page.locator('input[name="phone"]').fill("138 0000 000")
    page.locator('textarea[name="address"]').fill("辽宁省沈阳市和平区南京街 1 号")
    page.locator('input[name="agree"]').check()
    fits(page)
    page.locator("#checkout button[type=submit]").last.click()
    expect(page.locator(".err-sum")).to_be_focused()
    expect(page.locator('input[name="name"]')).to_have_value("林晓雯")
    fits(page)
    page.locator('input[name="way"][value="pickup"]').check()
    expect(page.locator("#sum .total")).to_contain_text("168")
    page.locator('input[name="way"][value="parcel"]').check()
    expect(page.locator("#sum .total")).to_contain_text("180")
    page.locator('input[name="phone"]').fill("139 0000 1234")
    page.locator("#checkout button[type=submit]").last.click()

    page.wait_for_url(f"{payment_double.base}/**")
    page.locator("button").first.click()
    page.wait_for_url(re.compile(r"/orders/[0-9A-Z]{10}/"))

    assert Sale.objects.get().state == "paid"
    expect(page.locator(".timeline")).to_be_visible()
    fits(page)
