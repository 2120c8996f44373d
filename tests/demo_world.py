"""A small demo, loaded once for a file of tests into a database that is thrown away."""

import datetime as dt

import pytest
from django.test import TransactionTestCase

from qiaoshou.common.today import ZONE, clock_at
from qiaoshou.demo import loading
from qiaoshou.demo.sizes import SMALL, Size

END = dt.datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)
SEED = 8
TINY = Size(
    "tiny",
    makers=20,
    orders=9,
    days=100,
    bases=SMALL.bases,
    slugs=("cloth-tiger-hutou", "manchu-sachet"),
)


def load(size=SMALL, seed=SEED):
    """The figures of a demo that ends at noon on 25 November 2026."""
    with clock_at(END):
        return loading.load(seed=seed, size=size, say=lambda words: None)


def empty_again():
    """The database is a fresh copy of the template, as before any load."""
    TransactionTestCase._fixture_teardown(TransactionTestCase("run"))


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    """The pictures of a load go to a folder of their own."""
    from django.conf import settings

    before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    yield
    settings.MEDIA_ROOT = before


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, media):
    """The figures of the small demo, which stays for all tests of the file."""
    with django_db_blocker.unblock():
        made = load()
    yield made
    with django_db_blocker.unblock():
        empty_again()
