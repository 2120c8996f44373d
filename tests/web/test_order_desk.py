"""The shopkeeper's desk: who may enter, money by hand, refunds, alarms."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_class, get_model

from orders.models import Payment, PaymentAlarm, Refund
from orders.services import refunding
from orders.shopkeeper import desk
from qiaoshou.accounts.models import Grant
from qiaoshou.common.today import clock_at, today
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
DESK = "/shop/dashboard/"


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.shop()


@pytest.fixture
def sale(shop):
    return build.order((shop.ready, 2))


def holder(role, area=None):
    """A client signed in as somebody with this role; a plain person without one."""
    person = build.person(f"{role or 'nobody'}@example.com", language="en")
    if role:
        Grant.objects.create(user=person, role=role, area=area, valid_from=today())
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def keeper():
    return holder("shopkeeper")


@pytest.mark.parametrize(
    ("role", "status"),
    [("shopkeeper", 200), ("finance", 200), ("administrator", 200), ("", 403)],
)
def test_who_may_see_the_desk_and_an_order(sale, role, status):
    client = holder(role)

    assert client.get(DESK).status_code == status
    path = f"{DESK}orders/{sale.reference}/"
    assert client.get(path).status_code == status


@pytest.mark.parametrize("role", ["officer", "editor"])
def test_other_roles_have_no_business_there(sale, shop, role):
    client = holder(role, shop.village)
    assert client.get(DESK).status_code == 403
    assert client.post(f"{DESK}orders/{sale.reference}/take/").status_code == 403


def test_a_visitor_is_sent_to_the_door(client, sale):
    assert client.get(DESK).status_code == 302
    assert client.post(f"{DESK}orders/{sale.reference}/take/").status_code == 302


def test_a_grant_that_has_ended_opens_nothing(sale):
    client = holder("shopkeeper")
    Grant.objects.update(valid_from=today().replace(day=1), valid_to=today())

    assert client.get(DESK).status_code == 403


def take(client, sale, **other):
    said = {
        "method": "counter",
        "received": "336.00",
        "bank_reference": "",
        "client_reference": uuid.uuid4(),
    } | other
    return client.post(f"{DESK}orders/{sale.reference}/take/", said)


def test_the_counter_takes_the_money_once(sale, keeper):
    once = uuid.uuid4()
    take(keeper, sale, client_reference=once)
    answer = take(keeper, sale, client_reference=once)

    assert answer.url == f"{DESK}orders/{sale.reference}/"
    sale.refresh_from_db()
    payment = Payment.objects.get()
    assert (sale.state, payment.method, payment.received_fen) == (
        "paid",
        "counter",
        33_600,
    )
    assert payment.confirmed_by.email == "shopkeeper@example.com"


@pytest.mark.parametrize(
    "wrong",
    [
        {"received": "0"},
        {"received": "336.005"},
        {"received": "much"},
        {"method": "stripe"},
        {"method": "transfer"},
        {"client_reference": "twice"},
    ],
)
def test_a_form_that_can_not_be_records_nothing_and_keeps_what_was_typed(
    sale, keeper, wrong
):
    answer = take(keeper, sale, **wrong)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert Payment.objects.count() == 0
    if "received" in wrong:
        assert f'value="{wrong["received"]}"' in answer.content.decode()


def test_finance_records_a_transfer_and_refunds_nothing(sale):
    finance = holder("finance")
    take(finance, sale, method="transfer", bank_reference="2026112400017")
    payment = Payment.objects.get()
    assert payment.bank_reference == "2026112400017"
    said = {
        "payment": payment.reference,
        "amount": "1",
        "cause": "goodwill",
        "client_reference": uuid.uuid4(),
    }
    path = f"{DESK}orders/{sale.reference}/refund/"
    assert finance.post(path, said).status_code == 403
    assert Refund.objects.count() == 0


def test_a_refund_by_hand_is_asked_listed_and_given(sale, keeper):
    take(keeper, sale)
    payment = Payment.objects.get()
    said = {
        "payment": payment.reference,
        "amount": "100.50",
        "cause": "returned",
        "note": "一只开线",
        "client_reference": uuid.uuid4(),
    }
    keeper.post(f"{DESK}orders/{sale.reference}/refund/", said)
    refund = Refund.objects.get()
    assert (refund.amount_fen, refund.note) == (10_050, "一只开线")
    assert "¥100.50" in keeper.get(DESK).content.decode()

    path = f"{DESK}orders/{sale.reference}/refunds/{refund.reference}/"
    keeper.post(path, {"bank_reference": "R-1"})

    refund.refresh_from_db()
    assert (refund.state, refund.bank_reference) == ("done", "R-1")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("R" * 81, "at most 80 characters"),
        ("R\0", "Null characters are not allowed"),
        ("R-1", "This line of the statement is recorded already"),
    ],
)
def test_a_line_of_the_bank_that_can_not_be_gives_nothing_back_and_is_kept(
    sale, keeper, typed, said
):
    take(keeper, sale)
    by = build.person("clerk@example.com")
    payment = Payment.objects.get().reference
    first, second = (
        refunding.refund_payment(
            payment=payment,
            amount_fen=100,
            cause="goodwill",
            client_reference=uuid.uuid4(),
            by=by,
        )
        for _number in range(2)
    )
    refunding.record_paid_back(reference=first.reference, bank_reference="R-1")

    path = f"{DESK}orders/{sale.reference}/refunds/{second.reference}/"
    answer = keeper.post(path, {"bank_reference": typed})

    assert answer.status_code == 400
    html = answer.content.decode()
    assert said in html
    assert f'value="{typed}"' in html
    second.refresh_from_db()
    assert (second.state, second.bank_reference) == ("asked", None)


def test_more_than_is_left_is_refused_with_a_word(sale, keeper):
    take(keeper, sale)
    said = {
        "payment": Payment.objects.get().reference,
        "amount": "336.01",
        "cause": "returned",
        "client_reference": uuid.uuid4(),
    }
    answer = keeper.post(f"{DESK}orders/{sale.reference}/refund/", said)

    assert answer.status_code == 400
    assert "This is more than is left of the payment" in answer.content.decode()
    assert Refund.objects.count() == 0


def test_the_payment_of_another_order_can_not_be_refunded_here(shop, sale, keeper):
    take(keeper, sale)
    other = build.order((shop.ready, 1))
    said = {
        "payment": Payment.objects.get().reference,
        "amount": "1",
        "cause": "goodwill",
        "client_reference": uuid.uuid4(),
    }
    path = f"{DESK}orders/{other.reference}/refund/"
    assert keeper.post(path, said).status_code == 404


def test_an_alarm_stands_there_until_somebody_says_what_was_done(sale, keeper):
    take(keeper, sale, received="335.99")
    html = keeper.get(DESK).content.decode()
    assert "Wrong amount received" in html
    assert "¥336 expected, ¥335.99 received" in html
    alarm = PaymentAlarm.objects.get()
    keeper.post(f"{DESK}alarms/{alarm.reference}/", {"note": ""})
    alarm.refresh_from_db()
    assert alarm.settled_at is None

    keeper.post(f"{DESK}alarms/{alarm.reference}/", {"note": "rang her"})

    alarm.refresh_from_db()
    assert (alarm.note, alarm.settled_by.email) == (
        "rang her",
        "shopkeeper@example.com",
    )
    assert "Wrong amount received" not in keeper.get(DESK).content.decode()


@pytest.mark.parametrize("asked", ["number", "林晓雯", "13900001234"])
def test_orders_are_found_by_number_name_or_telephone(sale, keeper, asked):
    asked = sale.reference[:5] if asked == "number" else asked
    assert sale.reference in ask(keeper, asked)
    assert sale.reference not in ask(keeper, "nobody")
    assert sale.reference in ask(keeper, "")


def ask(client, words, state=""):
    """What the desk shows, asked for these words."""
    answer = client.post(f"{DESK}find/", {"q": words, "state": state})
    assert answer.status_code == 302
    assert not words or words not in answer.url
    return client.get(answer.url).content.decode()


def test_a_number_asked_for_stands_in_no_address_of_the_desk(
    shop, sale, keeper, capsys, monkeypatch
):
    monkeypatch.setattr(desk, "PAGE", 1)
    build.order((shop.ready, 1))
    html = ask(keeper, "13900001234", "awaiting_payment")

    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', html)
    assert f"{DESK}orders/{sale.reference}/" not in addresses
    (second,) = {one for one in addresses if "page=2" in one}
    assert "state=awaiting_payment" in second
    assert (
        sale.reference
        in keeper.get(DESK + second.replace("&amp;", "&")).content.decode()
    )
    assert 'value="13900001234"' in html
    assert not [one for one in addresses if "13900001234" in one]
    said = capsys.readouterr()
    assert "13900001234" not in said.out + said.err
    assert "13900001234" not in str(dict(keeper.session))


def test_words_sealed_with_a_key_that_is_gone_ask_for_nothing(sale, keeper):
    session = keeper.session
    session["asked"] = {"orders": "not sealed by us"}
    session.save()

    assert sale.reference in keeper.get(DESK).content.decode()


def test_what_stands_in_an_address_is_not_looked_for(sale, keeper):
    html = keeper.get(DESK, {"q": "nobody"}).content.decode()

    assert sale.reference in html


@pytest.mark.parametrize(("role", "status"), [("finance", 302), ("", 403)])
def test_who_may_ask_the_desk(sale, role, status):
    assert holder(role).post(f"{DESK}find/", {"q": "x"}).status_code == status


def test_an_order_page_masks_telephone_and_address(sale, keeper):
    html = keeper.get(f"{DESK}orders/{sale.reference}/").content.decode()
    assert "number ending in 1234" in html
    assert "13900001234" not in html
    assert "南京街" not in html


def test_a_note_is_kept_with_the_order(sale, keeper):
    keeper.post(f"{DESK}orders/{sale.reference}/note/", {"note": "gift wrap"})
    assert sale.order.notes.get().message == "gift wrap"


def test_oscars_own_buttons_no_longer_reach_an_order(sale, keeper):
    path = reverse("dashboard:order-detail", args=[sale.reference])
    said = {"order_action": "change_order_status", "new_status": "paid"}

    assert path == f"{DESK}orders/{sale.reference}/"
    assert keeper.post(path, said).status_code == 405
    sale.order.refresh_from_db()
    assert sale.order.status == "awaiting-payment"


def test_oscars_event_handler_refuses_to_act(sale):
    from oscar.apps.order import exceptions

    handler = get_class("order.processing", "EventHandler")()
    assert type(handler).__module__ == "orders.order.processing"
    with pytest.raises(exceptions.InvalidOrderStatus):
        handler.handle_order_status_change(sale.order, "paid")
    with pytest.raises(exceptions.InvalidShippingEvent):
        handler.handle_shipping_event(sale.order, None, [], [])
    with pytest.raises(exceptions.InvalidPaymentEvent):
        handler.handle_payment_event(sale.order, None, 1)


def test_the_menu_of_the_desk_leads_to_what_each_role_may_do(sale, keeper):
    hers = keeper.get(DESK).content.decode()
    assert f'href="{DESK}vouchers/"' in hers
    assert 'href="/office/rates/"' in hers

    theirs = holder("finance").get(DESK).content.decode()
    assert f'href="{DESK}vouchers/"' not in theirs
    assert 'href="/office/"' in theirs


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("offers/", 200),
        ("vouchers/", 200),
        ("catalogue/", 200),
        ("partners/", 403),
        ("users/", 403),
        ("pages/", 403),
        ("comms/", 403),
    ],
)
def test_which_of_oscars_screens_the_shopkeeper_has(shop, keeper, path, status):
    assert keeper.get(DESK + path).status_code == status


def test_our_forks_are_what_oscar_finds(shop):
    repository = get_class("shipping.repository", "Repository")
    assert repository.__module__ == "orders.shipping.repository"
    methods = repository().get_shipping_methods(build.basket((shop.ready, 1)))
    assert [method.code for method in methods] == ["pickup", "parcel"]


@pytest.mark.parametrize(
    ("name", "args", "leads_to"),
    [
        ("customer:summary", (), "/account/"),
        ("customer:order-list", (), "/account/"),
        ("customer:login", (), "/sign-in/"),
        ("password-reset", (), "/sign-in/"),
        ("basket:add", (1,), "/basket/"),
        ("basket:vouchers-add", (), "/basket/"),
        ("checkout:shipping-address", (), "/checkout/"),
        ("checkout:thank-you", (), "/checkout/"),
    ],
)
def test_oscars_other_names_lead_to_pages_of_ours(client, db, name, args, leads_to):
    answer = client.get(reverse(name, args=args))
    assert (answer.status_code, answer.url) == (302, leads_to)


def test_oscar_counts_an_order_when_it_is_paid_and_not_before(shop, sale, keeper):
    record = get_model("analytics", "ProductRecord").objects
    assert record.count() == 0
    take(keeper, sale)
    assert record.get(product=shop.ready).num_purchases == 2
