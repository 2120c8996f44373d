"""The shopkeeper records what came back of a parcel, after reading it once more."""

import re
import uuid

import pytest

from orders.models import GoodsBack, Shipment
from orders.services import shipping
from qiaoshou.common.today import clock_at
from tests import orders_builders
from tests import work_builders as build
from tests.web.test_order_desk import DESK, holder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def leader():
    return build.person("leader@example.com")


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def parcel(shop, leader):
    """Two ready tigers that reached the buyer."""
    build.paid(shop, 0, ready=2)
    row = build.sent(Shipment.objects.get(), leader)
    return shipping.mark_arrived(shipment=row, by=leader)


@pytest.fixture
def keeper():
    return holder("shopkeeper")


def address(row):
    return f"{DESK}parcels/{row.reference}/back/"


def said(row, good="1", spoilt="", **other):
    line = row.lines.get()
    return {
        f"good-{line.pk}": good,
        f"spoilt-{line.pk}": spoilt,
        "reason": "尺寸不合",
        "client_reference": uuid.uuid4(),
    } | other


def hidden(html):
    """What the question's form would send."""
    return dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [("shopkeeper", 200), ("administrator", 200), ("finance", 403), ("", 403)],
)
def test_who_may_record_what_came_back(parcel, role, status):
    client = holder(role)

    assert client.get(address(parcel)).status_code == status
    assert client.post(address(parcel), said(parcel)).status_code == status
    assert not GoodsBack.objects.exists()


def test_a_visitor_is_sent_to_the_door(parcel, client):
    assert client.get(address(parcel)).status_code == 302


def test_a_parcel_that_is_not_there_is_not_found(db, keeper):
    assert keeper.get(f"{DESK}parcels/0000000000/back/").status_code == 404


def test_the_parcels_page_leads_there_once_something_is_away(shop, keeper, leader):
    build.paid(shop, 0, ready=2)
    row = Shipment.objects.get()
    page = f"{DESK}parcels/{row.reference}/"
    assert address(row) not in keeper.get(page).content.decode()
    build.sent(row, leader)

    assert address(row) in keeper.get(page).content.decode()


def test_it_is_asked_once_more_and_then_recorded_once(parcel, keeper):
    asked = keeper.post(address(parcel), said(parcel, "1", "1")).content.decode()

    assert "Is this right?" in asked
    assert "1 piece lies in stock at 杏花沟巧娘基地 again" in asked or (
        "1 piece lies in stock at Xinghuagou base again" in asked
    )
    assert "1 piece is written off." in asked
    assert not GoodsBack.objects.exists()
    for _time in range(2):
        answer = keeper.post(address(parcel), hidden(asked))
        assert answer.url == f"{DESK}orders/{parcel.order.number}/"

    row = GoodsBack.objects.get().lines.get()
    assert (row.good, row.spoilt) == (1, 1)
    assert GoodsBack.objects.get().recorded_by.email == "shopkeeper@example.com"
    parcel.refresh_from_db()
    assert parcel.state == "returned"
    page = keeper.get(f"{DESK}parcels/{parcel.reference}/").content.decode()
    assert "1 good, 1 spoilt or lost" in " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "尺寸不合, " in page
    order = keeper.get(f"{DESK}orders/{parcel.order.number}/").content.decode()
    assert "Returned" in order
    assert "Nothing of it is away" in keeper.get(address(parcel)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"good": "3"}, "Only 2 of them are away"),
        ({"good": "1", "spoilt": "2"}, "Only 2 of them are away"),
        ({"good": "two"}, "Write a whole number"),
        ({"good": ""}, "Say of one lot at least how many came back"),
        ({"reason": ""}, 'role="alert"'),
        ({"client_reference": "twice"}, 'role="alert"'),
    ],
)
def test_what_can_not_be_is_said_and_nothing_typed_is_lost(
    parcel, keeper, wrong, words
):
    answer = keeper.post(address(parcel), said(parcel, **wrong) | {"sure": "on"})

    html = answer.content.decode()
    assert answer.status_code == 400
    assert words in html
    for typed in (wrong.get("good"), wrong.get("spoilt"), wrong.get("reason")):
        assert not typed or f'value="{typed}"' in html
    assert not GoodsBack.objects.exists()


def test_of_a_parcel_on_its_way_all_is_written_down(shop, keeper, leader):
    build.paid(shop, 0, ready=2)
    row = build.sent(Shipment.objects.get(), leader)

    answer = keeper.post(address(row), said(row, "1") | {"sure": "on"})

    assert answer.status_code == 400
    assert "It has not reached the buyer" in answer.content.decode()


def test_a_withdrawn_pick_up_stands_on_the_desk_until_it_is_back(shop, keeper, leader):
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(shop.point))
    row = build.sent(Shipment.objects.get(), leader)
    shipping.make_ready(shipment=row, by=leader)
    build.refunded(leader)
    assert f"{DESK}parcels/{row.reference}/" in keeper.get(DESK).content.decode()

    keeper.post(address(row), said(row, "1") | {"sure": "on"})

    assert f"{DESK}parcels/{row.reference}/" not in keeper.get(DESK).content.decode()
