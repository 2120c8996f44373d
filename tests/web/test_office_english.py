"""Who reads English meets areas, pieces and forms in English, others in Chinese."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from producers.office import fields
from qiaoshou.accounts.grants import give_grant
from qiaoshou.accounts.models import Grant
from qiaoshou.common.models import Area
from qiaoshou.common.office_fields import PickField, area_labels
from qiaoshou.common.today import clock_at, today
from tests import orders_builders as build
from tests.services.registry_world import County

pytestmark = pytest.mark.django_db
NAMES = {
    "21": ("Shicheng", "地级市"),
    "2101": ("Shi County", "县"),
    "210101": ("Shi Town", "镇"),
    "21010101": ("Liu Village", "村"),
    "21010102": ("Liu Village", "村"),
}

FILTERED = (
    "bases",
    "capacity",
    "consents",
    "households",
    "makers",
    "pay-accounts",
    "pickup-points",
    "skills",
)


@pytest.fixture
def county():
    for_all = County()
    for code, (name, kind) in NAMES.items():
        Area.objects.filter(code=code).update(name_en=name, kind=kind)
    return for_all


def staff(language, role, area=None):
    person = build.person(f"{role}-{language}@example.com", language=language)
    give_grant(user=person, role=role, area=area, by=None, valid_from=today())
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    ("language", "shown", "hidden"),
    [("en", "Shi County", "试县"), ("zh-hans", "试县", "Shi County")],
)
def test_filters_name_areas_in_the_readers_language(county, language, shown, hidden):
    officer = staff(language, Grant.Role.OFFICER, county.city)
    for path in FILTERED:
        page = officer.get(f"/office/registry/{path}/").content.decode()
        choice = re.search(r'name="area".*?</select>', page, re.DOTALL).group()

        assert shown in choice, path
        assert hidden not in choice, path


def test_the_list_of_areas_says_kinds_and_the_way_down_in_english(county):
    officer = staff("en", Grant.Role.OFFICER, county.city)
    page = officer.get(f"/office/places/areas/?under={county.county.pk}")
    words = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())

    assert "Shicheng" in words
    assert re.search(r"Shi Town\s.*\stown\s", words)
    assert "镇" not in words


def test_villages_that_read_alike_in_english_can_each_be_picked(county):
    with translation.override("en"):
        by_all = area_labels(Area.objects.filter(code__startswith="2101"))
        by_town = fields._with_parents(Area.objects.filter(tier=Area.Tier.VILLAGE))

    assert [area.code for area in by_all.values()] == [
        "2101",
        "210101",
        "21010101",
        "21010102",
    ]
    assert by_town["Shi Town › Liu Village (21010101)"] == county.village
    assert by_town["Shi Town › Liu Village (21010102)"] == county.other_village
    assert {len(label.split(" (")) for label in list(by_all)[2:]} == {2}


@pytest.mark.parametrize("labels", [area_labels, fields._with_parents])
def test_a_name_of_two_villages_is_asked_about_not_taken(county, labels):
    field = PickField(
        rows=lambda _user: Area.objects.filter(tier=Area.Tier.VILLAGE), labels=labels
    )
    with translation.override("en"):
        field.offer_to(None)
        plain = next(iter(field.choices)).split(" (")[0]

        with pytest.raises(ValidationError, match="2 entries contain"):
            field.clean(plain)
        assert field.clean(f"{plain} (21010102)") == county.other_village


@pytest.mark.parametrize(
    "typed",
    ["试城 › 试县 › 试乡", "Shicheng › Shi County › Shi Town", "试乡", "Shi Town"],
)
def test_an_area_is_found_by_either_of_its_names(county, typed):
    field = PickField(
        rows=lambda _user: Area.objects.exclude(tier="village"), labels=area_labels
    )
    with translation.override("en"):
        field.offer_to(None)

        assert field.clean(typed) == county.town


@pytest.mark.parametrize(
    ("language", "shown", "hidden"),
    [("en", "Cloth tiger", "布老虎"), ("zh-hans", "布老虎", "Cloth tiger")],
)
def test_rates_and_the_desk_call_a_piece_by_its_name(language, shown, hidden):
    with clock_at(build.NOON):
        shop = build.shop()
        sale = build.order((shop.ready, 1))
        keeper = staff(language, Grant.Role.SHOPKEEPER)
        spec = shop.ready.craft_spec.pk
        for path in (
            "/office/rates/",
            f"/office/rates/{spec}/",
            f"/shop/dashboard/orders/{sale.reference}/",
        ):
            page = keeper.get(path).content.decode()

            assert shown in page, path
            assert hidden not in page, path
        study = keeper.get(f"/office/rates/{spec}/").content.decode()
        assert ("王桂兰 " in study) == (language == "zh-hans")
        assert ("Wang Guilan " in study) == (language == "en")


@pytest.mark.parametrize(
    ("language", "answers"), [("en", ["Yes", "No"]), ("zh-hans", ["是", "否"])]
)
@pytest.mark.parametrize("screen", ["offers", "vouchers"])
def test_oscars_searches_ask_yes_or_no_in_the_readers_language(
    screen, language, answers
):
    keeper = staff(language, Grant.Role.SHOPKEEPER)
    page = keeper.get(f"/shop/dashboard/{screen}/").content.decode()
    (choice, *_more) = re.findall(
        r'<select name="is_active".*?</select>', page, re.DOTALL
    )

    assert re.findall(r">\s*(\w+)\s*</option>", choice) == answers


def test_english_says_basket_and_voucher_never_cart_and_coupon():
    with translation.override("en"):
        said = [
            translation.gettext(words)
            for words in ("Basket", "Add to basket", "Vouchers", "Create voucher")
        ]

    assert said == ["Basket", "Add to basket", "Vouchers", "Create voucher"]
