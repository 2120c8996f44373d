"""The payment double's page: paying, being declined, going back, scanning a code."""

import re
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.shop.payment_double import until
from tests.shop.test_payment_double import SESSIONS, opened

BACK = "https://shop.example/back/?s="


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def visit(url, form=None, **headers):
    """(status, text, location); redirects are shown, not followed."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, names)
    try:
        with urllib.request.build_opener(StayHere).open(request) as answer:
            return answer.status, answer.read().decode(), None
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers["Location"]


def state(double, session):
    _, found, _ = double.api("GET", f"{SESSIONS}/{session['id']}")
    return found["status"], found["payment_status"]


def test_paying_leads_back_with_the_session_in_the_address(payment_double):
    session = opened(payment_double)

    status, _, location = visit(session["url"], {"deed": "pay", "method": "card"})

    assert (status, location) == (303, BACK + session["id"])
    assert state(payment_double, session) == ("complete", "paid")


def test_a_button_pressed_twice_pays_once(payment_double):
    session = opened(payment_double)
    for _ in range(2):
        status, _, location = visit(session["url"], {"deed": "pay", "method": "card"})
        assert (status, location) == (303, BACK + session["id"])

    assert len(payment_double.events("charge.succeeded")) == 1


def test_twenty_hands_on_one_button_pay_once(payment_double):
    session = opened(payment_double)

    def press(_):
        return visit(session["url"], {"deed": "pay", "method": "card"})[2]

    with ThreadPoolExecutor(20) as pool:
        places = set(pool.map(press, range(20)))

    assert places == {BACK + session["id"]}
    assert len(payment_double.events("charge.succeeded")) == 1


def test_a_declined_payment_says_so_and_can_be_tried_again(payment_double):
    session = opened(payment_double)

    status, text, _ = visit(session["url"], {"deed": "decline", "method": "alipay"})

    assert status == 200
    assert "付款没有成功：银行拒绝了这次付款" in text
    assert 'value="alipay" checked' in text
    assert state(payment_double, session) == ("open", "unpaid")
    visit(session["url"], {"deed": "pay", "method": "alipay"})
    assert state(payment_double, session) == ("complete", "paid")


def test_not_now_leads_to_the_cancel_address_and_changes_nothing(payment_double):
    session = opened(payment_double)

    _, text, _ = visit(session["url"])

    assert 'href="https://shop.example/basket/"' in text
    assert state(payment_double, session) == ("open", "unpaid")


def test_the_page_says_that_no_money_moves_in_both_languages(payment_double):
    session = opened(payment_double)

    assert "测试付款页，不会动用真钱" in visit(session["url"])[1]
    english = visit(session["url"] + "?lang=en")[1]
    assert "Test payment page: no real money moves" in english
    assert '<html lang="en">' in english


@pytest.mark.parametrize(
    ("locale", "browser", "word"),
    [
        ("zh", "en-GB", "应付"),
        ("en", "zh-CN", "To pay"),
        ("auto", "en-GB,en;q=0.9", "To pay"),
        ("auto", "zh-CN", "应付"),
        ("auto", "fr", "应付"),
    ],
)
def test_the_language_is_the_sessions_else_the_browsers(
    payment_double, locale, browser, word
):
    session = opened(payment_double, locale=locale)

    assert word in visit(session["url"], Accept_Language=browser)[1]


def test_titles_are_text_and_never_markup(payment_double):
    title = {"line_items[0][price_data][product_data][name]": "<script>x</script>"}
    session = opened(payment_double, **title)

    _, text, _ = visit(session["url"])

    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert "<script>x" not in text


def test_an_expired_page_takes_no_money(payment_double):
    session = opened(payment_double)
    payment_double.advance(32 * 60)

    status, text, _ = visit(session["url"], {"deed": "pay", "method": "card"})

    assert status == 410
    assert "这一页已经过期" in text
    assert payment_double.events("charge.succeeded") == []


def test_a_way_to_pay_that_is_not_offered_is_refused(payment_double):
    session = opened(
        payment_double,
        **{
            "allowed_payment_method_types[1]": None,
            "allowed_payment_method_types[2]": None,
        },
    )

    status, text, _ = visit(session["url"], {"deed": "pay", "method": "alipay"})

    assert status == 400
    assert "支付宝" not in text
    assert state(payment_double, session) == ("open", "unpaid")


def test_an_unknown_page_is_404(payment_double):
    status, text, _ = visit(payment_double.url("/c/pay/cs_test_none"))

    assert (status, "没有这一页" in text) == (404, True)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_wechat_shows_a_code_and_the_page_goes_on_when_it_was_paid(
    payment_double, phone
):
    back = payment_double.url("/c/pay/done-{CHECKOUT_SESSION_ID}")
    session = opened(payment_double, success_url=back)
    phone.goto(session["url"])
    phone.get_by_label("微信支付").check()
    phone.get_by_role("button", name=re.compile("^付 ¥128.00")).click()

    expect(phone.get_by_role("heading", name="微信扫一扫")).to_be_visible()
    picture = phone.get_by_role("img", name="付款二维码").screenshot()
    code = cv2.imdecode(numpy.frombuffer(picture, numpy.uint8), cv2.IMREAD_COLOR)
    text, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(code)
    assert text == f"{session['url']}/wechat"

    payment_double.pay(session["id"], method="wechat_pay")
    phone.wait_for_url(f"**/c/pay/done-{session['id']}")


def test_a_card_is_declined_and_then_taken_on_a_phone(payment_double, phone):
    back = payment_double.url("/c/pay/done-{CHECKOUT_SESSION_ID}")
    session = opened(payment_double, success_url=back)
    phone.goto(session["url"])
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

    phone.get_by_role("button", name="试一次付款被拒").click()
    expect(phone.get_by_role("alert")).to_contain_text("银行拒绝了这次付款")
    phone.get_by_role("button", name=re.compile("^付 ")).click()

    phone.wait_for_url(f"**/c/pay/done-{session['id']}")
    until(lambda: state(payment_double, session) == ("complete", "paid"))
