"""Makes a new site's first pages, in both languages; safe to repeat."""

import datetime

from django.apps import apps
from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from qiaoshou.cms import art
from qiaoshou.cms.first_pages import FirstPages
from qiaoshou.cms.models import HomePage, Masthead, PlainPage, SectionPage, StoryPage


@transaction.atomic
def make_site(*, hostname: str, port: int) -> Site:
    """The default site answers at this address and has its first pages.

    Pages that exist are left as the office wrote them. With the demo app installed
    the pages hold invented figures and say so at their foot.
    """
    # One at a time: two starts at once would both find no home page.
    Site.objects.select_for_update().order_by("pk").first()
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    Locale.objects.get_or_create(language_code="en")
    demo = apps.is_installed("qiaoshou.demo")
    chinese, english = (
        FirstPages(language, demo, art.picture_id)
        for language in (settings.LANGUAGE_CODE, "en")
    )
    home = HomePage.objects.filter(
        locale__language_code=settings.LANGUAGE_CODE
    ).first() or _make_home(chinese, english)
    site = _point_site(home, hostname, port)
    for here, there in zip(chinese.pages("texts"), english.pages("texts"), strict=True):
        _make(PlainPage, home, here, there)
    stories = _make(SectionPage, home, chinese.page("stories"), english.page("stories"))
    if demo:
        _make(StoryPage, stories, chinese.page("story"), english.page("story"))
    if not Masthead.objects.exists():
        Masthead.objects.create(**chinese.masthead())
    return site


def _make_home(chinese: FirstPages, english: FirstPages) -> HomePage:
    here, there = chinese.page("front"), english.page("front")
    home = HomePage(
        title=here["title"],
        slug="front",
        search_description=here["description"],
        body=here["body"],
    )
    Page.get_first_root_node().add_child(instance=home)
    copy = home.copy_for_translation(Locale.objects.get(language_code="en"))
    copy.title = copy.draft_title = there["title"]
    copy.search_description, copy.body = there["description"], there["body"]
    copy.save_revision().publish()
    return home


def _point_site(home: HomePage, hostname: str, port: int) -> Site:
    """The default site shows `home`; Wagtail's own welcome page is gone."""
    site = Site.objects.filter(is_default_site=True).first()
    site = site or Site(is_default_site=True)
    welcome = site.root_page if site.pk and site.root_page_id != home.pk else None
    site.hostname, site.port, site.root_page = hostname, port, home
    site.save()
    if welcome is not None and welcome.specific_class is Page:
        welcome.delete()
    return site


def _make(kind: type[Page], parent: Page, here: dict, there: dict) -> Page:
    """The page `here` stands below `parent` in Chinese, `there` is its translation."""
    known = kind.objects.child_of(parent).filter(slug=here["slug"]).first()
    if known:
        return known
    extra = {}
    if "date" in here:
        extra["date"] = datetime.date.fromisoformat(here["date"])
        extra["picture_id"] = art.picture_id(here["picture"])
    page = kind(
        title=here["title"],
        slug=here["slug"],
        lead=here["lead"],
        body=here["body"],
        **extra,
    )
    parent.add_child(instance=page)
    copy = page.copy_for_translation(Locale.objects.get(language_code="en"))
    copy.title = copy.draft_title = there["title"]
    copy.lead, copy.body = there["lead"], there["body"]
    copy.save_revision().publish()
    return page
