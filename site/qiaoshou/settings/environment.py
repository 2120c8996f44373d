"""Reads the environment strictly: a wrong value stops the start with a sentence."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

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
# What an address of the database may ask of the connection; libpq's own names.
DATABASE_OPTIONS = frozenset(
    {
        "application_name",
        "connect_timeout",
        "host",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "target_session_attrs",
    }
)
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")
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
            found = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names a file that can't be read: {error}."
            ) from error
        if not found:
            raise ImproperlyConfigured(f"{name}_FILE names a file that is empty.")
        return found

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
        if value:
            check_address(name, value, schemes)
        return value

    def folder(self, name: str, default: Path) -> Path:
        value = Path(self.text(name, str(default)))
        if not value.is_absolute():
            raise ImproperlyConfigured(f"{name} must be a path from the root: /…")
        return value

    def media_address(self, name: str) -> str:
        """`/media/` of this server, or the https address of another one."""
        value = self.text(name, "/media/")
        if not re.fullmatch(r"(https://[^/\s]+)?/(\S*/)?", value):
            raise ImproperlyConfigured(
                f"{name} must be a path or an https address, and end with a slash."
            )
        return value

    @staticmethod
    def hosts_of(address: str) -> list[str]:
        """The origin of an address on another machine; nothing for a path of ours."""
        parts = urlsplit(address)
        return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []

    def hosts(self, name: str) -> list[str]:
        """Host names as a browser sends them; no wildcards, ports or addresses."""
        found = self.words(name)
        if not found or any("*" in host or host[0] == "." for host in found):
            raise ImproperlyConfigured(
                f"{name} must name each host, without wildcards."
            )
        for host in found:
            if not HOST.fullmatch(host):
                raise ImproperlyConfigured(
                    f"{name}: {host!r} is not a host name like shop.example.org."
                )
        return found


def check_address(name: str, value: str, schemes: tuple[str, ...]) -> SplitResult:
    """The parts of an address; stops at one that is no address of these schemes."""
    parts = _split(name, value)
    if parts.scheme not in schemes or not parts.netloc:
        raise ImproperlyConfigured(
            f"{name} must be an address that begins with "
            f"{' or '.join(scheme + '://' for scheme in schemes)}."
        )
    return parts


def _split(name: str, value: str) -> SplitResult:
    """The parts of an address whose port is a number where it has one."""
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error
    return parts


def field_keys(text: str) -> str:
    """FIELD_KEYS as it is, when each word is `id:64 hex digits` and no id repeats."""
    ids = []
    for word in text.split(","):
        key_id, _, value = word.strip().partition(":")
        if not key_id or not re.fullmatch("[0-9a-fA-F]{64}", value):
            raise ImproperlyConfigured(
                "FIELD_KEYS must be id:64 hex digits, separated by commas."
            )
        ids.append(key_id)
    if len(ids) != len(set(ids)):
        raise ImproperlyConfigured("FIELD_KEYS has the same id twice.")
    return text


def cache(url: str) -> dict[str, object]:
    """Django's settings for a cache that all processes share."""
    parts = check_address("CACHE_URL", url, ("redis", "rediss", "database"))
    if parts.scheme == "database":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": parts.netloc,
            # Tries of codes are counted here. Django's 300 entries are soon full, and
            # then live ones are thrown out: a counter would begin anew.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
    }


def database(
    url: str, *, pooled: bool = False, name: str = "DATABASE_URL"
) -> dict[str, object]:
    """Django's settings for one PostgreSQL address; `?host=` names a socket folder."""
    parts = _split(name, url)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host/name."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if unknown := sorted(set(query) - DATABASE_OPTIONS):
        raise ImproperlyConfigured(f"{name}: {unknown[0]} is not an option of it.")
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
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def mail(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings; the address is smtp:// or smtps://user:password@host:port.

    `?from=` gives the sender; a plain smtp:// connection is raised to TLS by STARTTLS
    unless `?tls=no` says that the server is on the same machine or network.
    """
    parts = _split("EMAIL_URL", url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp://user:password@host:port?from=address."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    sender = query.get("from", "")
    if "@" not in sender:
        raise ImproperlyConfigured("EMAIL_URL needs ?from= with the sender's address.")
    if query.get("tls", "no") != "no":
        raise ImproperlyConfigured("EMAIL_URL knows no other tls= than no.")
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
