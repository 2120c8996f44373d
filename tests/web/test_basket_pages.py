"""The basket: what it shows and changes, and what it says when things have changed."""

import re
import uuid

import pytest
from oscar.core.loading import get_model

from catalog import listing
from qiaoshou.common.today import clock_at
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
BasketLine = get_model("basket", "Line")


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.shop()


def put(client, product, pieces=1, once=None):
    said = {"product": product.pk, "pieces": pieces}
    said["client_reference"] = once or uuid.uuid4()
    return client.post("/basket/add/", said)


def page(client, path="/basket/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_basket_says_so_and_leads_to_the_shop(client, shop):
    html = page(client, "/en/basket/")

    assert "Your basket is empty" in html
    assert 'href="/en/shop/"' in html


def test_a_piece_is_put_in_and_shown_with_who_made_it_and_its_day(client, shop):
    assert put(client, shop.ready, 2).url == "/basket/"
    put(client, shop.made)
    html = page(client, "/en/basket/")

    assert "Cloth tiger" in html
    assert "Xinghuagou base" in html
    assert "In stock, leaves within 48 hours" in html
    # Oscar's own English for it is Cart.
    assert "<h1>Basket</h1>" in html
    assert "leaves by 8 December 2026" in html
    assert "¥<b>336</b>" in html
    assert "¥<b>186</b>" in html
    assert "¥522" in html


def test_the_form_sent_twice_puts_it_in_once(client, shop):
    once = uuid.uuid4()
    put(client, shop.ready, 2, once)
    put(client, shop.ready, 2, once)

    assert BasketLine.objects.get().quantity == 2


def test_quantities_change_and_lines_are_removed(client, shop):
    put(client, shop.ready, 2)
    line = BasketLine.objects.get()
    client.post(f"/basket/lines/{line.pk}/", {"pieces": 4})
    line.refresh_from_db()
    assert line.quantity == 4
    client.post(f"/basket/lines/{line.pk}/", {"remove": "1", "pieces": 4})
    assert BasketLine.objects.count() == 0


@pytest.mark.parametrize("pieces", ["", "many", "-1", "1000", "1.5"])
def test_an_impossible_quantity_changes_nothing_and_is_explained(client, shop, pieces):
    put(client, shop.ready, 2)
    line = BasketLine.objects.get()
    answer = client.post(
        f"/en/basket/lines/{line.pk}/", {"pieces": pieces}, follow=True
    )

    line.refresh_from_db()
    assert line.quantity == 2
    assert "Quantity: " in answer.content.decode()


def test_a_foreign_basket_can_not_be_changed(client, shop):
    other = build.basket((shop.ready, 2))
    line = other.lines.get()
    client.post(f"/basket/lines/{line.pk}/", {"remove": "1"})

    assert other.lines.count() == 1


def test_a_price_that_changed_since_is_said_with_both_prices(client, shop):
    put(client, shop.ready)
    listing.set_price(product=shop.ready.pk, fen=17_500)

    assert "The price was ¥168 and is now ¥175" in page(client, "/en/basket/")


def test_more_than_is_left_can_not_be_checked_out(client, shop):
    put(client, shop.ready, 6)
    html = page(client, "/en/basket/")

    assert "Only 5 pieces are left" in html
    assert "/checkout/" not in html


def test_what_was_withdrawn_is_said_and_can_be_removed(client, shop):
    put(client, shop.ready)
    listing.retire(listing=shop.listing)
    html = page(client, "/en/basket/")

    assert "No longer for sale" in html
    assert "/checkout/" not in html


def test_a_full_diary_is_said(client, shop):
    put(client, shop.made, 5)

    assert "The makers have time for 4 pieces in the next weeks" in page(
        client, "/en/basket/"
    )


def test_an_unknown_product_is_not_found(client, shop):
    assert (
        client.post(
            "/basket/add/",
            {"product": 987654, "pieces": 1, "client_reference": uuid.uuid4()},
        ).status_code
        == 404
    )


def test_a_basket_asks_as_many_questions_however_many_lines_it_has(
    client, shop, django_assert_max_num_queries
):
    put(client, shop.ready)
    put(client, shop.made)
    with django_assert_max_num_queries(30) as two:
        page(client)
    put(client, build.another_tiger(shop))
    with django_assert_max_num_queries(30) as three:
        page(client)

    assert len(two) == len(three)


def test_with_htmx_only_the_basket_itself_comes_back(client, shop):
    put(client, shop.ready, 2)
    line = BasketLine.objects.get()
    path, only = f"/en/basket/lines/{line.pk}/", {"HX-Request": "true"}
    html = client.post(path, {"pieces": 3}, headers=only).content.decode()
    assert "¥<b>504</b>" in html
    assert "<html" not in html
    html = client.post(path, {"pieces": "many"}, headers=only).content.decode()
    assert "Quantity: Enter a whole number." in html
    html = client.post(path, {"remove": "1"}, headers=only).content.decode()
    assert "Your basket is empty" in html


def voucher_field(html):
    return re.search('<input[^>]*id="voucher_code"[^>]*>', html).group()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("TIGER 10", "There is no such voucher."),
        ("  ", "Type the code of your voucher first."),
        ("T" * 129, "at most 128 characters"),
    ],
)
def test_a_code_that_is_refused_stands_in_its_field_with_the_reason(
    client, shop, typed, reason
):
    put(client, shop.ready)
    answer = client.post("/en/basket/voucher/", {"code": typed})
    html = answer.content.decode()
    field = voucher_field(html)

    assert answer.status_code == 200
    assert re.search('<details class="small" open>', html)
    assert (f'value="{typed}"' in field) == bool(typed.strip())
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="voucher_code_error"' in field
    assert reason in html.split('id="voucher_code_error"')[1].split("</form>")[0]
    assert html.count(reason) == 1


def test_the_page_of_a_refused_code_leads_back_to_the_basket(client, shop):
    put(client, shop.ready)

    assert client.get("/en/basket/voucher/").url == "/en/basket/"
    assert "open" not in page(client).split("<details")[1].split(">")[0]


def test_a_code_that_is_not_sent_yet_stays_when_a_number_changes(client, shop):
    put(client, shop.ready)
    line = BasketLine.objects.get()
    html = page(client)
    assert 'hx-include="#voucher_code"' in html
    answer = client.post(
        f"/basket/lines/{line.pk}/",
        {"pieces": 2, "code": "TIGER10"},
        headers={"HX-Request": "true"},
    )

    assert 'value="TIGER10"' in voucher_field(answer.content.decode())


def test_a_voucher_for_an_empty_basket_says_what_comes_first(client, shop):
    put(client, shop.ready)
    BasketLine.objects.all().delete()
    answer = client.post("/en/basket/voucher/", {"code": "TIGER10"}, follow=True)

    assert "Put a piece into your basket" in answer.content.decode()
