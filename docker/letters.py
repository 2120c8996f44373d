"""What the mail catcher of docker-compose.yml holds; --well: does it take mail?"""

import email
import email.policy
import os
import smtplib
import sys
from pathlib import Path

CATCHER = ("127.0.0.1", int(os.environ.get("CATCHER_PORT", "1025")))
LETTERS = Path(os.environ.get("CATCHER_LETTERS", "/tmp/letters"))


def well() -> None:
    """Ends with an error where the catcher does not answer in SMTP."""
    with smtplib.SMTP(*CATCHER, timeout=5) as catcher:
        catcher.noop()


def letters() -> list[str]:
    """Every letter as text, the oldest first."""
    found = sorted((LETTERS / "new").glob("*"), key=lambda one: one.stat().st_mtime_ns)
    return [_read(one.read_bytes()) for one in found]


def _read(raw: bytes) -> str:
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    heads = (f"{name}: {letter[name]}" for name in ("Date", "From", "To", "Subject"))
    body = letter.get_body(preferencelist=("plain", "html"))
    return "\n".join([*heads, "", body.get_content().rstrip() if body else ""])


if __name__ == "__main__":
    if sys.argv[1:] == ["--well"]:
        well()
    else:
        caught = letters()
        sys.stdout.write("\n\n----\n\n".join(caught) or "No letter was caught.")
        sys.stdout.write("\n")
