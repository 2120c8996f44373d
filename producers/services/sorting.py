"""The key by which Chinese names sort: their pinyin, since the server has no ICU."""

from pypinyin import Style, lazy_pinyin

LONGEST = 200


def sort_key(name: str) -> str:
    """The name's pinyin with tones, small letters; 王桂兰 → wang2 gui4 lan2."""
    syllables = lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(syllables).lower()[:LONGEST]


def romanised(name: str) -> str:
    """A person's name in the Chinese order: 王桂兰 → Wang Guilan; a draft to check."""
    family, given = name[:1], name[1:]
    words = ["".join(lazy_pinyin(part)).capitalize() for part in (family, given)]
    return " ".join(word for word in words if word)
