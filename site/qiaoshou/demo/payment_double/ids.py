"""Makes ids in Stripe's manner: a prefix that says the kind, then random letters."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
SESSION_LENGTH, LENGTH = 58, 24


def new_id(prefix: str) -> str:
    length = SESSION_LENGTH if prefix == "cs_test" else LENGTH
    return prefix + "_" + "".join(secrets.choice(ALPHABET) for _ in range(length))
