"""The whole path on a phone, in Chinese: from a payment to a household's gain.

Each person has a browser of her own and comes in by the one door; the background jobs
are run by a real worker between her steps. Every figure on the way agrees to the fen.
"""

import datetime as dt
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Page, expect
from procrastinate.contrib.django import app

from orders.models import Assignment, Sale, WorkOrder
from producers import capacity
from producers.domain.gain import next_month
from producers.income import services as income
from producers.income.models import SOURCES
from producers.ledger.models import Balance
from producers.services.consents import give_consent
from producers.services.personal import confirm_pay_account, open_pay_account
from qiaoshou.accounts.grants import give_grant
from qiaoshou.cms.setup import make_site
from qiaoshou.common.today import clock_at, now, today
from tests import accounts_builders as people
from tests import work_builders
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)

SOLD, PAY, PARCEL, COST = 18_600, 8_600, 1_200, 900
BASELINE, TOLD = 1_200_000, 130_000


def work() -> None:
    """The background worker does what is queued, beside the loop of the browsers."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(_work).result()


def _work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as at_work:
        at_work.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False
        )
    connections.close_all()


def balances() -> dict[str, int]:
    """Fen of each kind of account that is not at nothing."""
    found: dict[str, int] = {}
    for row in Balance.objects.exclude(fen=0):
        found[row.kind] = found.get(row.kind, 0) + row.fen
    return found


class World:
    """One base with one woman who makes tigers, her household, and those in office."""

    def __init__(self) -> None:
        shop = work_builders.workshop(stock=0)
        self.shop, self.village = shop, shop.village
        self.wang = shop.makers[0]
        # The week that the builder opened may be over on the day of the test.
        monday = capacity.monday_of(today()) + dt.timedelta(weeks=1)
        shop.base.capacity_weeks.update_or_create(
            craft=shop.craft, week=monday, defaults={"offered": 4_800}
        )
        self.wang.user = people.person("wang@example.org", full_name="王桂兰")
        self.wang.save()
        self.leader = work_builders.leader(shop.base, email="leader@example.org")
        self.home = work_builders.lives_in(self.wang, self.village)
        give_consent(maker=self.wang, purpose="household_income", how="paper", by=None)
        confirm_pay_account(
            account=open_pay_account(maker=self.wang, kind="cash"), by=self.leader
        )
        self.told()
        self.officer = self.in_office("officer", "officer@example.org", self.village)
        self.preparer = self.in_office("finance", "prepares@example.org")
        self.approver = self.in_office("finance", "approves@example.org")

    def told(self) -> None:
        """12,000 yuan in the year before, and 1,300 this month beside the pay."""
        first = today().replace(day=1)
        nothing = dict.fromkeys(SOURCES, 0)
        income.record_baseline(
            household=self.home,
            year=first.year - 1,
            client_reference=uuid.uuid4(),
            by=None,
            **nothing | {"wages_fen": BASELINE},
        )
        # A month is told when it is over.
        with clock_at(now() + dt.timedelta(days=32)):
            income.record_follow_up(
                household=self.home,
                valid_from=first,
                valid_to=next_month(first),
                client_reference=uuid.uuid4(),
                by=None,
                **nothing | {"wages_fen": TOLD},
            )

    def in_office(self, role: str, email: str, area=None):
        user = people.person(email, full_name=role)
        give_grant(user=user, role=role, area=area, by=None, valid_from=today())
        return user


@pytest.fixture
def world(settings, tmp_path, live_server):
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = live_server.url
    make_site(hostname="localhost", port=80)
    return World()


@pytest.fixture
def come_in(open_page, live_server):
    """`come_in(user)` → her phone, signed in by the code she was sent, at her page."""

    def signed_in(user) -> Page:
        page = open_page(PHONE)
        page.goto(f"{live_server.url}/sign-in/")
        page.locator("input[name=login]").fill(user.email)
        page.get_by_role("button", name="发验证码").click()
        page.locator("input[name=code]").wait_for()
        page.locator("input[name=code]").fill(people.mailed_code())
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"^(?!.*sign-in).*$"))
        return page

    return signed_in


def buys(page: Page, start: str, world: World, double) -> Sale:
    """Home, product, basket, checkout, payment; the order is paid."""
    page.goto(start)
    page.locator(f'a[href="/p/{world.shop.listing.slug}/"]').first.click()
    page.locator(f'input[name="product"][value="{world.shop.made.pk}"]').check()
    page.get_by_role("button", name="放进购物袋").locator("visible=true").click()
    page.wait_for_url("**/basket/")
    page.locator('a[href="/checkout/"]').locator("visible=true").click()
    page.locator('input[name="name"]').fill("林晓雯")
    page.locator('input[name="phone"]').fill("139 0000 1234")
    page.locator('textarea[name="address"]').fill("辽宁省沈阳市和平区南京街 1 号")
    page.locator('input[name="agree"]').check()
    page.locator("#checkout button[type=submit]").last.click()
    page.wait_for_url(f"{double.base}/**")
    page.locator("button").first.click()
    page.wait_for_url(re.compile(r"/orders/[0-9A-Z]{10}/"))
    return Sale.objects.get()


def gain_and_pay(page: Page, live_server, world: World) -> list[str]:
    """The figures of her household this month, as the officer reads them."""
    month = f"{today():%Y-%m}"
    page.goto(f"{live_server.url}/reports/{world.village.pk}/?first={month}")
    row = page.locator("main table tbody tr", has_text="王").first
    return row.locator("td").all_inner_texts()


def test_a_tourists_yuan_reaches_the_household(
    open_page, live_server, payment_double, world, come_in
):
    payment_double.send_to(f"{live_server.url}/payments/stripe/webhook/")
    officer = come_in(world.officer)
    before = gain_and_pay(officer, live_server, world)

    buyer = open_page(PHONE)
    sale = buys(buyer, f"{live_server.url}/", world, payment_double)
    assert (sale.state, sale.goods_fen, sale.shipping_fen) == ("paid", SOLD, PARCEL)
    assert balances() == {
        "clearing_stripe": SOLD + PARCEL,
        "deferred_revenue": -SOLD - PARCEL,
    }
    work()

    leader = come_in(world.leader)
    expect(leader).to_have_url(re.compile("/workshop/$"))
    leader.locator("main .list a.cover").first.click()
    expect(leader.locator("main")).to_contain_text("王桂兰")
    leader.get_by_role("button", name=re.compile("^派给")).locator(
        "visible=true"
    ).click()
    expect(leader.locator(".messages")).to_contain_text("派给 1 个人了")
    row = Assignment.objects.get()
    assert (row.maker, row.state, row.offered) == (world.wang, "offered", 1)
    assert WorkOrder.objects.get().piece_rate_fen == PAY

    maker = come_in(world.wang.user)
    expect(maker).to_have_url(re.compile("/my-work/$"))
    expect(maker.locator("main")).to_contain_text("86")
    maker.get_by_role("button", name="接，我来做").click()
    expect(maker.locator(".messages")).to_contain_text("您做 1 件")
    expect(maker.locator("main")).to_contain_text("正在做")

    leader.goto(f"{live_server.url}/workshop/assignments/{row.reference}/")
    leader.locator("input[name=pieces]").first.fill("1")
    leader.get_by_role("button", name="收到了").click()
    leader.wait_for_url(re.compile("/workshop/deliveries/"))
    leader.goto(f"{live_server.url}/workshop/inspections/")
    leader.locator("main .list a.cover").first.click()
    leader.locator("#id_accepted").fill("1")
    leader.get_by_role("button", name="验收完成").click()
    expect(leader.locator(".messages")).to_contain_text("挣了 86 元")
    assert balances() == {
        "clearing_stripe": SOLD + PARCEL,
        "deferred_revenue": -SOLD - PARCEL,
        "work_in_stock": PAY,
        "maker_payable": -PAY,
    }
    work()

    leader.goto(f"{live_server.url}/workshop/parcels/")
    leader.locator("main .list a.cover").first.click()
    leader.locator("input[name=carrier]").fill("邮政")
    leader.locator("input[name=tracking]").fill("EA123456789CN")
    leader.locator("input[name=cost_fen]").fill("9.00")
    leader.get_by_role("button", name="寄出").click()
    expect(leader.locator(".messages")).to_contain_text("寄出了")
    buyer.reload()
    expect(buyer.locator("main")).to_contain_text("EA123456789CN")
    maker.reload()
    expect(maker.locator("main")).to_contain_text("86")

    preparer, approver = come_in(world.preparer), come_in(world.approver)
    preparer.goto(f"{live_server.url}/office/payouts/prepare/?month={today():%Y-%m}")
    expect(preparer.locator("main")).to_contain_text("86.00 元")
    preparer.get_by_role("button", name="制这 1 份发薪单").click()
    preparer.get_by_role("link", name="等批准").click()
    preparer.wait_for_url(re.compile(r"/office/payouts/[0-9A-Z]{10}/$"))
    payout = preparer.url
    approver.goto(payout)
    approver.get_by_label("我已经和工钱表核对过人和金额").check()
    approver.get_by_role("button", name="批准这份发薪单").click()
    approver.get_by_role("button", name="现金已发").click()
    expect(approver.locator("main")).to_contain_text("已结束")

    after = gain_and_pay(officer, live_server, world)
    changed = {(old, new) for old, new in zip(before, after, strict=True) if old != new}
    assert changed == {("0", "86"), ("300", "386")}
    assert balances() == {
        "clearing_stripe": SOLD + PARCEL,
        "bank": -PAY - COST,
        "material": -2_600,
        "base_payable": -1_400,
        "tax_parcel": COST - 1_200,
        "shipping_charged": -PARCEL,
        "chamber_revenue": -(SOLD - PAY - 2_600 - 1_400 - 1_200),
    }
    call_command("audit_books")
