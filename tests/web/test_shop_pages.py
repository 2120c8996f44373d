"""The public shop: what its pages say in both languages, in a few fixed queries."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from oscar.core.loading import get_model

from catalog import listing as listings
from catalog import stock
from catalog.models import Listing, Lot
from qiaoshou.common.today import clock_at, now
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock_at(build.NOON):
        yield


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        read(client, path)
    return len(seen)


PAGES = {
    "/shop/": 6,
    "/shop/?q=布老虎": 7,
    "/shop/?craft=cloth-work&kind=ready": 6,
    "/p/tiger-0/": 7,
    "/makers/": 6,
    "/crafts/cloth-work/": 9,
}


@pytest.mark.parametrize(("path", "number"), PAGES.items())
@pytest.mark.parametrize("products", [3, 30])
def test_a_page_takes_the_same_few_queries_with_3_and_with_30_products(
    client, path, number, products
):
    build.shop(products)

    assert queries(client, path) == number


@pytest.mark.parametrize("products", [3, 30])
def test_maker_base_place_and_tag_pages_take_a_fixed_number_of_queries(
    client, products
):
    shop = build.shop(products)
    lot = Lot.objects.order_by("pk")[0]

    assert [
        queries(client, path)
        for path in (
            f"/makers/{shop.makers[0].reference}/",
            f"/t/{lot.serial}/",
            f"/bases/{shop.base.reference}/",
            "/places/xinghuagou-Xinghuagou/",
        )
    ] == [9, 10, 9, 6]


def text(html):
    """What a reader sees: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def titles(html):
    return re.findall(r'product__name"><a href="/(?:en/)?p/([\w-]+)/"', html)


@pytest.fixture
def shop():
    return build.shop(3)


def test_the_list_shows_every_piece_newest_first_with_maker_place_price_and_pay(
    client, shop
):
    html = read(client, "/shop/")

    assert titles(html) == ["tiger-2", "tiger-1", "tiger-0"]
    assert "王桂兰" in html
    assert "开原市杏花沟村" in html
    assert "168" in text(html)
    assert "86" in text(html)


def test_the_same_list_in_english(client, shop):
    html = read(client, "/en/shop/")

    assert titles(html) == ["tiger-2", "tiger-1", "tiger-0"]
    assert '<html lang="en"' in html
    assert "Cloth tiger" in html
    assert "Wang Guilan, Xinghuagou, Kaiyuan" in text(html)
    assert "maker earns ¥86" in text(html)
    assert not re.search("[一-鿿]", text(html).replace("中文", "").replace("巧手", ""))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("craft=cloth-work", ["tiger-2", "tiger-0"]),
        ("craft=paper-cut", ["tiger-1"]),
        ("craft=paper-cut&craft=cloth-work", ["tiger-2", "tiger-1", "tiger-0"]),
        ("county=Kaiyuan", ["tiger-2", "tiger-1", "tiger-0"]),
        ("kind=made_to_order", ["tiger-2", "tiger-1", "tiger-0"]),
        ("sort=price", ["tiger-0", "tiger-1", "tiger-2"]),
        ("sort=-price", ["tiger-2", "tiger-1", "tiger-0"]),
        ("from=169", ["tiger-2", "tiger-1"]),
        ("from=169&to=169", ["tiger-1"]),
        ("craft=no-such-craft", ["tiger-2", "tiger-1", "tiger-0"]),
        ("sort=nonsense&page=99", ["tiger-2", "tiger-1", "tiger-0"]),
    ],
)
def test_filters_and_order(client, shop, query, found):
    assert titles(read(client, f"/shop/?{query}")) == found


def test_facets_count_what_a_choice_would_show(client, shop):
    html = read(client, "/en/shop/?craft=cloth-work")

    counts = re.findall(
        r'name="(craft|county|kind)" value="([\w-]+)"( checked)?.*?count">(\d+)<', html
    )
    assert counts[: len(counts) // 2] == [
        ("craft", "cloth-work", " checked", "2"),
        ("craft", "paper-cut", "", "1"),
        ("county", "Kaiyuan", "", "2"),
        ("kind", "ready", "", "2"),
        ("kind", "made_to_order", "", "2"),
    ]


