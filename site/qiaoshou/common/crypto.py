"""Encrypts single fields (AES-256-GCM) and makes the blind index that finds them again.

A stored value is `key id : base64(nonce + ciphertext)`; the row's place (table,
column, and an id that never changes) is bound in as additional data, so that a value
copied to another row does not open. The blind index is an HMAC-SHA256 of the
normalised text under a key derived for that purpose.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES, NONCE_BYTES = 32, 12


class CannotOpen(Exception):
    """The stored value was not made for this place, or its key is not configured."""


def keys() -> dict[str, bytes]:
    """Key id → 32 bytes, from `FIELD_KEYS` = `id:hex,id:hex`; the first one writes."""
    found = {}
    for word in settings.FIELD_KEYS.split(","):
        name, _, value = word.strip().partition(":")
        key = bytes.fromhex(value)
        if not name or len(key) != KEY_BYTES:
            raise ValueError("FIELD_KEYS must be id:64 hex digits, separated by commas")
        found[name] = key
    return found


def seal(text: str, *, place: str) -> str:
    """`text` encrypted for `place` ("accounts.User.phone:<uuid>"); "" stays ""."""
    if text == "":
        return ""
    name, key = next(iter(keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    return f"{name}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(stored: str, *, place: str) -> str:
    """The text that `seal` was given for this very place."""
    if stored == "":
        return ""
    name, _, body = stored.partition(":")
    key = keys().get(name)
    if key is None:
        raise CannotOpen(f"no key {name!r} is configured")
    raw = base64.b64decode(body)
    try:
        opened = AESGCM(key).decrypt(
            raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()
        )
    except InvalidTag as error:
        raise CannotOpen("the value does not belong to this row") from error
    return opened.decode()


def blind_index(text: str, *, column: str) -> str | None:
    """64 hex digits that are equal for equal text in one column; None for "".

    The index key is derived from the last configured key, which never changes when
    a new writing key is put in front.
    """
    if text == "":
        return None
    root = list(keys().values())[-1]
    derived = hmac.digest(root, f"blind index of {column}".encode(), hashlib.sha256)
    return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()
