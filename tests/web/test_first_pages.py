"""A new site's first pages: there in both languages, once, and within few queries."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from qiaoshou.cms.models import HomePage, Masthead, Picture, PlainPage, StoryPage
from qiaoshou.cms.setup import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings, tmp_path) -> Site:
    settings.MEDIA_ROOT = tmp_path
    return make_site(hostname="testserver", port=80)


def tree() -> list[tuple[str, str, str]]:
    return [
        (page.url, page.locale.language_code, page.title)
        for page in Page.objects.filter(depth__gt=1).order_by("path")
    ]


def test_a_new_site_has_its_pages_in_both_languages(site):
    assert tree() == [
        ("/", "zh-hans", "一针一线，有名有姓"),
        ("/trade/", "zh-hans", "企业礼品与批发"),
        ("/open-accounts/", "zh-hans", "公开账目"),
        ("/returns/", "zh-hans", "退换与返修"),
        ("/join/", "zh-hans", "我要报名做手艺"),
        ("/terms/", "zh-hans", "购买条款"),
        ("/privacy/", "zh-hans", "隐私说明"),
        ("/stories/", "zh-hans", "手艺故事"),
        ("/stories/red-paper-winter/", "zh-hans", "一张红纸的冬天"),
        ("/en/", "en", "Every stitch has a name"),
        ("/en/trade/", "en", "Trade and corporate gifts"),
        ("/en/open-accounts/", "en", "Open accounts"),
        ("/en/returns/", "en", "Returns and repairs"),
        ("/en/join/", "en", "Become a maker"),
        ("/en/terms/", "en", "Terms of purchase"),
        ("/en/privacy/", "en", "Privacy notice"),
        ("/en/stories/", "en", "Craft stories"),
        ("/en/stories/red-paper-winter/", "en", "A winter of red paper"),
    ]


def test_making_the_site_again_changes_only_its_address(site):
    HomePage.objects.filter(locale__language_code="zh-hans").update(title="我们的首页")
    before, pictures = tree(), Picture.objects.count()

    again = make_site(hostname="market.example", port=8123)

    assert (again.pk, again.hostname, again.port) == (site.pk, "market.example", 8123)
    assert [row[1:] for row in tree()] == [row[1:] for row in before]
    assert Picture.objects.count() == pictures == 4
    assert Masthead.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "language", "other"),
    [
        ("/", "zh-Hans", "/en/"),
        ("/en/", "en", "/"),
        ("/returns/", "zh-Hans", "/en/returns/"),
        ("/en/stories/red-paper-winter/", "en", "/stories/red-paper-winter/"),
        ("/stories/", "zh-Hans", "/en/stories/"),
    ],
)
def test_a_page_says_its_language_and_leads_to_the_other(
    site, client, path, language, other
):
    answer = client.get(path)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in html
    assert 'hreflang="zh-Hans" href="http://testserver' in html
    assert f'<link rel="canonical" href="http://testserver{path}">' in html
    assert re.search(rf'href="{other}" hreflang="[\w-]+" lang="[\w-]+">', html)
    assert len(re.findall("<h1", html)) == 1


def test_no_page_of_ours_has_a_script_or_a_style_inside(site, client):
    for path in ("/", "/stories/red-paper-winter/", "/nothing-here/"):
        html = client.get(path).content.decode()

        assert "<style" not in html
        assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
        assert re.findall(r"\son[a-z]+=\"", html) == []


@pytest.mark.parametrize(
    ("path", "number"),
    [("/returns/", 9), ("/stories/", 11), ("/stories/red-paper-winter/", 14)],
)
def test_a_page_takes_a_fixed_number_of_queries(site, client, path, number):
    client.get(path)  # the first visit makes the renditions of the pictures

    with CaptureQueriesContext(connection) as queries:
        client.get(path)

    assert len(queries) == number


def test_a_missing_page_says_so_in_the_reader_s_language(site, client):
    chinese, english = client.get("/nothing/"), client.get("/en/nothing/")

    assert (chinese.status_code, english.status_code) == (404, 404)
    assert '<h1 class="h4">没有这一页</h1>' in chinese.content.decode()
    assert '<h1 class="h4">This page is not here</h1>' in english.content.decode()


def test_a_page_cannot_hide_behind_an_address_of_the_site(site):
    page = PlainPage(title="Shop", slug="shop")
    page.set_url_path(site.root_page)

    with pytest.raises(ValidationError) as refused:
        page.clean()

    assert list(refused.value.message_dict) == ["slug"]


def test_a_story_s_pictures_are_described_in_the_reader_s_language(site, client):
    chinese = client.get("/stories/red-paper-winter/").content.decode()
    english = client.get("/en/stories/red-paper-winter/").content.decode()

    assert 'alt="四张红色团花剪纸"' in chinese
    assert 'alt="Four red round paper-cuts"' in english


def test_a_withdrawn_translation_leads_to_the_other_front_page(site, client):
    StoryPage.objects.get(locale__language_code="en").unpublish()

    html = client.get("/stories/red-paper-winter/").content.decode()

    assert 'href="/en/" hreflang="en"' in html
    assert 'rel="alternate" hreflang="en"' not in html
