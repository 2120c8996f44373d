"""What axe finds on a page, asked when the page has come whole."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, part: str | None = None) -> list[dict]:
    """Axe's findings in `part` (a CSS selector) or everywhere.

    A click returns when the next page begins to come. Asked before that page has its
    root, axe breaks, and asked in the middle it misses what is still on its way: so
    this comes first, before anything else is measured on the page.
    """
    page.wait_for_load_state()
    return Axe().run(page, context=part).response["violations"]
