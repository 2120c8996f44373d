"""Every component renders, in both languages, as well-formed HTML in its own words."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import ERROR
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

FOLDER = Path(settings.ROOT) / "templates" / "components"
VOID = {"input", "img", "br", "hr", "link", "meta"}


class Apply(forms.Form):
    name = forms.CharField(label="姓名", help_text="和身份证一样")
    agreed = forms.BooleanField(label="我同意")
    pay = forms.ChoiceField(
        label="怎么领", choices=[("bank", "银行卡")], widget=forms.RadioSelect
    )
    skills = forms.MultipleChoiceField(
        label="会什么",
        choices=[("1", "剪纸")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def refused() -> Apply:
    form = Apply({"name": "", "pay": "bank"})
    form.fields["name"].error_messages["required"] = "请填姓名"
    form.fields["agreed"].error_messages["required"] = "请勾选"
    form.is_valid()
    return form


CARD = SimpleNamespace(
    slug="tiger",
    title="布老虎",
    picture="/media/tiger.webp",
    alt="黄布老虎",
    maker_name="王桂兰",
    maker_ref="K7Q2M4T8XZ",
    base_name="杏花沟基地",
    place="开原市",
    price_fen=16850,
    pay_fen=8600,
    ready=False,
    days=15,
    badge="",
)
PARTS = [
    {"key": "maker", "name": "工钱", "hint": "约 4 小时", "fen": 8600, "percent": 51},
    {"key": "material", "name": "材料", "hint": "", "fen": 8250, "percent": 49},
]
ITEMS = [
    {"label": "一", "url": "/a/", "state": "done", "title": "裁布", "value": "12"},
    {"label": "二", "url": "/b/", "state": "now", "title": "缝", "current": True},
]
NAVIGATION = [
    {"key": "today", "icon": "home", "label": "今天", "url": "/workshop/", "count": 5}
]
SAMPLES = {
    "actionbar.html": {"price": "168", "text": "放进购物袋", "form": "buy"},
    "badge.html": {"text": "定做", "kind": "warn"},
    "bench_head.html": {},
    "check.html": {"name": "c", "text": "我同意", "count": 3, "checked": True},
    "chip.html": {"text": "剪纸", "url": "?craft=1", "removes": True},
    "chip_radio.html": {"name": "size", "value": "l", "text": "大"},
    "crumbs.html": {"items": ITEMS},
    "drop.html": {"name": "photo", "text": "拍照", "hint": "放平", "capture": True},
    "empty.html": {
        "title": "购物袋是空的",
        "text": "去看看",
        "url": "/",
        "action": "逛",
    },
    "face.html": {"name": "王桂兰", "size": "3rem"},
    "field.html": {"field": refused()["name"]},
    "field_errors.html": {"field": refused()["name"]},
    "form_errors.html": {"form": refused()},
    "form_fields.html": {"form": refused()},
    "kpis.html": {
        "items": [{"label": "在做", "value": 63, "unit": "件", "note": "快"}]
    },
    "language_switch.html": {},
    "maker_card.html": {
        "name": "王桂兰",
        "url": "/m/",
        "facts": ["58 岁"],
        "quote": "话",
    },
    "mark.html": {},
    "messages.html": {"messages": [Message(ERROR, "没有付成")]},
    "meter.html": {"value": 38, "max": 60, "label": "香囊", "load": True},
    "more.html": {"url": "/", "text": "全部"},
    "note.html": {"text": "没有付成", "kind": "bad", "url": "/", "link": "换个方式"},
    "numbers.html": {"items": ITEMS},
    "pager.html": {
        "page": Paginator(range(90), 10).page(5),
        "query": QueryDict("q=x"),
    },
    "pick.html": {"name": "ship", "value": "p", "title": "自提", "price": "免费"},
    "product_card.html": {"card": CARD},
    "qr.html": {"text": "https://example.org/t/K7Q2/"},
    "rail.html": {"items": NAVIGATION, "name": "杏花沟", "active": "today"},
    "search.html": {"action": "/shop/", "query": "香囊"},
    "share.html": {"parts": PARTS},
    "sheet.html": {
        "id": "no",
        "title": "不接？",
        "action": "/x/",
        "confirm": "不接",
        "csrf_token": "t",
    },
    "sign_out.html": {"user": SimpleNamespace(is_authenticated=True)},
    "skeleton.html": {},
    "stepper.html": {"name": "qty", "label": "数量", "value": 1, "min": 1},
    "steps.html": {"items": ITEMS},
    "sum.html": {"items": ITEMS, "total": {"label": "应付", "value": "¥444.00"}},
    "tabbar.html": {"items": NAVIGATION, "active": "today"},
    "table.html": {
        "name": "工钱表",
        "head": [{"label": "姓名"}, {"label": "工钱", "number": True}],
        "rows": [[{"text": "王桂兰", "url": "/m/"}, "86"]],
        "foot": ["合计", "86"],
        "cards": True,
    },
    "tabs.html": {"items": ITEMS, "name": "视图"},
    "timeline.html": {"items": ITEMS},
    "toast.html": {"text": "已放进购物袋", "undo": "/x/", "csrf_token": "t"},
    "wordmark.html": {},
}
# English that is right in a Chinese page: the link that leads to the other language.
NOT_CHINESE = {"English", "QR"}


class Reader(HTMLParser):
    """Checks nesting and ids, and keeps what a person would read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        facts = dict(attrs)
        assert len(facts) == len(attrs), f"<{tag}> repeats an attribute"
        self.ids += [facts["id"]] if "id" in facts else []
        said = ("alt", "aria-label", "placeholder", "title")
        self.said += [facts[name] for name in said if facts.get(name)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert sorted(set(reader.ids)) == sorted(reader.ids)
    return reader


def render(name: str, language: str) -> str:
    with translation.override(language):
        return render_to_string(f"components/{name}", SAMPLES[name])


def test_every_component_has_a_sample():
    assert {path.name for path in FOLDER.glob("*.html")} == set(SAMPLES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_component_is_well_formed_html(name, language):
    html = render(name, language)

    assert html.strip()
    assert "style=" not in re.sub(r'style="--[a-z]+:[^";]+"', "", html)
    assert "<script" not in html
    read(html)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_component_says_nothing_in_english_on_a_chinese_page(name):
    said = " ".join(read(render(name, "zh-hans")).said)

    assert set(re.findall(r"[A-Za-z]{2,}", said)) <= NOT_CHINESE


def test_a_card_names_maker_place_price_and_pay():
    said = " ".join("".join(read(render("product_card.html", "zh-hans")).said).split())

    assert "王桂兰，开原市" in said
    assert "¥168.50 其中工钱 ¥86" in said
    assert "定做 15 天" in said


def test_a_card_without_a_picture_says_that_one_is_coming():
    bare = SimpleNamespace(**(vars(CARD) | {"picture": ""}))
    with translation.override("en"):
        html = render_to_string("components/product_card.html", {"card": bare})

    assert "<img" not in html
    assert "Photograph to come" in html


def test_the_share_is_one_sentence_for_those_who_cannot_see_the_bar():
    assert 'aria-label="价格构成： 工钱 51%，材料 49%"' in render(
        "share.html", "zh-hans"
    )


def test_a_refused_form_links_each_error_to_its_field():
    html = render("form_fields.html", "zh-hans")

    assert "有 2 处要改，还没有保存" in html
    assert '<a href="#id_name">姓名：请填姓名</a>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.index('id="id_name_helptext"') < html.index('id="id_name"')
    assert 'id="id_name_error"' in html


def test_pages_far_from_this_one_become_a_gap():
    html = render("pager.html", "zh-hans")

    assert re.findall(r"(?:>(\d)<|(…))", html) == [
        ("1", ""),
        ("", "…"),
        ("4", ""),
        ("5", ""),
        ("6", ""),
        ("", "…"),
        ("9", ""),
    ]
    assert 'href="?q=x&amp;page=4"' in html


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (Path(settings.ROOT) / "site/static/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([a-z]+)"', sprite))
    templates = Path(settings.ROOT, "templates").rglob("*.html")
    used = {
        name
        for path in templates
        for name in re.findall(r'{% icon "(\w+)"', path.read_text(encoding="utf-8"))
    }

    assert used - known == set()
