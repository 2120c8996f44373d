"""Reads the environment strictly: a wrong value stops the start with a sentence."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "QIAOSHOU_"
KNOWN = frozenset(
    {
        "QIAOSHOU_AS_OWNER",
        "QIAOSHOU_BROWSER",
        "QIAOSHOU_MANIFEST",
        "QIAOSHOU_POOL",
        "QIAOSHOU_VAR",
    }
)
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class Environment:
    """One reading of the environment; every getter names the variable it refuses."""

    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self.values = values
        unknown = sorted(
            name for name in values if name.startswith(PREFIX) and name not in KNOWN
        )
        if unknown:
            raise ImproperlyConfigured(
                f"{unknown[0]} is not a setting of this program; known names that "
                f"begin with {PREFIX} are {', '.join(sorted(KNOWN))}."
            )

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            if default is None:
                raise ImproperlyConfigured(f"{name} must be set.")
            return default
        return value

    def secret(self, name: str, default: str | None = None) -> str:
        """The value of NAME, or the content of the file that NAME_FILE names."""
        path = self.values.get(f"{name}_FILE")
        if path is None:
            return self.text(name, default)
        if self.values.get(name):
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names a file that can't be read: {error}."
            ) from error

    def flag(self, name: str, default: bool) -> bool:
        value = self.values.get(name, "").lower()
        if value == "":
            return default
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in options:
            raise ImproperlyConfigured(
                f"{name} must be one of {', '.join(options)}, not {value!r}."
            )
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        """The comma-separated words of NAME, without empty ones."""
        text = self.text(name, default)
        return [word.strip() for word in text.split(",") if word.strip()]

    def url(self, name: str, schemes: tuple[str, ...], default: str | None) -> str:
        value = self.text(name, default)
        parts = urlsplit(value)
        if value and parts.scheme not in schemes:
            raise ImproperlyConfigured(
                f"{name} must be an address that begins with "
                f"{' or '.join(scheme + '://' for scheme in schemes)}."
            )
        return value


def database(url: str, *, pooled: bool = False) -> dict[str, object]:
    """Django's settings for one PostgreSQL address; `?host=` names a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://user:password@host/name."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {error}.") from error
    options: dict[str, object] = dict(query)
    host = options.pop("host", parts.hostname or "")
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": 4}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def mail(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings; the address is smtp:// or smtps://user:password@host:port.

    `?from=` gives the sender; a plain smtp:// connection is raised to TLS by STARTTLS
    unless `?tls=no` says that the server is on the same machine or network.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp://user:password@host:port?from=address."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    sender = query.get("from", "")
    if "@" not in sender:
        raise ImproperlyConfigured("EMAIL_URL needs ?from= with the sender's address.")
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and query.get("tls") != "no",
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
        "OSCAR_FROM_EMAIL": sender,
    }
