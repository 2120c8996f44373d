"""Headers that keep a page to itself: on public pages, the office and the dashboard."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model

from qiaoshou.accounts.models import Grant
from qiaoshou.cms.setup import make_site

pytestmark = pytest.mark.django_db

PUBLIC = ("/", "/en/", "/shop/", "/basket/", "/sign-in/", "/no-such-page/")
STAFF = ("/office/", "/shop/dashboard/", "/django-admin/")
EXACT = {
    "default-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'self'"},
    "frame-ancestors": {"'self'"},
    "form-action": {"'self'"},
}


@pytest.fixture
def visitor(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_site(hostname="testserver", port=80)
    return client


@pytest.fixture
def staff(visitor):
    user = get_user_model().objects.create_superuser(
        email="office@example.org", full_name="管理员"
    )
    Grant.objects.create(
        user=user, role=Grant.Role.SHOPKEEPER, valid_from=dt.date(2026, 1, 1)
    )
    visitor.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return visitor


def policy(response) -> dict[str, set[str]]:
    """Directive → its sources."""
    parts = response.headers["Content-Security-Policy"].split(";")
    words = [part.split() for part in parts if part.strip()]
    return {first: set(rest) for first, *rest in words}


def check(response) -> dict[str, set[str]]:
    """Every header that is the same everywhere; gives the content policy."""
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("geolocation", "microphone", "payment", "usb"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    found = policy(response)
    for directive, sources in EXACT.items():
        assert found[directive] == sources
    scripts = {one for one in found["script-src"] if not one.startswith("'nonce-")}
    assert scripts == {"'self'"}
    return found


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_runs_and_styles_nothing_inline(visitor, path):
    found = check(visitor.get(path))

    assert found["style-src"] == {"'self'"}


@pytest.mark.parametrize("path", STAFF)
def test_a_staff_page_may_style_inline_and_runs_nothing_inline(staff, path):
    response = staff.get(path)

    assert response.status_code == 200
    assert check(response)["style-src"] == {"'self'", "'unsafe-inline'"}


def test_cookies_can_not_be_read_by_scripts_or_sent_from_elsewhere(settings):
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
