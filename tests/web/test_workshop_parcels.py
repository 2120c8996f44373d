"""What leaves the base: parcels and pick-ups, at the workshop and at the desk."""

import re

import pytest

from orders.models import Shipment
from qiaoshou.accounts.models import Grant
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at, today
from tests import orders_builders
from tests import work_builders as build
from tests.bench_builders import WORKSHOP, browser, leads, once, read

pytestmark = pytest.mark.django_db
DESK = "/shop/dashboard"


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


@pytest.fixture
def parcel(shop):
    build.paid(shop, 0, ready=2)
    return Shipment.objects.get()


@pytest.fixture
def pickup(shop):
    """Two tigers to be collected at the base's own point."""
    shop.point.base = shop.base
    shop.point.save()
    wish = orders_builders.collects(shop.point)
    build.paid(shop, 0, ready=2, wish=wish)
    return Shipment.objects.get()


def keeper(role="shopkeeper"):
    user = build.person(f"{role}@example.com", language="en")
    Grant.objects.create(user=user, role=role, area=None, valid_from=today())
    return browser(user)


def at(space, row, deed=""):
    return f"{space}/parcels/{row.reference}/{deed}"


def test_a_parcel_says_what_goes_in_and_never_where_to(leader, parcel):
    html = read(leader, at(WORKSHOP, parcel))

    assert "Cloth tiger 大 × 2" in html
    assert "number ending in 1234" in html
    assert "南京街" not in html
    assert "2 pieces, 林晓雯" in read(leader, f"{WORKSHOP}/parcels/")
    assert not AuditRow.objects.exists()


def test_the_address_is_shown_on_the_label_and_each_look_is_recorded(leader, parcel):
    answer = leader.post(at(WORKSHOP, parcel, "label/"))
    html = answer.content.decode()

    assert "南京街 1 号" in html
    assert "+8613900001234" in html
    row = AuditRow.objects.get()
    assert (row.deed, row.subject) == (
        "reveal_recipient",
        f"shipment:{parcel.reference}",
    )
    assert row.by == leader.user
    assert "南京街" not in str(row.facts) + row.purpose


def test_a_parcel_is_sent_once_and_shows_on_the_buyers_order(leader, parcel):
    said = {
        "carrier": "SF Express",
        "tracking": "SF123",
        "cost_fen": "12.50",
        "client_reference": once(),
    }
    leader.post(at(WORKSHOP, parcel, "send/"), said)
    leader.post(at(WORKSHOP, parcel, "send/"), said)

    parcel.refresh_from_db()
    assert (parcel.state, parcel.cost_fen) == ("sent", 1_250)
    assert sum(line.pieces for line in parcel.lines.all()) == 2
    html = read(leader, at(WORKSHOP, parcel))
    assert "Wang Guilan" in html
    again = leader.post(
        at(WORKSHOP, parcel, "send/"), said | {"client_reference": once()}
    )
    assert again.status_code == 400
    assert "It is too late for this: On its way." in again.content.decode()
    assert leader.post(at(WORKSHOP, parcel, "label/")).status_code == 302

    leader.post(at(WORKSHOP, parcel, "arrived/"))
    parcel.refresh_from_db()
    assert parcel.state == "arrived"


def test_a_parcel_without_number_is_refused_with_what_was_typed(leader, parcel):
    answer = leader.post(
        at(WORKSHOP, parcel, "send/"),
        {"carrier": "SF Express", "cost_fen": "x", "client_reference": once()},
    )
    html = answer.content.decode()

    assert answer.status_code == 400
    assert "Enter a number." in html
    assert 'value="SF Express"' in html
    parcel.refresh_from_db()
    assert parcel.state == "planned"


