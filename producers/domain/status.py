"""The states of a maker and the ways between them (docs/rules/registry.md)."""

APPLIED = "applied"
VERIFIED = "verified"
ACTIVE = "active"
PAUSED = "paused"
LEFT = "left"

NEXT: dict[str, frozenset[str]] = {
    APPLIED: frozenset({VERIFIED, LEFT}),
    VERIFIED: frozenset({ACTIVE, LEFT}),
    ACTIVE: frozenset({PAUSED, LEFT}),
    PAUSED: frozenset({ACTIVE, LEFT}),
    LEFT: frozenset({APPLIED}),
}


def may_become(now: str, then: str) -> bool:
    """Whether a maker who is `now` may be `then` next; to stay is no change."""
    return then in NEXT[now]
