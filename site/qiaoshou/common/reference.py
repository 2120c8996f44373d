"""Makes public references: 10 random Crockford base32 characters, never counting up."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def new_reference() -> str:
    """50 random bits as 10 characters that can be read out over a telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
