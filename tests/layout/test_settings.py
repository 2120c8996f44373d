"""A wrong environment stops the start with one sentence that names the variable."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from qiaoshou.settings.environment import KNOWN, Environment, cache, database, mail

GOOD = {
    "DJANGO_SETTINGS_MODULE": "qiaoshou.settings.production",
    "SECRET_KEY": "k7Q2x9mZ4vB8nL1cR6tY3wP5sD0fG-hJ7kA2eU9iO4qX8zC1bN6",
    "FIELD_KEYS": "a:" + "0f1e2d3c4b5a6978" * 4,
    "ALLOWED_HOSTS": "shop.example.org",
    "DATABASE_URL": "postgresql://app:secret@db.example.org/qiaoshou",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example.org/qiaoshou",
    "EMAIL_URL": "smtp://user:secret@mail.example.org?from=shop@example.org",
    "STRIPE_SECRET_KEY": "sk_test_settings",
    "STRIPE_WEBHOOK_SECRET": "whsec_settings",
    "SITE_URL": "https://shop.example.org",
}

STORE = {
    "S3_ENDPOINT": "https://store.example.org",
    "S3_BUCKET": "pictures",
    "S3_ACCESS_KEY": "AKIDEXAMPLE",
    "S3_SECRET_KEY": "wJalrXUtnFEMI",
    "MEDIA_URL": "https://media.example.org/",
}

# Reading the settings is what must stop; setting up every app takes seconds more.
READ = "from django.conf import settings; settings.DEBUG"


def start(change: dict[str, str | None], *words: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {k: v for k, v in {**kept, **GOOD, **change}.items() if v is not None}
    return subprocess.run(
        [sys.executable, *(words or ("-c", READ))],
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
        (
            {"DATABASE_URL": "postgresql://u@h:port/name"},
            "DATABASE_URL: Port could not be cast to integer value as 'port'.",
        ),
        (
            {"DATABASE_URL": "postgresql://u@h/name?ssl=on"},
            "DATABASE_URL: ssl is not an option of it.",
        ),
        (
            {"DATABASE_OWNER_URL": "owner", "QIAOSHOU_AS_OWNER": "yes"},
            "DATABASE_OWNER_URL must look like postgresql://user:password@host/name.",
        ),
        ({"FIELD_KEYS": None}, "FIELD_KEYS must be set."),
        (
            {"FIELD_KEYS": "a:0123"},
            "FIELD_KEYS must be id:64 hex digits, separated by commas.",
        ),
        (
            {"FIELD_KEYS": GOOD["FIELD_KEYS"] + "," + GOOD["FIELD_KEYS"]},
            "FIELD_KEYS has the same id twice.",
        ),
        (
            {"FIELD_KEYS": "dev:" + "00" * 32},
            "FIELD_KEYS must be random: openssl rand -hex 32.",
        ),
        (
            {"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]},
            "SECRET_KEY must be at least 50 random characters.",
        ),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS must name each host, without"),
        ({"ALLOWED_HOSTS": "*.example.org"}, "ALLOWED_HOSTS must name each host, with"),
        (
            {"ALLOWED_HOSTS": "https://shop.example.org"},
            "ALLOWED_HOSTS: 'https://shop.example.org' is not a host name like",
        ),
        ({"SITE_URL": None}, "SITE_URL must be set."),
        (
            {"SITE_URL": "http://shop.example.org"},
            "SITE_URL must be an address that begins with https://.",
        ),
        ({"SITE_URL": "https://"}, "SITE_URL must be an address that begins with http"),
        ({"SITE_URL": "https://[x"}, "SITE_URL: Invalid IPv6 URL."),
        (
            {"MEDIA_URL": "media"},
            "MEDIA_URL must be a path or an https address, and end with a slash.",
        ),
        (
            {"S3_BUCKET": "pictures"},
            "S3_BUCKET is set, so S3_ENDPOINT must be set too.",
        ),
        (
            {**STORE, "S3_SECRET_KEY": None},
            "S3_ENDPOINT is set, so S3_SECRET_KEY must be set too.",
        ),
        (
            {**STORE, "MEDIA_URL": "/media/"},
            "MEDIA_URL must be the https address where the files of S3_BUCKET are",
        ),
        ({**STORE, "S3_BUCKET": "No_Bucket"}, "S3_BUCKET: 'No_Bucket' is not a bucket"),
        (
            {**STORE, "S3_ENDPOINT": "store.example.org"},
            "S3_ENDPOINT must be an address that begins with https:// or http://.",
        ),
        ({**STORE, "S3_ADDRESSING": "dns"}, "S3_ADDRESSING must be one of path, virt"),
        (
            {**STORE, "S3_SECRET_KEY_FILE": "/nowhere/at/all"},
            "Set S3_SECRET_KEY or S3_SECRET_KEY_FILE, not both.",
        ),
        (
            {**STORE, "S3_SECRET_KEY": None, "S3_SECRET_KEY_FILE": "/nowhere/at/all"},
            "S3_SECRET_KEY_FILE names a file that can't be read",
        ),
        ({"QIAOSHOU_VAR": "var"}, "QIAOSHOU_VAR must be a path from the root: /…"),
        ({"STRIPE_SECRET_KEY": None}, "STRIPE_SECRET_KEY must be set."),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET must be set."),
        ({"STRIPE_API_BASE": "ftp://x"}, "STRIPE_API_BASE must be an address that"),
        ({"EMAIL_URL": None}, "EMAIL_URL must be set."),
        ({"EMAIL_URL": "smtp://h:x?from=a@b"}, "EMAIL_URL: Port could not be cast"),
        (
            {"EMAIL_URL": "smtp://h?from=a@b&tls=never"},
            "EMAIL_URL knows no other tls= than no.",
        ),
        ({"CACHE_URL": "database://"}, "CACHE_URL must be an address that begins"),
        ({"SMS_BACKEND": "pigeon"}, "SMS_BACKEND must be one of "),
        ({"SMS_BACKEND": "console"}, "SMS_BACKEND must be one of "),
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


SECRETS = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "EMAIL_URL",
    "CACHE_URL",
)


def test_every_secret_can_come_from_a_file(tmp_path):
    values = GOOD | {"CACHE_URL": "redis://:secret@cache:6379/0"}
    change: dict[str, str | None] = {"QIAOSHOU_AS_OWNER": "yes"}
    for name in SECRETS:
        (tmp_path / name).write_text(values[name] + "\n", encoding="utf-8")
        change |= {name: None, f"{name}_FILE": str(tmp_path / name)}
    done = start(
        change,
        "-c",
        "from django.conf import settings as s\n"
        "db = s.DATABASES['default']\n"
        "print(s.SECRET_KEY, s.FIELD_KEYS, s.APPLICATION_ROLE, db['USER'],\n"
        "    s.STRIPE_SECRET_KEY, s.STRIPE_WEBHOOK_SECRET, s.EMAIL_HOST_PASSWORD,\n"
        "    s.CACHES['default']['LOCATION'])",
    )
    assert done.stdout.split() == [
        GOOD["SECRET_KEY"],
        GOOD["FIELD_KEYS"],
        "app",
        "owner",
        GOOD["STRIPE_SECRET_KEY"],
        GOOD["STRIPE_WEBHOOK_SECRET"],
        "secret",
        "redis://:secret@cache:6379/0",
    ]


def test_an_empty_secret_file_is_refused(tmp_path):
    (tmp_path / "key").write_text("\n", encoding="utf-8")
    done = start({"SECRET_KEY": None, "SECRET_KEY_FILE": str(tmp_path / "key")})

    assert "SECRET_KEY_FILE names a file that is empty." in done.stderr


def test_every_secret_is_read_as_one():
    """A name that speaks of a key, secret, password or account is never plain text."""
    sources = (Path(settings.ROOT) / "site/qiaoshou/settings").glob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    plain = re.findall(r'env\.(?:text|url|words)\(\s*"([A-Z_]+)"', text)

    assert [n for n in plain if re.search("KEY|SECRET|PASSWORD|TOKEN", n)] == []
    assert [name for name in SECRETS if f'env.secret("{name}"' not in text] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG must be yes or no, not 'perhaps'."),
        ({"FIELD_KEYS": "x"}, "FIELD_KEYS must be id:64 hex digits"),
        ({"CACHE_URL": "x"}, "CACHE_URL must be an address that begins"),
        ({"SITE_URL": "here"}, "SITE_URL must be an address that begins"),
        ({"SMS_BACKEND": "pigeon"}, "SMS_BACKEND must be one of "),
        ({"QIAOSHOU_POOL": "2"}, "QIAOSHOU_POOL must be yes or no, not '2'."),
        ({"QIAOSHOU_DEBUG": "1"}, "QIAOSHOU_DEBUG is not a setting of this program"),
    ],
)
def test_one_machine_refuses_too(change, sentence):
    good = dict.fromkeys(GOOD) | {"DJANGO_SETTINGS_MODULE": "qiaoshou.settings.dev"}
    done = start(good | change)

    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]


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


@pytest.mark.parametrize(
    ("change", "store", "hosts"),
    [
        ({}, "FileSystemStorage", "'self' data: blob:"),
        (STORE, "S3Storage", "'self' data: blob: https://media.example.org"),
    ],
)
def test_pictures_of_the_store_may_be_shown(change, store, hosts):
    done = start(
        change,
        "-c",
        "from django.conf import settings as s;"
        "print(s.STORAGES['default']['BACKEND'].rpartition('.')[2]);"
        "print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])",
    )

    assert done.stdout.splitlines() == [store, hosts], done.stderr


def test_every_variable_that_settings_read_is_in_the_docs():
    sources = (Path(settings.ROOT) / "site/qiaoshou/settings").glob("*.py")
    read = set(KNOWN)
    for path in sources:
        read |= set(
            re.findall(
                r'env\.(?:text|secret|flag|choice|words|url|hosts|folder|media_address)\(\s*"([A-Z_]+)"',
                path.read_text(encoding="utf-8"),
            )
        )
    documented = (Path(settings.ROOT) / "docs/settings.md").read_text(encoding="utf-8")

    assert sorted(name for name in read if f"`{name}`" not in documented) == []


@pytest.mark.django_db
def test_many_other_entries_leave_a_counter_of_the_shared_cache_alone():
    said = cache("database://counters")
    shared = DatabaseCache(said.pop("LOCATION"), said)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE counters (cache_key varchar(255) PRIMARY KEY,"
            " value text NOT NULL, expires timestamptz NOT NULL)"
        )
    # Django throws out from the front of the alphabet.
    shared.set("a-counter", 9, 3600)
    for one in range(400):
        shared.set(f"entry-{one}", "x", 3600)

    assert shared.get("a-counter") == 9
