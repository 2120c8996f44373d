"""Reasons in words: one sentence for each code, in English and Chinese.

`in_words(reason, language="zh-hans", names={"base": "东胜村基地"})` gives the sentence;
a late piece's reason is told with `late=True`, because it speaks of everybody and not
of one maker. The English text is the message id. The Chinese stands
in `zh_Hans.po` beside this file and nowhere else.
"""

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from .terms import Reason

Facts = dict[str, int | str]


def gettext_noop(message: str) -> str:
    """The message itself; marks it for the tool that collects messages."""
    return message


HERS = {
    "CHOSEN": gettext_noop(
        "You get %(pieces)s of the pieces: %(able)s people can make them and have time"
        " before %(due)s, and none of the others stands lower than you. You stood at"
        " %(before)s yuan for each hour you asked for; with this work it is"
        " %(after)s yuan."
    ),
    "FIT": gettext_noop(
        "You get %(pieces)s of the pieces: they fit into your time before %(due)s and"
        " bring you from %(before)s to %(after)s yuan for each hour you asked for."
    ),
    "SAME_PARCEL": gettext_noop(
        "You get %(pieces)s of the pieces: %(base)s already sends a parcel for this"
        " order, and where one is sent nobody who stands lower has time. They bring"
        " you from %(before)s to %(after)s yuan for each hour you asked for."
    ),
    "KEPT": gettext_noop("You already have %(pieces)s of the pieces and keep them."),
    "NOT_CERTIFIED": gettext_noop(
        "This work needs %(craft)s at grade %(grade)s; you hold grade %(holds)s."
    ),
    "BASE_NOT_ALLOWED": gettext_noop("Your base may not make this product."),
    "DECLINED": gettext_noop(
        "You said no to this work. That does not count against you."
    ),
    "HOURS": gettext_noop(
        "Until %(due)s you have %(free)s hours free; the smallest part of this work"
        " takes %(lot)s hours."
    ),
    "BASE_FULL": gettext_noop(
        "%(base)s has %(free)s hours left until %(due)s; the smallest part of this"
        " work takes %(lot)s hours."
    ),
    "LEVEL": gettext_noop(
        "You stand at %(level)s yuan for each hour you asked for; everyone who got"
        " this work stands at %(highest)s yuan or less."
    ),
    "LEVEL_AFTER": gettext_noop(
        "With the smallest part of this work you would stand at %(after)s yuan for"
        " each hour you asked for; everyone who got it stands at %(highest)s yuan or"
        " less."
    ),
    "PARCEL": gettext_noop(
        "It would take one more parcel, from %(base)s; the bases that send one"
        " already can make it all."
    ),
    "BUDGET": gettext_noop(
        "This work is shared already (people: %(makers)s), and each should have about"
        " %(floor)s hours of it. If one of them gave you her whole part, incomes"
        " would be less even."
    ),
    "LOT": gettext_noop(
        "All of it is given out already (people: %(makers)s), in parts of at least"
        " %(pieces)s of the pieces. If one of them gave you her whole part, incomes"
        " would be less even."
    ),
}
NO_CERTIFICATE = gettext_noop(
    "This work needs %(craft)s at grade %(grade)s, and you hold no certificate for it"
    " yet."
)
LATE = {
    "NO_MAKER": gettext_noop("Nobody holds %(craft)s at grade %(grade)s."),
    "BASE_NOT_ALLOWED": gettext_noop(
        "In the bases that may make it nobody holds %(craft)s at grade %(grade)s."
    ),
    "DECLINED": gettext_noop("Everybody who could make it said no this time."),
    "HOURS": gettext_noop(
        "Nobody certified has enough time until %(due)s: at most %(free)s hours are"
        " free, and the smallest part takes %(lot)s hours."
    ),
    "BASE_FULL": gettext_noop(
        "Makers have time, but their bases are full until %(due)s: %(base)s has the"
        " most left, %(free)s hours, and the smallest part takes %(lot)s hours."
    ),
    "LOT": gettext_noop(
        "What is left can't be given out in parts of at least %(pieces)s of the pieces"
        " that fit anybody's time."
    ),
}
LEVELS = ("before", "after", "level", "highest")
CATALOGUE = Path(__file__).with_name("zh_Hans.po")


def sentence(
    reason: Reason, names: Mapping[str, str] | None = None, *, late: bool = False
) -> tuple[str, Facts]:
    """The message id of the reason and the values of its placeholders.

    Levels become yuan for each hour asked for at weight 100, minutes become hours
    (free ones rounded down, lots up); `names` replaces a fact by what people call it.
    """
    table = LATE if late else HERS
    message = table[reason.code]
    if reason.code == "NOT_CERTIFIED" and not reason.facts["holds"]:
        message = NO_CERTIFICATE
    facts: Facts = dict(reason.facts)
    for key, value in reason.facts.items():
        if isinstance(value, int):
            if key in LEVELS:
                facts[key] = _two_places(value * 60 * 100 // 10**6)
            elif key in ("free", "floor"):
                facts[key] = _one_place(value * 10 // 60)
            elif key == "lot":
                facts[key] = _one_place(-(-value * 10 // 60))
    return message, facts | dict(names or {})


def in_words(
    reason: Reason,
    *,
    language: str = "zh-hans",
    names: Mapping[str, str] | None = None,
    late: bool = False,
    translations: NullTranslations | None = None,
) -> str:
    """The sentence in the language; `translations` goes before our own catalogue."""
    message, facts = sentence(reason, names, late=late)
    if translations is not None:
        text = translations.gettext(message)
    elif language.lower().startswith("zh"):
        text = chinese()[message]
    else:
        text = message
    return text % facts


@cache
def chinese() -> dict[str, str]:
    """Message ids and their Chinese, read from the catalogue."""
    found: dict[str, str] = {}
    parts = {"msgid": "", "msgstr": ""}
    now = ""
    for line in [*CATALOGUE.read_text("utf-8").splitlines(), "msgid "]:
        word, _, rest = line.partition(" ")
        if word == "msgid" and now == "msgstr":
            found[parts["msgid"]] = parts["msgstr"]
            parts = {"msgid": "", "msgstr": ""}
        if word in parts:
            now = word
            line = rest
        if line.startswith('"'):
            parts[now] += line[1:-1].replace('\\"', '"').replace("\\n", "\n")
    return found


def _two_places(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def _one_place(tenths: int) -> str:
    whole, part = divmod(tenths, 10)
    return f"{whole}.{part}" if part else str(whole)
