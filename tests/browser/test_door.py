"""The one door on a telephone: join by number, come home, change details, go out."""

import re

import pytest
from django.core.cache import cache

from qiaoshou.accounts.models import User
from qiaoshou.cms.setup import make_site
from tests import accounts_builders as build
from tests.browser import test_pages_of_the_office as office
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def trouble(page) -> list:
    """As for every page; a choice is pressed on its whole row, not on its dot."""
    return [one for one in office.trouble(page) if 'type="radio"' not in one]


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.VAR = settings.MEDIA_ROOT = tmp_path
    cache.clear()
    make_site(hostname="localhost", port=80)


def test_joining_by_number_on_a_telephone(live_server, open_page):
    page = open_page(PHONE)
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="登录").click()
    page.wait_for_url(re.compile("/sign-in/"))
    page.get_by_role("link", name="注册").click()
    page.wait_for_url(re.compile("/sign-up/"))
    assert trouble(page) == []
    page.get_by_label("邮箱或手机号").fill("1380000567")
    page.get_by_role("button", name="发验证码").click()
    assert page.locator(".err").inner_text() == "手机号应为 11 位，现在是 10 位"
    page.get_by_label("邮箱或手机号").fill("138 0000 5678")
    page.get_by_role("button", name="发验证码").click()
    page.get_by_label("验证码").wait_for()
    assert trouble(page) == []
    page.get_by_label("验证码").fill(build.texted_code())
    page.get_by_role("button", name="继续").click()

    page.wait_for_url("**/account/")
    page.get_by_role("link", name="我的资料").click()
    page.wait_for_url("**/account/details/")
    assert trouble(page) == []
    page.get_by_label("姓名").fill("林小梅")
    page.get_by_text("English", exact=True).last.click()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/en/account/details/")
    assert page.get_by_role("status").inner_text().strip() == "Your details are saved."
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/en/")
    user = User.objects.get()
    assert (user.full_name, user.phone, user.language) == ("林小梅", build.PHONE, "en")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["telephone", "desk"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_the_account_fits_and_can_be_used(
    live_server, open_page, size, prefix
):
    build.person("leader@demo.example", full_name="关玉芬")
    page = open_page(size)
    page.goto(f"{live_server.url}{prefix}/demo/")
    assert trouble(page) == []
    page.locator("form[action$='/demo/leader/'] button").click()
    page.wait_for_url(re.compile(r"^(?!.*/demo/).*$"))
    for path in ("details/", "e-mail/", "phone/", "devices/", "two-step/app/"):
        page.goto(f"{live_server.url}{prefix}/account/{path}")
        assert (path, trouble(page)) == (path, [])
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]
