"""What axe finds on a page, asked when the page has come whole."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, part: str | None = None) -> list[dict]:
    """Axe's findings in `part` (a CSS selector) or everywhere.

    The caller is at the page already: after a click she has waited for its address or
    for something that only it shows. A page that has only begun to come breaks axe or
    hides from it what is still on its way: so this waits for the rest of it, and comes
    before anything else is measured there.
    """
    page.wait_for_load_state()
    return Axe().run(page, context=part).response["violations"]
