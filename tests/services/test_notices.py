"""Channels of notices: what goes out, in which words, and what stays unsaid."""

import re
import stat

import pytest
from django.core import mail
from django.test import RequestFactory

from qiaoshou.accounts.adapter import OneDoor
from qiaoshou.common.phones import last_digits, whole_phone
from qiaoshou.notices import channels, sms
from tests.layout.test_settings import start

TO = "+8613800005678"
EVENTS = ("sign_in_code", "contact_code", "no_account", "account_exists")
FACTS = {"code": "123456", "minutes": 10, "link": "http://x.example/en/sign-up/"}
SHORTEST_SMS = 70


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_words_for_both_channels(settings, tmp_path, event, language):
    for channel, to in (("mail", "lin@example.org"), ("sms", TO)):
        channels.tell(event=event, channel=channel, to=to, language=language, **FACTS)
    texts = [path.read_text() for path in (tmp_path / "sms").glob("*.txt")]
    sent = mail.outbox[0]

    told = "123456" if event.endswith("code") else FACTS["link"]
    assert (told in sent.body, told in texts[0]) == (True, True)
    assert sent.subject.count("\n") == 0
    assert ("验证码" in texts[0] or "账号" in texts[0]) is (language == "zh-hans")
    if event.endswith("code") and language == "zh-hans":
        assert len(texts[0].split("\n\n")[1].strip()) <= SHORTEST_SMS


def test_a_message_lies_in_a_file_that_only_its_owner_reads(tmp_path):
    sms.send_sms(TO, "您好")
    path = next((tmp_path / "sms").glob("*.txt"))

    assert path.read_text() == f"To: {TO}\n\n您好\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TO not in path.name


def test_the_console_shows_the_last_digits_only(settings, capsys):
    settings.SMS_BACKEND = "console"
    sms.send_sms(TO, "您好")

    assert capsys.readouterr().out == "SMS to •••• 5678: 您好\n"


def test_without_a_gateway_nothing_is_written(settings, tmp_path):
    settings.SMS_BACKEND = "none"
    sms.send_sms(TO, "您好")

    assert (list(tmp_path.iterdir()), sms.can_send()) == ([], False)


def test_production_writes_no_messages_on_the_console():
    done = start({"SMS_BACKEND": "console"})

    assert "SMS_BACKEND must be one of none, file" in done.stderr


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 0000 5678", TO),
        ("13800005678", TO),
        ("0086 138 0000 5678", TO),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_is_made_whole(typed, number):
    assert whole_phone(typed) == number
    assert last_digits(number) == f"•••• {number[-4:]}"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (2, "", "127.0.0.1"),
    ],
)
def test_limits_count_by_the_address_before_our_proxies(
    settings, proxies, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})

    assert OneDoor(request).get_client_ip(request) == address


def test_every_mail_goes_through_the_room_of_notices(settings):
    senders = {
        str(path.relative_to(settings.ROOT))
        for room in ("orders", "producers", "catalog", "site/qiaoshou")
        for path in (settings.ROOT / room).rglob("*.py")
        if re.search(
            "import .*(EmailMessage|EmailMulti|send_mail|send_mass_mail)",
            path.read_text(encoding="utf-8"),
        )
    }

    assert senders == {"site/qiaoshou/notices/mail.py"}
