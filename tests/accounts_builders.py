"""Small named things for tests of people: accounts, codes that were sent, grants."""

import re
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core import mail

from qiaoshou.accounts.models import Grant, User
from qiaoshou.common.today import today

PHONE = "+8613800005678"
_number = count(1)


def person(email: str | None = None, **rest) -> User:
    if email is None and "phone" not in rest:
        email = f"person{next(_number)}@example.org"
    return User.objects.create_user(email=email, **rest)


def grant(user: User, role: str, area=None, **rest) -> Grant:
    return Grant.objects.create(
        user=user, role=role, area=area, **{"valid_from": today(), **rest}
    )


def mailed_code() -> str:
    """The six digits in the newest mail."""
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()


def messages() -> list[str]:
    """Every text message, the oldest first."""
    folder = Path(settings.VAR) / "sms"
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]


def texted_code() -> str:
    """The six digits in the newest text message."""
    return re.search(r"\b\d{6}\b", messages()[-1]).group()
