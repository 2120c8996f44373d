"""A line keeps the title it was sold by, whatever its product is called afterwards."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from catalog.models import ProductText
from catalog.titles import Title, sold_titles, titles_of
from orders.buyer.listed import listed
from orders.buyer.steps import story_of
from orders.models import Payment
from orders.payments.gateway import GatewayUnavailable
from orders.services import shipping, telling
from orders.shipping.methods import Parcel, shipping_name
from orders.workshop.packing import contents
from qiaoshou.accounts.models import Grant
from qiaoshou.common.doctor.database import append_only
from qiaoshou.common.doctor.finding import State
from qiaoshou.common.today import clock_at, today
from tests import orders_builders as build
from tests import work_builders
from tests.orders_rows import copy_of
from tests.template_database import as_owner

pytestmark = pytest.mark.django_db
migration = import_module("orders.migrations.0007_sold_titles")
naming = import_module("orders.migrations.0008_shipping_name")


@pytest.fixture
def shop():
    with clock_at(build.NOON):
        return build.shop()


@pytest.fixture
def sale(shop):
    wish = build.wishes(email="lin@example.com", language="en")
    return build.order((shop.ready, 2), wish=wish)


def rename(product, zh, en):
    """The shopkeeper gives the product's page another title."""
    of = ProductText.objects.filter(product_id__in=[product.pk, product.parent_id])
    of.filter(language="zh-hans").update(title=zh)
    of.filter(language="en").update(title=en)


def sessions_of(double):
    """The sessions at the provider, each with what its lines say."""
    found = double.api("GET", "/v1/checkout/sessions")[1]["data"]
    lines = {
        one["id"]: double.api("GET", f"/v1/checkout/sessions/{one['id']}/line_items")
        for one in found
    }
    return [
        (one, [line["description"] for line in lines[one["id"]][1]["data"]])
        for one in found
    ]


@pytest.fixture
def sold_as(shop, sale):
    """What the line was called; its product is called something else by now."""
    terms = sale.order.lines.get().terms
    rename(shop.ready, "狮子", "Lion")
    return terms


def test_a_sold_title_is_the_pages_title_with_the_choice(shop):
    bare = build.another_tiger(shop)
    ProductText.objects.filter(product=bare, language="en").delete()

    with translation.override("en"):
        assert titles_of([bare.pk]) == {bare.pk: "布老虎"}
    assert sold_titles([shop.ready.pk, bare.pk]) == {
        shop.ready.pk: Title("布老虎 大", "Cloth tiger 大"),
        bare.pk: Title("布老虎", "布老虎"),
    }


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_product_without_any_name_is_sold_by_its_number(shop, blank):
    bare = build.another_tiger(shop)
    ProductText.objects.filter(product=bare).delete()
    type(bare).objects.filter(pk=bare.pk).update(title=blank)

    number = str(bare.pk)
    assert sold_titles([bare.pk]) == {bare.pk: Title(number, number)}


def test_sold_titles_take_three_queries_however_many(shop, django_assert_num_queries):
    products = [shop.ready.pk, shop.made.pk, build.another_tiger(shop).pk]
    with django_assert_num_queries(3):
        sold_titles(products[:1])
    with django_assert_num_queries(3):
        sold_titles(products)


@pytest.mark.parametrize("empty", ["title_zh", "title_en"])
def test_a_line_is_sold_under_a_title_in_both_languages(sale, empty):
    broken = copy_of(sale.order.lines.get().terms, **{empty: ""})
    with (
        pytest.raises(IntegrityError, match="line_terms_has_title"),
        transaction.atomic(),
    ):
        broken.save()


def test_a_retry_after_a_lost_answer_asks_word_for_word_the_same(
    sale, shop, payment_double
):
    payment_double.faults(request="lost_answer", times=10)
    with pytest.raises(GatewayUnavailable):
        build.pay_page(sale)
    payment_double.clear_faults()
    rename(shop.ready, "狮子", "Lion")

    again = build.pay_page(sale, "en", "http://www.shop.example")

    assert (again.state, Payment.objects.count()) == ("open", 1)
    ((session, said),) = sessions_of(payment_double)
    assert session["id"] == again.session_id
    assert session["success_url"] == "http://shop.example/zh-hans/back"
    assert session["cancel_url"] == "http://shop.example/zh-hans/order"
    assert said == ["布老虎 大 × 2"]


def test_the_page_names_the_shipping_in_its_own_language(shop, payment_double):
    sale = build.order((shop.ready, 1))
    assert (sale.order.shipping_method, sale.shipping_fen) == ("快递", 1_200)

    build.pay_page(sale, "en")

    ((session, said),) = sessions_of(payment_double)
    assert (session["locale"], said) == ("en", ["Cloth tiger 大 × 1", "By parcel"])


