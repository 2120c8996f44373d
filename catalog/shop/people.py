"""Which makers the public may see, and what it may see of them."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from catalog.shop.words import ENGLISH
from producers.models import Consent, Maker, Purpose, Status
from qiaoshou.common.naming import named
from qiaoshou.common.templatetags.look import HTML_LANGUAGE


@dataclass(frozen=True, slots=True)
class Person:
    """What a page shows of a maker who agreed to it."""

    id: int
    ref: str
    name: str
    picture: str
    alt: str
    sentence: str
    story: str
    lang: str
    left: bool


def lot_maker_agreed() -> Exists:
    """For a queryset of lots: the maker of the lot agrees to be named now."""
    return Exists(
        Consent.objects.filter(
            maker=Coalesce(OuterRef("maker__merged_into"), OuterRef("maker")),
            purpose=Purpose.PUBLIC_STORY,
            withdrawn=None,
        )
    )


def person(maker: Maker, language: str) -> Person:
    """A maker of `producers.selectors.with_public_story()` as a page shows her.

    Her texts are those of the language, or of the other where she has none in it.
    """
    texts = {text.language: text for text in maker.texts.all()}
    text = texts.get(language) or next(iter(texts.values()), None)
    english = language == ENGLISH
    return Person(
        id=maker.pk,
        ref=maker.reference,
        name=named(maker, language),
        picture=default_storage.url(maker.photo.name) if maker.photo else "",
        alt=maker.photo_alt_en if english else maker.photo_alt_zh,
        sentence=text.sentence if text else "",
        story=text.story if text else "",
        lang=HTML_LANGUAGE[text.language] if text else "",
        left=maker.status == Status.LEFT,
    )
