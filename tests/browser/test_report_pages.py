"""The report of gains and the incomes' office: readable by everybody, at both sizes."""

import pytest
from django.conf import settings
from django.utils import translation

from qiaoshou.common.today import clock_at
from tests import income_builders as build
from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import violations
from tests.services import registry_world as world
from tests.web.test_office_registry import enters_office

pytestmark = pytest.mark.django_db(transaction=True)
MONTHS = "?first=2026-09&last=2026-10"


@pytest.fixture
def example():
    with clock_at(build.NOW), translation.override("zh-hans"):
        yield build.Example()


@pytest.fixture
def signed_in(open_page, live_server, example):
    """`signed_in(size)` → a page of the officer of the city."""
    client = enters_office(world.officer(example.city), "zh-hans")

    def opened(size: dict):
        page = open_page(size)
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

    return opened


def trouble(page) -> list:
    """What axe finds wrong, targets under 44 px, and a page that scrolls sideways."""
    found = violations(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')]
        .filter(one => one.offsetParent && !one.closest('.skip, .wagtail'))
        .filter(one => one.getBoundingClientRect().height < 43.5)
        .map(one => one.outerHTML.slice(0, 90))"""
    )
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement"
        ".clientWidth ? ['sideways'] : []"
    )
    wrong = [
        (one["id"], [node["html"][:90] for node in one["nodes"][:3]]) for one in found
    ]
    return [*wrong, *small, *wide]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_reports_are_for_everybody(signed_in, live_server, example, size):
    page = signed_in(size)
    for area in (example.town, example.other_village):
        page.goto(f"{live_server.url}/reports/{area.pk}/{MONTHS}")
        assert page.locator("section table").is_visible()
        assert trouble(page) == []
