"""Names of areas: how an official one is shown, read, sorted and drafted in English.

The rules and their worked table stand in docs/rules/areas.md.
"""

import re
import unicodedata
from collections.abc import Sequence

from pypinyin import Style, lazy_pinyin

LONGEST_SORT_KEY = 200
LONGEST_ENGLISH = 120

# Readings of place names that a dictionary of common words gets wrong.
READINGS = {
    "兀术": ("wu2", "zhu2"),
    "曾家": ("zeng1", "jia1"),
    "朝阳": ("chao2", "yang2"),
    "调": ("diao4",),
    "长": ("chang2",),
    "六": ("liu4",),
    "咀": ("zui3",),
}
_READ = re.compile("|".join(sorted(READINGS, key=len, reverse=True)))

# An official list names the committee; people name the place. Longest first.
COMMITTEES = (
    (re.compile(r"(?<=.)村?村(民委员|委)会$"), "村"),
    (re.compile(r"(?<=.)(社区)?居(民委员|委)会$"), "社区"),
)
KINDS = {
    "村委会": "村",
    "村民委员会": "村",
    "居委会": "社区",
    "居委会/社区": "社区",
    "居民委员会": "社区",
}

# Kinds of areas as English says them; the table keeps the Chinese word.
ENGLISH_KINDS = {
    "省": "province",
    "地级市": "prefecture-level city",
    "县级市": "county-level city",
    "市": "city",
    "区": "district",
    "县": "county",
    "自治县": "autonomous county",
    "镇": "town",
    "乡": "township",
    "民族乡": "ethnic township",
    "街道": "subdistrict",
    "开发区": "development zone",
    "村": "village",
    "社区": "community",
    "生活区": "residential quarter",
    "家委会": "residents' committee",
}

PEOPLES = {
    "满族": "Manchu",
    "蒙古族": "Mongol",
    "回族": "Hui",
    "朝鲜族": "Korean",
    "锡伯族": "Xibe",
}
# The generic word at the end of a name. Longest first.
ENDINGS = (
    ("自治区", "Autonomous Region"),
    ("自治州", "Autonomous Prefecture"),
    ("自治县", "Autonomous County"),
    ("生活区", "Residential Quarter"),
    ("家委会", "Residents' Committee"),
    ("街道", "Subdistrict"),
    ("地区", "Prefecture"),
    ("社区", "Community"),
    ("省", "Province"),
    ("市", "City"),
    ("区", "District"),
    ("县", "County"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
)
# Words that may stand before the ending, as in 银州|工业园区|社区. Longest first.
WITHIN = (
    ("高新技术产业开发区", "High-tech Industrial Development Zone"),
    ("经济技术开发区", "Economic and Technological Development Zone"),
    ("经济开发区", "Economic Development Zone"),
    ("工业园区", "Industrial Park"),
    ("产业基地", "Industrial Base"),
    ("生产基地", "Production Base"),
    ("工业园", "Industrial Park"),
    ("开发区", "Development Zone"),
    ("物流城", "Logistics Park"),
    ("分场", "Branch Farm"),
    ("农场", "Farm"),
    ("林场", "Forest Farm"),
    ("煤矿", "Coal Mine"),
    ("新区", "New Area"),
)


def tidy(name: str) -> str:
    """The name without spaces and in one form of each character (Ａ is A)."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def shown_name(official: str) -> str:
    """What people call the place: 大台山村民委员会 → 大台山村."""
    name = tidy(official)
    for committee, short in COMMITTEES:
        name, found = committee.subn(short, name)
        if found:
            break
    return name


def shown_kind(official: str, name: str) -> str:
    """镇, 乡, 村, 社区 …; a kind that is not known is kept as the list writes it.

    A list that offers several (家委会/生活区) means the one in which the name ends.
    """
    kind = tidy(official)
    if kind in KINDS:
        return KINDS[kind]
    offered = [word for word in kind.split("/") if word and name.endswith(word)]
    return offered[0] if offered else kind


def syllables(name: str) -> list[str]:
    """The reading with tones, one syllable a character: 调兵 → diao4, bing1."""
    found: list[str] = []
    end = 0
    for place in _READ.finditer(name):
        found += _dictionary(name[end : place.start()])
        found += READINGS[place.group()]
        end = place.end()
    return found + _dictionary(name[end:])


def _dictionary(text: str) -> list[str]:
    if not text:
        return []
    return list(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))


def sort_key(name: str) -> str:
    """The key by which areas sort, since the server has no Chinese collation."""
    return " ".join(syllables(name)).lower()[:LONGEST_SORT_KEY]


def romanised(name: str) -> str:
    """One capitalised word of pinyin: 平安堡 → Ping'anbao."""
    word = ""
    for syllable in syllables(name):
        bare = syllable.rstrip("12345")
        # GB/T 28039 and ISO 7098: an apostrophe where a vowel begins a later syllable.
        word += f"'{bare}" if word and bare[:1] in "aoe" else bare
    return word[:1].upper() + word[1:]


def _split(name: str, endings: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for chinese, english in endings:
        if name.endswith(chinese) and name != chinese:
            return name[: -len(chinese)], english
    return name, ""


def draft_english(shown: str, above: Sequence[tuple[str, str]] = ()) -> str:
    """A draft for a person to check; `above` holds (Chinese, English) of areas over it.

    A specific part of one character keeps its generic word: 沈村 → Shencun Village.
    """
    stem, ending = shown, ""
    if not _split(shown, WITHIN)[1]:
        stem, ending = _split(shown, ENDINGS)
    words = [ending] if ending else []
    for people, english in PEOPLES.items():
        if ending and stem.endswith(people) and stem != people:
            stem = stem[: -len(people)]
            words.insert(0, english)
    inner = False
    while True:
        stem, generic = _split(stem, WITHIN)
        if not generic:
            break
        words.insert(0, generic)
        inner = True
    if len(stem) == 1 and not inner and len(shown) == 2:
        stem = shown
    words[:0] = _specific(stem, above, inner=inner)
    return " ".join(words)[:LONGEST_ENGLISH]


def _specific(stem: str, above: Sequence[tuple[str, str]], *, inner: bool) -> list[str]:
    """The proper name, in two words where it begins with that of an area above."""
    for chinese, english in above:
        if stem.startswith(chinese):
            rest = stem[len(chinese) :]
            return [english, romanised(rest)] if rest else [english]
        short, _ending = _split(chinese, ENDINGS)
        rest = stem[len(short) :]
        if inner and stem.startswith(short) and rest:
            return [romanised(short), romanised(rest)]
    return [romanised(stem)]
