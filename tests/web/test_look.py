"""Fixed addresses and the language switch."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from qiaoshou.common.templatetags import look


@pytest.mark.parametrize(
    ("name", "parts", "chinese", "english"),
    [
        ("front", (), "/", "/en/"),
        ("product", ("cloth-tiger",), "/p/cloth-tiger/", "/en/p/cloth-tiger/"),
        ("maker", ("K7Q2M4T8XZ",), "/makers/K7Q2M4T8XZ/", "/en/makers/K7Q2M4T8XZ/"),
        ("office", (), "/office/", "/office/"),
    ],
)
def test_a_place_has_one_address_per_language(name, parts, chinese, english):
    with translation.override("zh-hans"):
        assert look.place(name, *parts) == chinese
    with translation.override("en"):
        assert look.place(name, *parts) == english


def test_an_unknown_place_is_a_mistake():
    with pytest.raises(KeyError):
        look.place("nowhere")


@pytest.mark.parametrize(
    ("path", "language", "other"),
    [
        ("/", "en", "/en/"),
        ("/en/", "zh-hans", "/"),
        ("/en/shop/?q=香囊&page=2", "zh-hans", "/shop/?q=香囊&page=2"),
        ("/shop/?q=a", "en", "/en/shop/?q=a"),
        ("/entry/", "en", "/en/entry/"),
        ("/en/shop/", "en", "/en/shop/"),
    ],
)
def test_the_switch_leads_to_the_same_page(path, language, other):
    assert look.in_language(path, language) == other


def links(path: str, **context: object) -> list[dict]:
    request = RequestFactory().get(path)
    return look.language_links(Context({"request": request, **context}))


def test_a_page_without_a_translation_leads_to_the_other_front_page():
    with translation.override("zh-hans"):
        found = links("/returns/", page_translations={"zh-hans": "/returns/"})

    assert [(link["url"], link["current"], link["exists"]) for link in found] == [
        ("/returns/", True, True),
        ("/en/", False, False),
    ]


def test_a_language_is_named_in_itself():
    template = Template("{% include 'components/language_switch.html' %}")
    with translation.override("en"):
        request = RequestFactory().get("/en/shop/?q=a")
        html = template.render(Context({"request": request}))

    assert 'href="/shop/?q=a" hreflang="zh-Hans" lang="zh-Hans">中文</a>' in html
    assert "English" not in html


@pytest.mark.parametrize(
    ("value", "whole", "percent"), [(38, 60, 63), (0, 0, 0), (9, 3, 100), (-1, 3, 0)]
)
def test_a_meter_stays_between_nothing_and_full(value, whole, percent):
    assert look.percent_of(value, whole) == percent


def test_a_row_of_another_length_is_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        look.beside(["姓名", "工钱"], ["王桂兰"])
