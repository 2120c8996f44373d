"""The buyer's order page: every step, who may see it, and how it is found."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client

from orders.buyer import keys
from orders.buyer import order as order_pages
from orders.models import Assignment, Sale, Shipment, WorkOrder
from orders.services import expiring, shipping
from producers.models import PickupPoint
from qiaoshou.common.today import clock_at, now
from tests import orders_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.shop()


@pytest.fixture
def sale(shop):
    return build.order((shop.ready, 1), (shop.made, 2))


@pytest.fixture
def paid(sale):
    build.counter(sale)
    sale.refresh_from_db()
    return sale


def seen_by(client, sale):
    """The order's page in English, for a browser that holds the buyer's link."""
    link = f"/en/orders/{sale.reference}/?key={keys.token_for(sale.reference)}"
    answer = client.get(link)
    assert answer.url == f"/en/orders/{sale.reference}/"
    return client.get(answer.url).content.decode()


def steps(html):
    """(state, title) of each step of the timeline."""
    found = re.findall(
        r'<li(?: class="(\w+)")?(?: aria-current="step")?><div class="between"><h3>'
        r"([^<]+)</h3>",
        html,
    )
    return [(state, title) for state, title in found]


def test_waiting_for_payment_says_until_when_and_how_much(client, sale):
    html = seen_by(client, sale)

    assert "Waiting for your payment" in html
    assert "The pieces are kept for you until 12:30." in html
    assert f'action="/en/orders/{sale.reference}/pay/"' in html
    assert "¥540" in html


def test_too_late_to_pay_is_said_and_the_order_can_be_changed(client, sale):
    with clock_at(build.NOON + dt.timedelta(minutes=20)):
        html = seen_by(client, sale)

    assert "There is too little time left to pay." in html
    assert f'action="/en/orders/{sale.reference}/pay/"' not in html
    assert f'action="/en/orders/{sale.reference}/change/"' in html


def test_an_order_not_paid_in_time_says_where_its_pieces_are(client, sale):
    with clock_at(build.NOON + dt.timedelta(minutes=41)):
        expiring.expire(reference=sale.reference)
    html = seen_by(client, sale)

    assert "Not paid in time" in html
    assert "Nothing was charged. The pieces are back in your basket." in html


def test_paid_and_not_yet_given_to_anybody(client, paid):
    assert steps(seen_by(client, paid)) == [
        ("done", "Paid"),
        ("now", "Looking for who has time"),
        ("", "Being made"),
        ("", "Inspected"),
        ("now", "Being packed"),
        ("", "Sent"),
    ]


def taken_by(shop, sale, maker, pieces=2):
    demand = sale.order.lines.order_by("pk").last().demands.get()
    work = WorkOrder.objects.create(
        demand=demand,
        base=shop.base,
        pieces=pieces,
        placed=pieces,
        piece_rate_fen=build.PAY_FEN,
        minutes=build.MINUTES,
        due_on=demand.due_on,
    )
    demand.ordered = pieces
    demand.save()
    return Assignment.objects.create(
        work_order=work,
        demand=demand,
        maker=maker,
        state="taken",
        proposed=pieces,
        offered=pieces,
        taken=pieces,
        due_on=demand.due_on,
        answered_at=now(),
        answered_by=build.person(f"{uuid.uuid4().hex}@example.com"),
        how="phone",
    )


def agree(maker):
    from producers.models import Consent, ConsentText

    text = ConsentText.objects.filter(purpose="public_story").first()
    Consent.objects.create(maker=maker, purpose="public_story", text=text, how="paper")


def test_a_maker_who_took_it_is_named_with_her_consent(client, shop, paid):
    agree(shop.makers[0])
    taken_by(shop, paid, shop.makers[0])
    html = seen_by(client, paid)

    assert steps(html)[:3] == [
        ("done", "Paid"),
        ("done", "Given to Wang Guilan"),
        ("now", "Being made"),
    ]
    assert f'href="/en/makers/{shop.makers[0].reference}/"' in html


def test_without_her_consent_her_base_stands_there(client, shop, paid):
    taken_by(shop, paid, shop.makers[0])
    html = seen_by(client, paid)

    assert ("done", "Given to Xinghuagou base") in steps(html)
    assert "Wang Guilan" not in html


def test_a_parcel_shows_its_carrier_and_number(client, shop, paid):
    parcel = Shipment(
        order=paid.order,
        from_place=shop.place,
        method="parcel",
        carrier="SF Express",
        tracking="SF1234567890",
        promised_on=dt.date(2026, 11, 26),
        state="sent",
        sent_at=now(),
    )
    parcel.address = "沈阳"
    parcel.save()
    html = seen_by(client, paid)

    assert ("now", "On its way") in steps(html)
    assert "SF1234567890" in html


def test_neither_address_nor_whole_number_stands_on_the_page(client, paid):
    html = seen_by(client, paid)

    assert "number ending in 1234" in html
    assert "13900001234" not in html
    assert "南京街" not in html


def test_an_order_is_seen_by_its_buyer_and_by_nobody_else(shop, sale):
    lin, other = build.person(), build.person("other@example.com")
    hers = build.order((shop.ready, 1), user=lin)
    owner, stranger, guest = Client(), Client(), Client()
    owner.force_login(lin)
    stranger.force_login(other)

    path = f"/orders/{hers.reference}/"
    assert owner.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    assert guest.get(path).status_code == 404
    assert stranger.post(f"{path}pay/").status_code == 404
    assert stranger.post(f"{path}change/").status_code == 404


def test_a_forged_or_foreign_link_opens_nothing(client, shop, sale):
    other = build.order((shop.ready, 1))
    for key in ("forged", keys.token_for(other.reference)):
        client.get(f"/orders/{sale.reference}/?key={key}")

        assert client.get(f"/orders/{sale.reference}/").status_code == 404


@pytest.mark.parametrize(
    "reach", ["139 0000 1234", "+8613900001234", "LIN@example.com"]
)
def test_an_order_is_found_by_number_and_telephone_or_e_mail(client, shop, reach):
    sale = build.order((shop.ready, 1), wish=build.wishes(email="lin@example.com"))
    said = {"reference": f" {sale.reference.lower()} ", "reach": reach}
    answer = client.post("/orders/", said)

    assert answer.url == f"/orders/{sale.reference}/"
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("reach", ["139 0000 9999", "nobody@example.com", "nonsense"])
def test_with_another_telephone_an_order_is_not_found(client, sale, reach):
    said = {"reference": sale.reference, "reach": reach}
    answer = client.post("/en/orders/", said)

    assert "No order has this number with this telephone or e-mail." in (
        answer.content.decode()
    )
    assert f'value="{sale.reference}"' in answer.content.decode()
    assert client.get(f"/orders/{sale.reference}/").status_code == 404


def test_the_account_lists_only_her_own_orders(client, shop, sale):
    lin = build.person()
    hers = build.order((shop.ready, 1), user=lin)
    assert client.get("/account/").status_code == 302
    client.force_login(lin)
    html = client.get("/account/").content.decode()

    assert hers.reference in html
    assert sale.reference not in html


def test_more_orders_than_fit_on_a_page_have_a_second_one(client, shop, monkeypatch):

    monkeypatch.setattr(order_pages, "PAGE", 2)
    lin = build.person("many@example.com")
    oldest, *_others = [
        build.order((shop.ready, 1), user=lin).reference for _ in range(3)
    ]
    client.force_login(lin)

    first = client.get("/account/").content.decode()
    assert (oldest in first, 'href="?page=2"' in first) == (False, True)
    assert oldest in client.get("/account/?page=2").content.decode()


def test_the_list_names_what_was_bought_and_asks_as_much_for_more_orders(
    client, shop, django_assert_max_num_queries
):
    lin = build.person("two@example.com")
    build.order((shop.ready, 1), (shop.made, 2), user=lin)
    client.force_login(lin)
    html = client.get("/en/account/").content.decode()
    with django_assert_max_num_queries(30) as one:
        client.get("/en/account/")
    build.order((build.another_tiger(shop), 1), user=lin)
    with django_assert_max_num_queries(30) as two:
        client.get("/en/account/")

    assert "<b>Cloth tiger 大 and 1 more kind</b>" in html
    assert len(one) == len(two)


def test_an_order_that_was_collected_is_with_her(client, shop):
    PickupPoint.objects.filter(pk=shop.point.pk).update(base=shop.base)
    shop.point.refresh_from_db()
    lin = build.person("hers@example.com")
    sale = build.order((shop.ready, 2), user=lin, wish=build.collects(shop.point))
    build.counter(sale)
    client.force_login(lin)
    assert "With you" not in client.get("/en/account/").content.decode()
    parcel = Shipment.objects.get()
    clerk = build.person("clerk@example.com")
    shipping.make_ready(shipment=parcel, by=clerk)
    parcel.refresh_from_db()
    shipping.hand_over(shipment=parcel, code=parcel.pickup_code, by=clerk)

    assert "With you" in client.get("/en/account/").content.decode()


def test_the_page_asks_as_many_questions_for_two_lines_as_for_one(
    client, shop, sale, django_assert_max_num_queries
):
    seen_by(client, sale)
    bigger = build.order(
        (shop.ready, 1), (shop.made, 1), (build.another_tiger(shop), 1)
    )
    seen_by(client, bigger)
    with django_assert_max_num_queries(30) as two:
        client.get(f"/orders/{sale.reference}/")
    with django_assert_max_num_queries(30) as three:
        client.get(f"/orders/{bigger.reference}/")

    assert len(two) == len(three)


def test_paid_at_the_counter_stands_in_the_first_step(client, paid):
    assert Sale.objects.get(pk=paid.pk).state == "paid"
    assert "At the counter" in seen_by(client, paid)


def test_ready_pieces_are_being_packed_once_paid(client, shop):
    sale = build.order((shop.ready, 1))
    build.counter(sale)
    html = seen_by(client, sale)

    assert steps(html) == [("done", "Paid"), ("now", "Being packed")]
    assert "Leaves about" in html
