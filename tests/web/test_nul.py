"""A NUL, in an address or in a form, is nobody's mistake and breaks nothing."""

import pytest

from qiaoshou.common.today import clock_at
from tests import orders_builders as build
from tests.web.test_order_desk import DESK, holder
from tests.web.test_people_office import ask as ask_people
from tests.web.test_people_office import boss  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.mark.parametrize(
    "path",
    [
        "/orders/%00/",
        "/en/orders/%00/",
        "/products/%00/",
        "/no-such-page%00/",
        "/shop/?q=%00",
        "/shop/?craft=tiger%00",
        f"{DESK}parcels/%00/back/",
        "/office/people/?q=%00",
    ],
)
def test_an_address_with_a_nul_names_nothing(client, path):
    assert client.get(path).status_code == 404


def test_who_asks_a_list_for_a_nul_can_still_open_it(boss):  # noqa: F811
    keeper = holder("shopkeeper")
    assert keeper.post(f"{DESK}find/", {"q": "\0"}).status_code == 302
    assert keeper.get(DESK).status_code == 200

    ask_people(boss, "\0x")


def test_there_is_no_voucher_of_that_code(client):
    build.shop()

    assert client.post("/basket/voucher/", {"code": "\0"}).status_code == 302