def test_only_who_knows_the_code_gets_the_pieces(leader, pickup):
    leader.post(at(WORKSHOP, pickup, "ready/"))
    pickup.refresh_from_db()
    assert pickup.state == "ready"
    page = read(leader, at(WORKSHOP, pickup))
    assert pickup.pickup_code not in re.findall(r"\b\d{4}\b", page.split("<main")[1])

    wrong = f"{(int(pickup.pickup_code) + 1) % 10_000:04d}"
    hand = at(WORKSHOP, pickup, "hand-over/")
    answer = leader.post(hand, {"code": wrong})
    assert answer.status_code == 400
    assert "That is not her code; 4 more tries." in answer.content.decode()
    assert "four digits" in leader.post(hand, {"code": "12"}).content.decode()

    assert leader.post(hand, {"code": pickup.pickup_code}).status_code == 302
    assert leader.post(hand, {"code": pickup.pickup_code}).status_code == 302
    pickup.refresh_from_db()
    assert pickup.state == "collected"


def test_after_five_wrong_codes_a_new_one_is_needed(leader, pickup):
    leader.post(at(WORKSHOP, pickup, "ready/"))
    pickup.refresh_from_db()
    wrong = f"{(int(pickup.pickup_code) + 1) % 10_000:04d}"
    for _try in range(5):
        answer = leader.post(at(WORKSHOP, pickup, "hand-over/"), {"code": wrong})
    assert "Too many wrong codes." in answer.content.decode()

    leader.post(at(WORKSHOP, pickup, "code/"))
    pickup.refresh_from_db()
    assert pickup.code_tries == 0
    hand = {"code": pickup.pickup_code}
    assert leader.post(at(WORKSHOP, pickup, "hand-over/"), hand).status_code == 302


def test_what_is_collected_elsewhere_is_sent_there_first(leader, shop):
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(shop.point))
    row = Shipment.objects.get()
    refused = leader.post(at(WORKSHOP, row, "ready/"), follow=True)
    assert "Send them there first." in refused.content.decode()
    assert "It is on its way to the pick-up point" in read(leader, at(WORKSHOP, row))

    said = {"carrier": "SF", "tracking": "1", "client_reference": once()}
    leader.post(at(WORKSHOP, row, "send/"), said)
    leader.post(at(WORKSHOP, row, "ready/"))
    row.refresh_from_db()
    assert row.state == "ready"


@pytest.mark.parametrize("space", [WORKSHOP, DESK])
def test_what_was_refunded_meanwhile_is_not_handed_over_and_the_screen_says_why(
    leader, shop, space
):
    build.paid(shop, 0, ready=1, wish=orders_builders.collects(shop.point))
    row = Shipment.objects.get()
    said = {"carrier": "SF", "tracking": "1", "client_reference": once()}
    leader.post(at(WORKSHOP, row, "send/"), said)
    leader.post(at(WORKSHOP, row, "ready/"))
    build.refunded(leader.user)

    client = leader if space == WORKSHOP else keeper()
    code = {"code": row.pickup_code}
    answer = client.post(at(space, row, "hand-over/"), code)

    assert answer.status_code == 400
    words = "The buyer has her money back. Don’t hand it over."
    assert words in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize(
    ("role", "status"),
    [("shopkeeper", 200), ("administrator", 200), ("finance", 403), ("editor", 403)],
)
def test_who_may_handle_parcels_at_the_desk(parcel, role, status):
    client = keeper(role)

    assert client.get(at(DESK, parcel)).status_code == status
    for deed in ("label", "send", "ready", "hand-over", "code", "arrived"):
        found = client.post(at(DESK, parcel, f"{deed}/")).status_code
        assert found == 403 if status == 403 else found in {200, 302, 400}
    assert browser().get(at(DESK, parcel)).status_code == 302


def test_the_shopkeeper_finds_the_parcels_on_the_order(parcel):
    client = keeper()
    number = parcel.order.number
    html = read(client, f"{DESK}/orders/{number}/")
    assert f'href="{at(DESK, parcel)}"' in html
    assert "2 pieces from Xinghuagou base" in html

    said = {"carrier": "SF", "tracking": "9", "client_reference": once()}
    answer = client.post(at(DESK, parcel, "send/"), said)
    assert answer.url == at(DESK, parcel)
    parcel.refresh_from_db()
    assert parcel.state == "sent"
