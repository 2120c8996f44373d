"""What the doctor says of one part of the machine."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    # Worth a look; people can be served.
    WARN = "warn"
    # Something is wrong: `manage.py doctor` fails.
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: the state of a part, and in words what was seen or what to do."""

    state: State
    words: str


def ok(words: str) -> Finding:
    return Finding(State.OK, words)


def warn(words: str) -> Finding:
    return Finding(State.WARN, words)


def bad(words: str) -> Finding:
    return Finding(State.BAD, words)
