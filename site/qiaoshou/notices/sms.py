"""The SMS channel: nowhere, on the console, or as files that a gateway picks up.

Numbers and codes never reach a log: the console shows a number's last digits only, and
a file is readable by its owner alone.
"""

import sys
from collections.abc import Callable, Mapping

from django.conf import settings

from qiaoshou.common.phones import last_digits
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import now
from qiaoshou.notices.words import words

FOLDER = "sms"


def _nowhere(to: str, text: str) -> None:
    """No gateway is set up: the door says so before anybody waits for a message."""


def _on_console(to: str, text: str) -> None:
    sys.stdout.write(f"SMS to {last_digits(to)}: {text}\n")
    sys.stdout.flush()


def _into_a_file(to: str, text: str) -> None:
    folder = settings.VAR / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d-%H%M%S}-{new_reference()}.txt"
    path.touch(mode=0o600)
    path.write_text(f"To: {to}\n\n{text}\n", encoding="utf-8")


# A new gateway is one function and one line.
BACKENDS: dict[str, Callable[[str, str], None]] = {
    "none": _nowhere,
    "console": _on_console,
    "file": _into_a_file,
}


def can_send() -> bool:
    """Whether a message would reach anybody."""
    return bool(settings.SMS_BACKEND != "none")


def send_sms(to: str, text: str) -> None:
    """One message to one E.164 number has been handed to the gateway."""
    BACKENDS[settings.SMS_BACKEND](to, text)


def deliver(event: str, to: str, language: str, facts: Mapping[str, object]) -> None:
    """The event's message."""
    send_sms(to, words(event, "sms", language, facts))
