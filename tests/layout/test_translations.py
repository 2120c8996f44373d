"""The catalogues are complete: every message of ours is there in Chinese, and nothing
in any of them is left untranslated."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.ROOT)
OURS = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
CATALOGUES = {
    "ours": OURS,
    "packages zh_Hans": ROOT / "locale/packages/zh_Hans/LC_MESSAGES/django.po",
    "packages en": ROOT / "locale/packages/en/LC_MESSAGES/django.po",
}
SOURCES = ("site", "producers", "catalog", "orders", "templates", "locale")


def run(*words: str | Path) -> str:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def message_ids(path: Path) -> set[str]:
    """Every message id of a catalogue, with its context, obsolete ones left out."""
    text = run("msgattrib", "--no-obsolete", "--no-wrap", path)
    return set(re.findall(r'^((?:msgctxt ".*"\n)?msgid ".+")$', text, re.MULTILINE))


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_every_message_is_translated_and_none_is_a_guess(catalogue):
    left = run("msgattrib", "--untranslated", "--no-obsolete", catalogue)
    guessed = run("msgattrib", "--only-fuzzy", "--no-obsolete", catalogue)

    assert (left, guessed) == ("", "")


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_placeholders_agree_with_the_message(catalogue, tmp_path):
    run("msgfmt", "--check", "--check-accelerators=&", catalogue, "-o", tmp_path / "x")


def test_no_message_of_the_code_is_missing_from_the_catalogue(tmp_path):
    for name in SOURCES:
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("__pycache__", "*.mo", "static", "packages"),
        )
    shutil.copy(ROOT / "manage.py", tmp_path)
    fresh = tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans"),
            *("--no-location", "--no-wrap", "--settings", "qiaoshou.settings.test"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    missing = message_ids(fresh) - message_ids(OURS)
    left = run("msgattrib", "--untranslated", "--no-obsolete", fresh)

    assert (sorted(missing), left) == ([], "")