def test_a_retry_after_new_words_names_the_shipping_as_before(
    shop, payment_double, monkeypatch
):
    sale = build.order((shop.ready, 1))
    payment_double.faults(request="lost_answer", times=10)
    with pytest.raises(GatewayUnavailable):
        build.pay_page(sale, "en")
    payment_double.clear_faults()
    monkeypatch.setattr(Parcel, "name", "By courier")

    again = build.pay_page(sale, "zh-hans")

    ((session, said),) = sessions_of(payment_double)
    assert (session["id"], again.state) == (again.session_id, "open")
    assert said == ["Cloth tiger 大 × 1", "By parcel"]
    assert again.shipping_name == "By parcel"


def test_a_way_that_is_gone_keeps_the_name_of_its_order(sale):
    sale.order.shipping_code, sale.order.shipping_method = "raft", "木排"
    assert shipping_name(sale.order, "en") == "木排"


def test_another_order_of_the_same_buyer_has_the_title_of_its_day(sale, shop, sold_as):
    later = build.order((shop.ready, 1))

    assert (sold_as.title_zh, sold_as.title_en) == ("布老虎 大", "Cloth tiger 大")
    assert later.order.lines.get().terms.title("zh-hans") == "狮子 大"


def test_the_buyers_pages_and_letter_keep_the_title(sale, sold_as):
    sale.refresh_from_db()
    (line,) = story_of(sale, "en").lines
    (row,) = listed([sale], "zh-hans")
    telling.tell_buyer_paid(reference=sale.reference)

    assert (line.title, row.title) == ("Cloth tiger 大", "布老虎 大")
    assert "Cloth tiger 大 × 2" in mail.outbox[0].body
    assert "Lion" not in mail.outbox[0].body


def test_the_desk_keeps_the_title(sale, sold_as):
    person = build.person("keeper@example.com", language="en")
    Grant.objects.create(user=person, role="shopkeeper", valid_from=today())
    client = Client()
    client.force_login(person)
    page = client.get(f"/shop/dashboard/orders/{sale.reference}/").content.decode()

    assert "Cloth tiger 大 × 2" in page
    assert "Lion" not in page


def test_a_parcel_keeps_the_title_before_it_leaves_and_after(sale, shop, sold_as):
    build.counter(sale)
    (parcel,) = shipping.plan_shipments(sale.reference)
    with translation.override("en"):
        before = [(one.title, one.pieces) for one in contents(parcel)]
        parcel = work_builders.sent(parcel, work_builders.leader(shop.base))
        after = [(one.title, one.pieces) for one in contents(parcel)]

    assert parcel.lines.count() == 1
    assert before == after == [("Cloth tiger 大", 2)]


def test_what_was_sold_before_has_the_title_of_the_migrations_day(shop):
    """Migration 0007 names lines as an order of that day would."""
    bare = build.another_tiger(shop)
    ProductText.objects.filter(product=bare, language="en").delete()
    with connection.cursor() as cursor:
        cursor.execute(migration.TITLES)
        found = {pk: Title(zh, en) for pk, zh, en in cursor.fetchall()}

    assert found == sold_titles(found)


@pytest.mark.django_db(transaction=True)
def test_the_migration_writes_titles_into_terms_that_nobody_else_can_change(
    shop, sale, sold_as
):
    with as_owner(connection.settings_dict["NAME"]), connection.cursor() as cursor:
        cursor.execute(migration.KEEP_TITLES)

    sold_as.refresh_from_db()
    assert (sold_as.title_zh, sold_as.title_en) == ("狮子 大", "Lion 大")
    assert append_only().state == State.OK


def test_a_page_being_opened_leads_back_to_the_site(sale, settings):
    """Migration 0007: until then the addresses were not kept."""
    settings.SITE_URL = "https://shop.example.org"
    payment = Payment.objects.create(
        order=sale.order,
        method="stripe",
        language="en",
        amount_fen=1,
        success_url="-",
        cancel_url="-",
        shipping_name="-",
    )
    migration.lead_back(apps, None)

    payment.refresh_from_db()
    home = "https://shop.example.org/en"
    assert payment.success_url == f"{home}/checkout/return/{sale.reference}/"
    assert payment.cancel_url == f"{home}/orders/{sale.reference}/"


def test_a_page_being_opened_keeps_the_word_its_shipping_was_asked_by(sale):
    """Migration 0008: until then that was the word on the order."""
    payment = Payment.objects.create(
        order=sale.order,
        method="stripe",
        language="en",
        amount_fen=1,
        success_url="-",
        cancel_url="-",
        shipping_name="By parcel",
    )
    naming.keep_words(apps, None)

    payment.refresh_from_db()
    assert payment.shipping_name == sale.order.shipping_method == "快递"
