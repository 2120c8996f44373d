"""Forms that come twice, come late, or hold what is no number; parcels of two bases."""

import pytest

from orders.models import Delivery, Shipment
from producers.models import PickupPoint
from qiaoshou.common.today import clock_at
from tests import orders_builders
from tests import work_builders as build
from tests.bench_builders import WORKSHOP, leads, once, proposal, work_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return leads(shop.base)


def test_the_last_pieces_brought_twice_lead_to_the_same_inspection(leader, shop):
    row = build.taken(shop, 12, leader.user)[0]
    path = f"{WORKSHOP}/assignments/{row.reference}/deliver/"
    said = {"pieces": row.taken, "client_reference": once()}

    first, second = leader.post(path, said), leader.post(path, said)

    made = Delivery.objects.get()
    assert made.pieces == row.taken
    assert first.url == second.url == f"{WORKSHOP}/deliveries/{made.reference}/"
    again = leader.post(path, said | {"client_reference": once()})
    assert again.status_code == 400


def test_the_last_pieces_given_back_twice_lead_back_to_her_part(leader, shop):
    row = build.taken(shop, 12, leader.user)[0]
    path = f"{WORKSHOP}/assignments/{row.reference}/give-back/"
    said = {"pieces": row.taken, "reason": "Ill", "client_reference": once()}

    answers = [leader.post(path, said) for _time in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    row.refresh_from_db()
    assert (row.given_back, row.state) == (row.taken, "closed")


def test_a_count_from_before_other_pieces_came_is_looked_at_again(leader, shop):
    record = shop.record
    counted = {f"count-{record.pk}": "4", f"seen-{record.pk}": "3"}
    said = counted | {"reason": "One was found", "client_reference": once()}

    answer = leader.post(f"{WORKSHOP}/stock/", said)

    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Pieces came or left while you counted: 5 are on record now." in html
    assert f'name="seen-{record.pk}" value="5"' in html
    assert "One was found" in html
    record.refresh_from_db()
    assert record.num_in_stock == 5
    leader.post(f"{WORKSHOP}/stock/", said | {f"seen-{record.pk}": "5"})
    record.refresh_from_db()
    assert record.num_in_stock == 4


@pytest.mark.parametrize("typed", ["²", "一", "1.5", ""])
def test_what_is_no_number_is_said_and_no_error(leader, shop, typed):
    order = work_order(build.placed(shop, 12))
    said = proposal(order)
    name = next(key for key in said if key.startswith("pieces-"))
    answer = leader.post(f"{WORKSHOP}/work/{order.reference}/", said | {name: typed})

    assert answer.status_code == 400


def test_who_hands_over_at_her_point_does_not_send_from_another_base(leader, shop):
    base, _women = build.another_base(shop)
    point = PickupPoint.objects.create(
        name_zh="柳河",
        name_en="Liuhe",
        area=base.area,
        base=base,
        opened=build.SINCE,
    )
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(point))
    row = Shipment.objects.get()
    other = leads(base, email="other@example.com")
    path = f"{WORKSHOP}/parcels/{row.reference}/"
    said = {"carrier": "SF", "tracking": "1", "client_reference": once()}

    assert f"{path}send/" not in other.get(path).content.decode()
    assert other.post(f"{path}send/", said).status_code == 403
    row.refresh_from_db()
    assert row.state == "planned"

    assert f"{path}send/" in leader.get(path).content.decode()
    assert leader.post(f"{path}send/", said).status_code == 302
    assert other.post(f"{path}ready/").status_code == 302
    row.refresh_from_db()
    assert row.state == "ready"