def test_a_piece_that_sold_out_is_no_longer_among_those_in_stock(client, shop):
    sold = Listing.objects.get(slug="tiger-1").product.children.order_by("pk")[0]
    build.reserve(product=sold.pk, pieces=7, source=stock.Source("order", "o"))

    assert titles(read(client, "/shop/?kind=ready")) == ["tiger-2", "tiger-0"]


def test_an_empty_list_names_the_filter_that_stands_in_the_way(client, shop):
    html = read(client, "/en/shop/?craft=paper-cut&from=170")

    assert titles(html) == []
    assert "No piece meets all the filters" in html
    assert "Without the filter “craft” there is 1 piece" in html
    assert 'href="?from=170"' in html
    assert "Without the filter “price” there is 1 piece" in html
    assert 'href="?craft=paper-cut"' in html


def test_a_price_that_is_no_number_is_named_and_nothing_typed_is_lost(client, shop):
    html = read(client, "/en/shop/?from=cheap&craft=paper-cut")

    assert "Lowest price: Enter a whole number." in text(html)
    assert 'value="cheap"' in html
    assert titles(html) == ["tiger-1"]


@pytest.mark.parametrize(
    "asked",
    ["老虎", "布老虎", "laohu", "bulaohu", "cloth tiger", "Tigers", "虎", "杏花沟"],
)
def test_a_piece_is_found_by_substring_pinyin_and_english(client, shop, asked):
    assert len(titles(read(client, f"/shop/?q={asked}"))) == 3


def test_a_sachet_inside_a_longer_name_is_found_and_the_better_match_comes_first(
    client, shop
):
    for slug, title in (("a", "满族刺绣香囊"), ("b", "挂件")):
        listed = build.product(shop.base, shop.crafts[0], slug=slug, title=title)
        build.on_sale(listed, shop.makers)
    Listing.objects.get(slug="b").product.texts.filter(language="zh-hans").update(
        story="配一只香囊"
    )
    from catalog import search

    search.index_listing(Listing.objects.get(slug="b"))

    assert titles(read(client, "/shop/?q=香囊")) == ["a", "b"]
    assert titles(read(client, "/shop/?q=xiangnang")) == ["a"]


def test_a_search_without_an_answer_says_so(client, shop):
    html = read(client, "/en/shop/?q=porcelain")

    assert "Nothing answers “porcelain”" in html
    assert '<meta name="robots" content="noindex">' in html


def test_what_a_visitor_types_is_never_markup(client, shop):
    html = read(client, "/shop/?q=<script>alert(1)</script>&from=<b>")

    assert "<script>alert" not in html
    assert 'value="<b>' not in html


def test_a_maker_is_found_by_name_only_while_she_agrees(client, shop):
    from catalog import search

    for maker in shop.makers:
        search.index_maker(maker)

    assert f"/makers/{shop.makers[0].reference}/" in read(client, "/shop/?q=王桂兰")
    assert shop.makers[1].reference not in read(client, "/shop/?q=赵秀云")
    shop.makers[0].consents.update(withdrawn=now(), withdrawn_how="paper")
    assert f'href="/makers/{shop.makers[0].reference}/"' not in read(
        client, "/shop/?q=王桂兰"
    )


def test_the_product_page_shows_price_share_maker_and_when_it_leaves(client, shop):
    html = read(client, "/en/p/tiger-0/")
    seen = text(html)

    assert "How ¥168 is shared" in seen
    assert re.findall(r"<dd>(\d+)%</dd>", html) == ["51", "16", "8", "18", "7"]
    assert (
        "Pay is ¥86 for about 4 hours, or ¥21.50 an hour at standard minutes. "
        "The local minimum is ¥19." in seen
    )
    assert "Wang Guilan" in seen
    assert "7 left, sent within 48 hours" in seen
    assert "Made to order, sent by 8 December" in seen
    assert Lot.objects.get(product__parent__listing__slug="tiger-0").serial in seen


def test_the_form_posts_product_pieces_and_a_client_reference_to_the_basket(
    client, shop
):
    html = read(client, "/p/tiger-0/")
    ready = Listing.objects.get(slug="tiger-0").product.children.order_by("pk")[0]

    assert 'method="post" action="/basket/add/"' in html
    assert re.search(
        rf'type="radio" name="product" value="{ready.pk}"[^>]* checked', html
    )
    assert re.search(r'name="client_reference" value="[0-9a-f-]{36}"', html)
    assert re.search(r'name="pieces"[^>]* value="1"', html)
    assert 'data-min="1" data-max="7"' in html


