"""How work is shared out is seen and set in the office by the top of the federation."""

import datetime as dt

import pytest
from django.utils import translation

from orders.models import AllocationSetting
from qiaoshou.common.today import ZONE, clock_at
from tests.services.registry_world import County, officer
from tests.web.test_office_registry import enters_office

pytestmark = pytest.mark.django_db
LIST, NEW = "/office/allocation/", "/office/allocation/new/"


@pytest.fixture(autouse=True)
def _a_day_in_march():
    with clock_at(dt.datetime(2026, 3, 4, 9, tzinfo=ZONE)), translation.override("en"):
        yield


@pytest.fixture
def county():
    return County()


@pytest.fixture
def top(county):
    return enters_office(officer(county.city, "city@example.org"))


def test_the_top_of_the_federation_sets_the_weight_from_a_day_on(top):
    sent = {
        "valid_from": "2026-04-01",
        "monitored_percent": "180",
        "floor_minutes": "300",
    }
    assert top.post(NEW, sent).status_code == 302

    row = AllocationSetting.objects.get()
    assert (row.monitored_percent, row.floor_minutes, str(row.set_by)) == (
        180,
        300,
        "李经办",
    )
    assert "180" in top.get(LIST).content.decode()
    assert top.get(f"{LIST}edit/{row.pk}/").status_code == 200
    assert LIST in top.get("/office/").content.decode()


def test_a_day_that_has_passed_is_refused_in_words_and_nothing_typed_is_lost(top):
    page = top.post(
        NEW,
        {
            "valid_from": "2026-03-03",
            "monitored_percent": "181",
            "floor_minutes": "300",
        },
    ).content.decode()

    assert "What held before today can’t be changed." in page
    assert 'value="181"' in page
    assert not AllocationSetting.objects.exists()


def test_an_officer_of_a_county_and_a_stranger_neither_see_nor_set_it(county):
    hers = enters_office(officer(county.county))

    assert hers.get(LIST).status_code == 302
    assert hers.post(NEW, {}).status_code == 302
    assert LIST not in hers.get("/office/").content.decode()
    assert not AllocationSetting.objects.exists()
