"""The front page fits every screen; the office edits it under the content policy."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from qiaoshou.accounts.models import Grant
from qiaoshou.cms.models import HomePage, StoryPage
from qiaoshou.cms.setup import make_site
from qiaoshou.common.today import clock_at
from tests import catalog_builders as build
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # renditions of another test's pictures
    with clock_at(build.NOON):
        yield make_site(hostname="localhost", port=80)


@pytest.fixture
def office(open_page, live_server, site):
    """A page of a signed-in administrator."""
    user = get_user_model().objects.create_superuser(
        email="office@example.org", full_name="管理员"
    )
    Grant.objects.create(
        user=user, role=Grant.Role.SHOPKEEPER, valid_from=dt.date(2026, 1, 1)
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = open_page(DESK)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    return page


def trouble(page) -> list:
    """What axe finds wrong, and targets on this page under 44 px."""
    found = violations(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')]
        .filter(one => one.offsetParent && !one.closest('.skip'))
        .filter(one => getComputedStyle(one, '::after').position !== 'absolute')
        .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
        .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
        .map(([html]) => html)"""
    )
    return [(one["id"], one["nodes"][0]["html"]) for one in found] + small


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "path", ["/", "/en/", "/stories/", "/stories/red-paper-winter/", "/en/trade/"]
)
def test_a_page_fits_its_screen_and_can_be_used_by_everybody(
    open_page, live_server, site, size, path
):
    build.shop(6)
    page = open_page(size)
    page.goto(live_server.url + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert trouble(page) == []


def test_the_language_switch_keeps_the_page(open_page, live_server, site):
    page = open_page(PHONE)
    page.goto(f"{live_server.url}/stories/red-paper-winter/")
    page.get_by_role("link", name="English").first.click()

    expect(page).to_have_url(f"{live_server.url}/en/stories/red-paper-winter/")
    page.get_by_role("link", name="中文").first.click()
    expect(page).to_have_url(f"{live_server.url}/stories/red-paper-winter/")


@pytest.mark.parametrize(
    "path",
    [
        "/office/",
        "/office/pages/",
        "/office/images/",
        "/office/images/add/",
        "/office/documents/",
        "/office/settings/cms/masthead/",
        "/office/redirects/",
        "/office/reports/site-history/",
        "/shop/dashboard/",
        "/shop/dashboard/catalogue/",
        "/shop/dashboard/orders/",
        "/shop/dashboard/offers/",
        "/shop/dashboard/vouchers/",
        "/shop/dashboard/pages/",
    ],
)
def test_a_staff_screen_breaks_no_content_policy(office, live_server, path):
    answer = office.goto(live_server.url + path)

    assert answer.status == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert (
        "'unsafe-inline'"
        not in re.search(
            r"script-src[^;]*", answer.headers["content-security-policy"]
        ).group()
    )
    office.wait_for_load_state("networkidle")


def test_an_editor_changes_the_front_page(office, live_server):
    home = HomePage.objects.get(locale__language_code="zh-hans")
    office.goto(f"{live_server.url}/office/pages/{home.pk}/edit/")
    office.locator('input[name="body-0-value-first"]').fill("针针线线，")
    office.evaluate("document.querySelector('[name=action-publish]').click()")
    expect(office.locator(".messages .success")).to_be_visible()

    office.goto(f"{live_server.url}/")
    expect(office.locator("h1")).to_contain_text("针针线线，")


def test_the_date_of_a_story_has_its_picker(office, live_server):
    story = StoryPage.objects.get(locale__language_code="zh-hans")
    office.goto(f"{live_server.url}/office/pages/{story.pk}/edit/")
    office.locator('input[name="date"]').click()

    expect(office.locator(".xdsoft_datetimepicker:visible")).to_be_visible()
    assert story.date == dt.date(2026, 11, 16)


def test_the_product_chooser_offers_what_the_shop_shows(office, live_server):
    build.shop(2)
    home = HomePage.objects.get(locale__language_code="zh-hans")
    office.goto(f"{live_server.url}/office/pages/{home.pk}/edit/")
    opener = '[id="body-2-value-product-chooser"] [data-chooser-action-choose]'
    office.locator(opener).last.click()

    expect(office.locator(".modal-content")).to_contain_text("布老虎")


def test_the_picture_of_a_story_has_its_chooser(office, live_server):
    story = StoryPage.objects.get(locale__language_code="zh-hans")
    office.goto(f"{live_server.url}/office/pages/{story.pk}/edit/")
    chosen = office.locator("#id_picture-chooser .chosen")
    chosen.locator("[data-w-dropdown-target=toggle]").click()
    office.locator("[data-tippy-root] [data-chooser-action-choose]").click()

    expect(office.locator(".modal-content")).to_contain_text("四张红色团花剪纸")


def test_the_shops_editor_speaks_the_readers_language(office, live_server):
    new_offer = f"{live_server.url}/shop/dashboard/offers/new/metadata/"
    said = {}
    for language in ("zh-hans", "en"):
        get_user_model().objects.update(language=language)
        office.goto(new_offer)
        tools = office.locator(".tox-toolbar__primary .tox-tbtn")
        expect(tools).to_have_count(7)
        tools.first.click()
        expect(office.locator(".tox-collection__item")).to_have_count(6)
        said[language] = [
            *(tool.get_attribute("aria-label") for tool in tools.all()),
            *office.locator(".tox-collection__item").all_inner_texts(),
        ]

    assert said["en"][:3] == ["Format Text", "Bold", "Italic"]
    assert said["en"][7:9] == ["Text", "Heading 2"]
    assert not [word for word in said["zh-hans"] if word[0].isascii()]


def test_the_editors_link_window_speaks_chinese(office, live_server):
    office.goto(f"{live_server.url}/shop/dashboard/offers/new/metadata/")
    office.get_by_role("button", name="链接").click()
    window = office.get_by_role("dialog")
    expect(window.get_by_role("heading")).to_have_text("插入或修改链接")

    labels = window.locator("label").all_inner_texts()
    assert labels == ["网址", "显示文字", "标题", "打开方式"]
    chosen = window.locator(".tox-listbox__select-label")
    assert chosen.all_inner_texts() == ["当前窗口"]
    for name in ("关闭", "取消", "保存"):
        expect(window.get_by_role("button", name=name)).to_be_visible()
