"""A wrong environment stops the start with one sentence that names the variable."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from qiaoshou.settings.environment import KNOWN, Environment, database, mail

GOOD = {
    "DJANGO_SETTINGS_MODULE": "qiaoshou.settings.production",
    "SECRET_KEY": "k7Q2x9mZ4vB8nL1cR6tY3wP5sD0fG-hJ7kA2eU9iO4qX8zC1bN6",
    "FIELD_KEYS": "a:" + "0f" * 32,
    "ALLOWED_HOSTS": "shop.example.org",
    "DATABASE_URL": "postgresql://app:secret@db.example.org/qiaoshou",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example.org/qiaoshou",
    "EMAIL_URL": "smtp://user:secret@mail.example.org?from=shop@example.org",
    "STRIPE_SECRET_KEY": "sk_test_settings",
    "STRIPE_WEBHOOK_SECRET": "whsec_settings",
    "SITE_URL": "https://shop.example.org",
}


def start(change: dict[str, str | None], *words: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {k: v for k, v in {**kept, **GOOD, **change}.items() if v is not None}
    return subprocess.run(
        [sys.executable, *(words or ("-c", "import django; django.setup()"))],
        cwd=settings.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY must be set."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 50 random characters."),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be at least 50 random characters."),
        (
            {"DEBUG": "1"},
            "DEBUG shows secrets to visitors: production refuses it.",
        ),
        ({"DEBUG": "perhaps"}, "DEBUG must be yes or no, not 'perhaps'."),
        (
            {"ALLOWED_HOSTS": "*"},
            "ALLOWED_HOSTS must name each host, without wildcards.",
        ),
        (
            {"ALLOWED_HOSTS": ".example.org"},
            "ALLOWED_HOSTS must name each host, without wildcards.",
        ),
        (
            {"DATABASE_URL": "mysql://x/y"},
            "DATABASE_URL must look like postgresql://user:password@host/name.",
        ),
        ({"SMS_BACKEND": "pigeon"}, "SMS_BACKEND must be one of "),
        ({"CACHE_URL": "memcached://x"}, "CACHE_URL must be an address that begins"),
        ({"EMAIL_URL": "smtp://host"}, "EMAIL_URL needs ?from= with the sender's"),
        (
            {"QIAOSHOU_TYPO": "1"},
            "QIAOSHOU_TYPO is not a setting of this program; known names that begin",
        ),
        (
            {"SECRET_KEY_FILE": "/nowhere/at/all"},
            "Set SECRET_KEY or SECRET_KEY_FILE, not both.",
        ),
        (
            {"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/at/all"},
            "SECRET_KEY_FILE names a file that can't be read: ",
        ),
    ],
)
def test_production_refuses(change, sentence):
    done = start(change)

    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]


def test_production_is_clean_for_deployment():
    done = start({}, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


def test_a_secret_can_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text(GOOD["SECRET_KEY"] + "\n", encoding="utf-8")
    done = start(
        {"SECRET_KEY": None, "SECRET_KEY_FILE": str(tmp_path / "key")},
        "-c",
        "from django.conf import settings; print(settings.SECRET_KEY)",
    )
    assert done.stdout.strip() == GOOD["SECRET_KEY"]


def test_the_demo_is_absent_in_production():
    done = start(
        {},
        "-c",
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import resolve, Resolver404\n"
        "print(settings.DEMO_DOOR, 'qiaoshou.demo.apps.DemoConfig' in "
        "settings.INSTALLED_APPS)\n"
        "print(resolve('/demo/').view_name)",
    )
    assert done.stdout.splitlines()[0] == "False False"
    assert done.stdout.splitlines()[1] == "wagtail_serve"


@pytest.mark.parametrize(
    ("value", "names"),
    [("a, b ,,c", ["a", "b", "c"]), ("", [])],
)
def test_words_are_split_at_commas(value, names):
    assert Environment({"HOSTS": value}).words("HOSTS") == names


def test_a_database_port_that_is_no_number_is_refused():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database("postgresql://u@host:abc/name")


def test_mail_over_tls_from_the_start_has_its_own_scheme():
    found = mail("smtps://u:p%40ss@mail.example.org?from=a@example.org")

    assert found["EMAIL_PORT"] == 465
    assert found["EMAIL_USE_SSL"] is True
    assert found["EMAIL_USE_TLS"] is False
    assert found["EMAIL_HOST_PASSWORD"] == "p@ss"


def test_every_variable_that_settings_read_is_in_the_docs():
    sources = (Path(settings.ROOT) / "site/qiaoshou/settings").glob("*.py")
    read = set(KNOWN)
    for path in sources:
        read |= set(
            re.findall(
                r'env\.(?:text|secret|flag|choice|words|url)\(\s*"([A-Z_]+)"',
                path.read_text(encoding="utf-8"),
            )
        )
    documented = (Path(settings.ROOT) / "docs/settings.md").read_text(encoding="utf-8")

    assert sorted(name for name in read if f"`{name}`" not in documented) == []
