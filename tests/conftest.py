"""What every test stands on: the template database, a browser, the settings."""

import pytest
from django.utils import translation

pytest_plugins = ["tests.template_database", "tests.shop.payment_double"]


@pytest.fixture(autouse=True)
def _language_of_the_house():
    """A request for an English page leaves its language behind in the thread."""
    translation.deactivate()
