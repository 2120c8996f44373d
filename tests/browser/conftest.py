"""A real Chromium against a real server: pages by size, their errors collected."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright's loop runs in this thread; Django would refuse its database calls here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
CHROMIUM = os.environ.get("QIAOSHOU_BROWSER", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    # Inside Playwright's loop Django has another connection for this thread; the one
    # from before would outlive its database when that is replaced by a fresh copy.
    connection.close()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator:
    """`open_page(size)` → a page whose script and CSP errors fail the test."""
    contexts, troubles = [], []

    def opened(size: dict = PHONE, language: str = "zh-CN") -> Page:
        context = browser.new_context(viewport=size, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                troubles.append(f"{page.url}: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