def test_another_choice_shows_its_own_price_and_share(client, shop):
    made = Listing.objects.get(slug="tiger-0").product.children.order_by("pk")[1]

    seen = text(read(client, f"/en/p/tiger-0/?choice={made.pk}"))

    assert "How ¥186 is shared" in seen
    assert "The makers of Xinghuagou base in Xinghuagou." in seen


def test_a_share_that_was_not_checked_is_hidden(client, shop):
    product = Listing.objects.get(slug="tiger-0").product
    ready = product.children.order_by("pk")[0]
    listings.set_price(product=ready.pk, fen=17_000)

    seen = text(read(client, "/en/p/tiger-0/"))

    assert "¥ 170" in seen
    assert "is shared" not in seen
    assert "maker earns ¥86" in text(read(client, "/en/shop/"))
    assert text(read(client, "/en/shop/")).count("maker earns ¥86") == 2


@pytest.mark.parametrize(
    ("left", "says"),
    [(1, "The last one, sent within 48 hours"), (0, "Sold out")],
)
def test_the_last_one_and_sold_out(client, shop, left, says):
    ready = Listing.objects.get(slug="tiger-0").product.children.order_by("pk")[0]
    build.reserve(product=ready.pk, pieces=7 - left, source=stock.Source("order", "o"))

    assert says in text(read(client, f"/en/p/tiger-0/?choice={ready.pk}"))


def test_sold_out_begins_with_the_choice_that_is_made_to_order(client, shop):
    product = Listing.objects.get(slug="tiger-0").product
    ready, made = product.children.order_by("pk")
    build.reserve(product=ready.pk, pieces=7, source=stock.Source("order", "o"))

    html = read(client, "/p/tiger-0/")

    assert re.search(rf'value="{made.pk}"[^>]* checked', html)


def test_no_stock_and_no_room_leaves_no_button(client, shop):
    shop.base.capacity_weeks.update(reserved=9_600)
    product = Listing.objects.get(slug="tiger-0").product
    ready, _made = product.children.order_by("pk")
    build.reserve(product=ready.pk, pieces=7, source=stock.Source("order", "o"))

    html = read(client, "/en/p/tiger-0/")

    assert "It can’t be had just now" in html
    assert "Add to basket" not in html


def test_several_makers_are_counted_beside_the_first(client, shop):
    ready = Listing.objects.get(slug="tiger-0").product.children.order_by("pk")[0]
    for number, maker in enumerate(shop.makers[1:], 1):
        build.lot(
            ready,
            shop.place,
            2,
            maker=maker,
            made_on=build.DAY + dt.timedelta(days=number),
        )

    assert "Wang Guilan and 2 other makers" in text(read(client, "/en/p/tiger-0/"))


def test_a_maker_without_consent_is_not_named(client, shop):
    shop.makers[0].consents.update(withdrawn=now(), withdrawn_how="paper")

    for path in ("/en/p/tiger-0/", "/en/shop/"):
        seen = text(read(client, path))
        assert "Wang Guilan" not in seen
        assert "Xinghuagou base" in seen


def test_a_draft_has_no_page_and_a_retired_piece_says_so(client, shop):
    build.product(shop.base, shop.crafts[0], slug="draft")
    read(client, "/p/draft/", 404)
    listings.retire(listing=Listing.objects.get(slug="tiger-0"))

    html = read(client, "/en/p/tiger-0/")

    assert "This piece is no longer in the shop" in html
    assert 'action="/basket/add/"' not in html
    assert titles(read(client, "/shop/")) == ["tiger-2", "tiger-1"]


def test_linked_data_holds_price_and_maker_and_can_not_leave_its_element(client, shop):
    product = Listing.objects.get(slug="tiger-0").product
    product.texts.filter(language="en").update(story="</script><script>alert(1)")

    html = read(client, "/en/p/tiger-0/")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(block)

    assert data["offers"]["price"] == "168.00"
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert data["manufacturer"] == {"@type": "Person", "name": "Wang Guilan"}
    assert data["description"] == "</script><script>alert(1)"
    assert "<script>alert" not in html


