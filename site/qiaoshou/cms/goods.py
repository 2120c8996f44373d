"""What the office's pages show of the shop and its makers, and what they may choose."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from catalog.models import Lot
from catalog.shop import selectors
from catalog.shop.selectors import Card, CraftTile, SharedPrice
from catalog.shop.words import ENGLISH
from producers.models import Craft, Maker, MakerText, Membership, Status
from producers.selectors import with_public_story
from qiaoshou.common.naming import named

ROW = 4
TILES = 5


def public_products() -> QuerySet:
    """Sellable products that are published; sizes and choices are not among them."""
    product = get_model("catalogue", "Product")
    listed = selectors.published().values("product")
    return product.objects.filter(pk__in=listed).order_by("title", "pk")


def public_makers() -> QuerySet[Maker]:
    """Makers who agree to their public story today."""
    return with_public_story().order_by("sort_key", "pk")


def open_crafts() -> QuerySet[Craft]:
    """Crafts and families of crafts that are still in use."""
    return Craft.objects.filter(closed=None).order_by("path")


class Shelf:
    """What one page shows of the shop; both rows of pieces share their queries."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def _both(self) -> list[Card]:
        ready = selectors.newest(ready=True)
        later = selectors.newest(ready=False).filter(~selectors.in_stock())
        wanted = Q(pk__in=ready.values("pk")[:ROW]) | Q(pk__in=later.values("pk")[:ROW])
        return selectors.cards(self.language, of=wanted)

    def newest(self) -> list[Card]:
        """The newest pieces in stock."""
        return [card for card in self._both if card.ready]

    def made_to_order(self) -> list[Card]:
        """The newest pieces that are made to order alone."""
        return [card for card in self._both if not card.ready]

    def chosen(self, products: Sequence[Any]) -> list[Card]:
        """The chosen products that are still published, in the chosen order."""
        return selectors.cards(self.language, products=[one.pk for one in products])

    def shared(self, product: Any | None) -> SharedPrice | None:
        """A checked price share: that product's, or the newest in stock with one."""
        return selectors.shared(self.language, product.pk if product else None)

    def tiles(self, crafts: Collection[int]) -> list[CraftTile]:
        """The chosen crafts, or those with most pieces."""
        if crafts:
            return selectors.craft_tiles(self.language, crafts=crafts)
        return selectors.craft_tiles(self.language, limit=TILES)

    def featured(self, maker: Maker | None) -> dict[str, Any] | None:
        """One maker as a band shows her: the chosen one while she agrees to it.

        Without a choice the one who made most, of those with a portrait and a
        sentence of their own. None where nobody may be shown. One query.
        """
        people = _introduced(with_public_story().prefetch_related(None))
        if maker is not None:
            people = people.filter(pk=maker.pk)
        else:
            people = people.exclude(status=Status.LEFT).exclude(photo="")
            people = people.filter(Exists(_sentences())).order_by("-made", "pk")
        found = people.first()
        return _as_band(found, self.language) if found else None


def _sentences() -> QuerySet[MakerText]:
    """For a queryset of makers: what each says in a sentence, per language."""
    told = MakerText.objects.filter(maker=OuterRef("pk")).exclude(sentence="")
    return told.order_by("language")


def _introduced(people: QuerySet[Maker]) -> QuerySet[Maker]:
    """Makers with their sentences, village and number of pieces, in the same query."""
    lots = (
        Lot.objects.annotate(hands=Coalesce("maker__merged_into", "maker"))
        .filter(hands=OuterRef("pk"))
        .order_by()
        .values("hands")
        .annotate(made=Sum("pieces"))
    )
    village = Membership.objects.filter(
        maker=OuterRef("pk"), role=Membership.Role.MAKER, valid_to=None
    )
    return people.annotate(
        made=Coalesce(Subquery(lots.values("made")), 0),
        told=ArraySubquery(
            _sentences().values(
                json=JSONObject(language="language", sentence="sentence")
            )
        ),
        village_zh=Subquery(village.values("base__area__name_zh")[:1]),
        village_en=Subquery(village.values("base__area__name_en")[:1]),
    )


def _as_band(maker: Any, language: str) -> dict[str, Any]:
    told: Mapping[str, str] = {row["language"]: row["sentence"] for row in maker.told}
    english = language == ENGLISH
    name = named(maker, language)
    village = (maker.village_en if english else maker.village_zh) or ""
    heading = _("%(name)s of %(village)s") % {"name": name, "village": village}
    return {
        "ref": maker.reference,
        "name": name,
        "heading": heading if village else name,
        "words": told.get(language, ""),
        "picture": default_storage.url(maker.photo.name) if maker.photo else "",
        "alt": maker.photo_alt_en if english else maker.photo_alt_zh,
        "figures": [{"label": _("pieces made"), "value": f"{maker.made:,}"}]
        if maker.made
        else [],
    }
