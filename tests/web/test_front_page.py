"""The front page: pieces, crafts, a price share and a maker, in nine queries."""

import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.models import CraftSpec
from producers.models import Maker
from producers.services.consents import withdraw_consent
from qiaoshou.cms import choosers, goods
from qiaoshou.cms.models import HomePage
from qiaoshou.cms.setup import make_site
from qiaoshou.common.today import clock_at
from tests import catalog_builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock_at(build.NOON):
        yield make_site(hostname="testserver", port=80)


def shop(products: int = 3):
    """The builder's shop, two pieces that are only made to order, and a portrait."""
    made = build.shop(products)
    for number in range(2):
        listed = build.product(
            made.base,
            made.crafts[0],
            slug=f"later-{number}",
            choices=[build.choice([made.base], kind="made_to_order")],
        )
        build.on_sale(listed, made.makers)
    Maker.objects.filter(pk=made.makers[0].pk).update(
        photo="makers/wang.webp", photo_alt_zh="王桂兰", photo_alt_en="Wang Guilan"
    )
    return made


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows(html: str) -> list[list[str]]:
    """The slugs of each row of pieces."""
    return [
        re.findall(r'product__name"><a href="(?:/en)?/p/([\w-]+)/"', row)
        for row in html.split('class="grid--2"')[1:]
    ]


@pytest.mark.parametrize("path", ["/", "/en/"])
@pytest.mark.parametrize("products", [3, 30])
def test_the_front_page_takes_nine_queries_whatever_the_shop_holds(
    client, path, products
):
    shop(products)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)

    assert answer.status_code == 200
    assert len(queries) == 9


def test_it_shows_what_is_finished_and_apart_from_it_what_is_made_to_order(client):
    shop(6)

    html = client.get("/").content.decode()

    assert rows(html) == [
        ["tiger-5", "tiger-4", "tiger-3", "tiger-2"],
        ["later-1", "later-0"],
    ]


def test_it_shares_out_the_price_of_the_newest_piece_in_stock(client):
    shop(3)

    said = text(client.get("/").content.decode())

    assert "这件卖 170 元，钱分给了谁" in said
    assert "¥86 51%" in said


def test_without_a_checked_share_the_band_is_left_out(client):
    shop(3)
    CraftSpec.objects.update(
        share_checked_on=None, checked_price_fen=None, checked_pay_fen=None
    )

    said = text(client.get("/").content.decode())

    assert "钱分给了谁" not in said


def test_crafts_with_most_pieces_come_first(client):
    shop(3)

    said = text(client.get("/en/").content.decode())

    assert "Cloth work 4 pieces" in said
    assert said.index("Cloth work 4 pieces") < said.index("Paper-cut 1 piece")


def test_it_introduces_the_maker_who_made_most(client):
    shop(3)

    english = text(client.get("/en/").content.decode())

    assert "Wang Guilan of Xinghuagou 眼睛要最后缝。 pieces made 21" in english
    assert 'alt="Wang Guilan"' in client.get("/en/").content.decode()


def test_a_maker_who_withdraws_her_consent_is_gone_at_once(client):
    made = shop(3)
    withdraw_consent(maker=made.makers[0], purpose="public_story", how="paper", by=None)

    html = client.get("/").content.decode()

    assert "王桂兰" not in html
    assert made.makers[0].reference not in html


def test_a_maker_that_the_office_chose_is_shown_only_while_she_agrees():
    made = shop(3)
    shelf = goods.Shelf("zh-hans")

    assert shelf.featured(made.makers[0])["ref"] == made.makers[0].reference
    assert shelf.featured(made.makers[1]) is None


def test_chosen_products_keep_their_order_and_drafts_are_left_out():
    made = shop(3)
    draft = build.product(made.base, made.crafts[0], slug="draft")
    products = {
        row.slug: row.product
        for row in goods.selectors.published().select_related("product")
    }

    cards = goods.Shelf("zh-hans").chosen(
        [products["tiger-0"], draft.listing.product, products["tiger-2"]]
    )

    assert [card.slug for card in cards] == ["tiger-0", "tiger-2"]


def test_an_empty_shop_still_has_a_front_page(client):
    html = client.get("/").content.decode()

    assert rows(html) == []
    assert "一针一线，" in html
    assert "按手艺逛" not in html


def test_a_restricted_front_page_is_left_to_wagtail(client):
    home = HomePage.objects.get(locale__language_code="zh-hans")
    home.view_restrictions.create(restriction_type="login")

    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=")


def test_the_front_page_refuses_what_changes_something(client):
    assert client.post("/").status_code == 405


def test_editors_may_choose_published_products_and_makers_who_agreed():
    made = shop(3)
    build.product(made.base, made.crafts[0], slug="draft")
    request = RequestFactory().get("/")

    def offered(chooser) -> list:
        view = chooser.choose_view_class(model=chooser.model)
        view.setup(request)
        return list(view.get_object_list())

    assert offered(choosers.makers) == [made.makers[0]]
    assert len(offered(choosers.products)) == 5
    assert offered(choosers.crafts) == made.crafts


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_block_has_a_preview_with_icon_description_and_template(language):
    with translation.override(language):
        for name, block in HomePage._meta.get_field(
            "body"
        ).stream_block.child_blocks.items():
            assert block.meta.icon != "placeholder", name
            assert str(block.meta.description), name
            assert block.meta.template == f"cms/blocks/{name}.html"
            assert block.is_previewable, name
            assert isinstance(block.render(block.get_preview_value()), str)
