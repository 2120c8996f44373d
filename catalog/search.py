"""One search over products, makers and pages: what is found under which words.

Entries are written in the transaction that changes the thing. Rule:
docs/rules/search.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from pypinyin import lazy_pinyin

from catalog.domain import search_terms
from catalog.domain.search_terms import Field
from catalog.models import Listing, ProductText, SearchEntry
from producers.models import Base, Consent, Maker, Membership

Kind = SearchEntry.Kind
UPSERT = """
INSERT INTO catalog_searchentry (kind, reference, language, title, address, words)
VALUES (%s, %s, %s, %s, %s, %s::tsvector)
ON CONFLICT (kind, reference, language) DO UPDATE
SET title = excluded.title, address = excluded.address, words = excluded.words
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found, other than a product."""

    kind: str
    reference: str
    title: str
    address: str


def readings(run: str) -> list[str]:
    """The pinyin of each character, as the word it stands in is read."""
    return lazy_pinyin(run)


def index_entry(
    *,
    kind: str,
    reference: str,
    language: str,
    title: str,
    fields: Iterable[Field],
    address: str = "",
) -> None:
    """The thing is found under these words, and under no others, in this language."""
    words = search_terms.vector(fields, readings)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [kind, reference, language, title[:200], address, words])


def forget(*, kind: str, reference: str) -> None:
    """The thing is no longer found."""
    SearchEntry.objects.filter(kind=kind, reference=reference).delete()


@transaction.atomic
def index_listing(listing: Listing) -> None:
    """A published product is found by its texts, craft, origin and bases; else not."""
    if listing.status != Listing.Status.PUBLISHED:
        forget(kind=Kind.PRODUCT, reference=listing.reference)
        return
    texts = ProductText.objects.filter(product=listing.product_id)
    bases = _bases(listing)
    above = listing.origin.get_ancestors()
    places = [listing.origin, *above]
    for text in texts:
        english = text.language == "en"
        about = [listing.craft, *places, *bases]
        names = [one.name_en if english else one.name_zh for one in about]
        index_entry(
            kind=Kind.PRODUCT,
            reference=listing.reference,
            language=text.language,
            title=text.title,
            fields=[
                Field(text.title, "A", read=True),
                *(Field(name, "B", read=True) for name in names),
                Field(text.materials, "B"),
                Field(text.story, "C"),
            ],
        )


def _bases(listing: Listing) -> list:
    return list(
        Base.objects.filter(able_to_make__spec__product=listing.product_id)
        .union(
            Base.objects.filter(able_to_make__spec__product__parent=listing.product_id)
        )
        .order_by("pk")
    )


@transaction.atomic
def index_maker(maker: Maker) -> None:
    """A maker is found by her name, base, village and crafts.

    Whether she may be shown is asked when somebody searches, of her consent then.
    """
    membership = (
        Membership.objects.filter(maker=maker, valid_to=None)
        .select_related("base__area")
        .first()
    )
    places = [membership.base, membership.base.area] if membership else []
    crafts = [skill.craft for skill in maker.skills.select_related("craft")]
    about = [*places, *crafts]
    for language, name in (("zh-hans", maker.name_zh), ("en", maker.name_en)):
        english = language == "en"
        others = [one.name_en if english else one.name_zh for one in about]
        index_entry(
            kind=Kind.MAKER,
            reference=maker.reference,
            language=language,
            title=name,
            fields=[
                Field(name, "A", read=True),
                *(Field(other, "B", read=True) for other in others),
            ],
        )


def reindex() -> Mapping[str, int]:
    """Every listing and maker is indexed anew; how many of each."""
    listings = Listing.objects.select_related("craft", "origin")
    makers = Maker.objects.filter(merged_into=None)
    counts = {"listings": 0, "makers": 0}
    for listing in listings.iterator(chunk_size=200):
        index_listing(listing)
        counts["listings"] += 1
    for maker in makers.iterator(chunk_size=200):
        index_maker(maker)
        counts["makers"] += 1
    return counts


def matching(kind: str, asked: str) -> QuerySet[SearchEntry]:
    """(reference, rank) of what answers a query in any language, best first.

    Empty where the query holds no word at all.
    """
    terms = search_terms.query(asked)
    if not terms:
        return SearchEntry.objects.none()
    ranked = RawSQL("ts_rank(words, %s::tsquery)", [terms])
    hit = RawSQL("words @@ %s::tsquery", [terms])
    return (
        SearchEntry.objects.annotate(hit=hit, one_rank=ranked)
        .filter(kind=kind, hit=True)
        .order_by()
        .values("reference")
        .annotate(rank=Max("one_rank"))
    )


def people_and_pages(asked: str, language: str, limit: int = 6) -> list[Found]:
    """Makers and pages that answer a query, best first: one query.

    A maker only while her consent to a public story stands.
    """
    terms = search_terms.query(asked)
    if not terms:
        return []
    agreed = Consent.objects.filter(
        maker__reference=OuterRef("reference"),
        maker__merged_into=None,
        purpose=Consent.Purpose.PUBLIC_STORY,
        withdrawn=None,
    )
    rows = (
        SearchEntry.objects.annotate(
            hit=RawSQL("words @@ %s::tsquery", [terms]),
            rank=RawSQL("ts_rank(words, %s::tsquery)", [terms]),
        )
        .filter(
            Q(kind=Kind.PAGE) | Q(Exists(agreed), kind=Kind.MAKER),
            language=language,
            hit=True,
        )
        .order_by("-rank", "pk")[:limit]
    )
    return [Found(row.kind, row.reference, row.title, row.address) for row in rows]