def test_the_maker_page_tells_her_story_with_her_consent(client, shop):
    html = read(client, f"/makers/{shop.makers[0].reference}/")

    assert "眼睛要最后缝。" in html
    assert "十七岁那年冬天" in html
    assert titles(html) == ["tiger-0", "tiger-1", "tiger-2"]


def test_a_maker_who_has_left_is_told_of_in_the_past(client, shop):
    build.Maker.objects.filter(pk=shop.makers[0].pk).update(status="left")

    seen = text(read(client, f"/en/makers/{shop.makers[0].reference}/"))

    assert "Worked with Xinghuagou base. She has left; her pieces stay." in seen
    assert "pieces made" not in seen


def test_without_consent_her_page_is_the_same_as_none_at_all(client, shop):
    unknown = read(client, "/makers/0000000000/", 404)
    silent = read(client, f"/makers/{shop.makers[1].reference}/", 404)

    assert "赵秀云" not in silent
    assert text(silent) == text(unknown)


def test_a_tag_opens_the_maker_of_its_lot(client, shop):
    lot = Lot.objects.get(product__parent__listing__slug="tiger-0")

    seen = text(read(client, f"/en/t/{lot.serial}/"))

    assert f"You scanned {lot.serial}: Cloth tiger, made by Wang Guilan" in seen


def test_a_tag_may_be_typed_in_lower_case_with_letters_that_look_alike(client, shop):
    lot = Lot.objects.get(product__parent__listing__slug="tiger-0")
    typed = lot.serial.lower().replace("0", "o").replace("1", "l")

    assert lot.serial in read(client, f"/t/{typed}/")


def test_a_tag_of_a_maker_who_is_not_shown_tells_of_the_piece_only(client, shop):
    shop.makers[0].consents.update(withdrawn=now(), withdrawn_how="paper")
    lot = Lot.objects.get(product__parent__listing__slug="tiger-0")

    seen = text(read(client, f"/en/t/{lot.serial}/"))

    assert f"You scanned {lot.serial}: Cloth tiger, made at Xinghuagou base" in seen
    assert "Wang Guilan" not in seen


def test_an_unknown_tag_says_so(client, shop):
    assert "We don’t know this tag" in read(client, "/en/t/ZZZZZZZZZZ/", 404)


def test_the_list_of_makers_holds_those_who_agreed(client, shop):
    seen = text(read(client, "/en/makers/"))

    assert "1 maker has agreed to be shown here." in seen
    assert "Wang Guilan Xinghuagou base Cloth work" in seen
    assert "Zhao Xiuyun" not in seen


def test_base_craft_and_place_lead_to_their_pieces(client, shop):
    assert len(titles(read(client, f"/bases/{shop.base.reference}/"))) == 3
    assert titles(read(client, "/crafts/paper-cut/")) == ["tiger-1"]
    assert len(titles(read(client, "/places/kaiyuan-Kaiyuan/"))) == 3
    answer = client.get("/places/another-name-Kaiyuan/")
    assert (answer.status_code, answer["Location"]) == (301, "/places/kaiyuan-Kaiyuan/")


@pytest.mark.parametrize(
    "path", ["/p/none/", "/bases/none/", "/crafts/none/", "/places/none-1/"]
)
def test_what_is_not_there_is_not_found(client, shop, path):
    read(client, path, 404)


@pytest.mark.parametrize("path", ["/shop/", "/p/tiger-0/", "/makers/", "/t/x/"])
def test_pages_are_only_read(client, shop, path):
    assert client.post(path).status_code == 405


def test_oscars_names_lead_to_our_pages(client, shop):
    product = Listing.objects.get(slug="tiger-0").product
    child = product.children.order_by("pk")[0]
    category = get_model("catalogue", "Category").add_root(name="x", slug="x")

    def target(path):
        answer = client.get(path)
        assert answer.status_code == 302
        return answer["Location"]

    assert target(product.get_absolute_url()) == "/p/tiger-0/"
    assert target(child.get_absolute_url()) == "/p/tiger-0/"
    assert target(category.get_absolute_url()) == "/shop/"
    assert target(reverse("search:search") + "?q=虎") == "/shop/?q=%E8%99%8E"
    assert target(reverse("offer:list")) == "/shop/"
    with translation.override("en"):
        assert target(product.get_absolute_url()) == "/en/p/tiger-0/"
