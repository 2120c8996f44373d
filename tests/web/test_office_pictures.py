"""Pictures of the office: the editor keeps them, in her language; others don't."""

import io

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image as Drawing
from wagtail.images import get_image_model

from qiaoshou.accounts.grants import give_grant
from qiaoshou.common.today import today
from tests import orders_builders as build

pytestmark = pytest.mark.django_db
PICTURES = "/office/images/"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def staff(role, language="en"):
    person = build.person(f"{role}-{language}@example.com", language=language)
    give_grant(user=person, role=role, area=None, by=None, valid_from=today())
    client = Client()
    client.force_login(person)
    return client


def drawing():
    data = io.BytesIO()
    Drawing.new("RGB", (40, 30), "red").save(data, "PNG")
    data.seek(0)
    data.name = "red.png"
    return data


def test_the_editor_adds_a_picture_and_changes_its_title(client):
    editor = staff("editor")
    said = {"title": "Red paper", "file": drawing(), "collection": "1"}
    assert editor.post(f"{PICTURES}add/", said).status_code == 302

    (picture,) = get_image_model().objects.all()
    assert "Red paper" in editor.get(PICTURES).content.decode()
    assert editor.get(f"{PICTURES}{picture.pk}/").status_code == 200
    said = {"title": "Window paper", "collection": "1"}
    assert editor.post(f"{PICTURES}{picture.pk}/", said).status_code == 302
    picture.refresh_from_db()
    assert picture.title == "Window paper"


def test_a_shopkeeper_is_led_back_from_the_pictures():
    assert staff("shopkeeper").get(PICTURES).headers["Location"] == "/office/"


def test_her_menu_says_translations_in_her_language_whoever_came_first():
    words = {"en": "Translations", "zh-hans": "翻译"}
    editors = {language: staff("editor", language) for language in words}
    for language in ("zh-hans", "en", "zh-hans"):
        translation.deactivate()
        page = editors[language].get("/office/").content.decode()

        assert f">{words[language]}</a>" in page
        (other,) = set(words) - {language}
        assert f">{words[other]}</a>" not in page
