"""Turns texts and queries into search terms: character pairs, pinyin, English words.

Rule and worked table: docs/rules/search.md. A term is a lexeme of PostgreSQL's
`tsvector`; nothing here depends on a dictionary of the database.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Weights of PostgreSQL's ranking: a title counts more than a craft or place, and that
# more than a story.
WEIGHTS = ("A", "B", "C")
LONGEST_QUERY = 60
LONGEST_READING = 12
MOST_POSITIONS = 16_000

Readings = Callable[[str], list[str]]

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_HAN}]+|[a-z0-9]+")
_IS_HAN = re.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a thing that can be found; `read` adds its pinyin."""

    text: str
    weight: str
    read: bool = False


def plain(text: str) -> str:
    """Lower case, half width, without tone marks or accents."""
    spread = unicodedata.normalize("NFKD", text).lower()
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def runs(text: str) -> list[str]:
    """Unbroken stretches of Han characters, and of Latin letters and digits."""
    return _RUNS.findall(plain(text))


def _of_han(run: str) -> list[str]:
    """Each character, and each pair of neighbours."""
    return [*run, *(run[i : i + 2] for i in range(len(run) - 1))]


def _readings(run: str, readings: Readings) -> list[str]:
    """The pinyin from each character on, joined, so that a prefix finds any substring.

    满族刺绣 gives manzucixiu, zucixiu, cixiu and xiu.
    """
    syllables = [plain(syllable) for syllable in readings(run)]
    return [
        "".join(syllables[start : start + LONGEST_READING])
        for start in range(len(syllables))
    ]


def terms(text: str, *, readings: Readings | None = None) -> list[str]:
    """The terms under which a text is found."""
    found: list[str] = []
    for run in runs(text):
        if _IS_HAN.match(run):
            found += _of_han(run)
            if readings is not None:
                found += _readings(run, readings)
        else:
            found.append(run)
    return found


def vector(fields: Iterable[Field], readings: Readings) -> str:
    """A `tsvector` literal of all fields, each term with positions and weights."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 0
    for field in fields:
        if field.weight not in WEIGHTS:
            raise ValueError(f"no such weight: {field.weight}")
        for term in terms(field.text, readings=readings if field.read else None):
            position = min(position + 1, MOST_POSITIONS)
            if len(places[term]) < 100:
                places[term].append(f"{position}{field.weight}")
    return " ".join(f"'{term}':{','.join(at)}" for term, at in sorted(places.items()))


def query(text: str) -> str:
    """A `tsquery` literal that asks for every word of the text; "" where there is none.

    A Han run asks for all its pairs (or its one character). A Latin run asks for words
    or pinyin that begin with it; an English plural also for its singular.
    """
    asked: list[str] = []
    for run in runs(text[:LONGEST_QUERY]):
        if not _IS_HAN.match(run):
            asked.append(_word(run))
        elif len(run) == 1:
            asked.append(f"'{run}'")
        else:
            asked += [f"'{run[i : i + 2]}'" for i in range(len(run) - 1)]
    return " & ".join(dict.fromkeys(asked))


def _word(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return f"('{word}':* | '{word[:-1]}':*)"
    return f"'{word}':*"
