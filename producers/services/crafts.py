"""Crafts from a file: families above, crafts below, each with its evidence."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from producers.models import Craft
from producers.services.sorting import sort_key
from qiaoshou.common.csv_rows import read_rows

COLUMNS = (
    "slug",
    "name_zh",
    "name_en",
    "category_zh",
    "category_en",
    "materials",
    "status",
    "source",
    "hs6_indicative",
    "note",
)
NEEDED = ("slug", "name_zh", "name_en", "category_zh", "category_en", "status")
# The words with which a status begins, longest first.
STANDINGS = {
    "GENERAL KNOWLEDGE": Craft.Standing.GENERAL,
    "SECONDARY": Craft.Standing.SECONDARY,
    "REGIONAL": Craft.Standing.REGIONAL,
    "VERIFIED": Craft.Standing.VERIFIED,
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HS6 = re.compile(r"([0-9]{6})?")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many crafts a file added, changed and left as they were."""

    added: int
    changed: int
    same: int


def _standing(status: str) -> str | None:
    for word, standing in STANDINGS.items():
        if status == word or re.match(rf"{word}[ :(]", status):
            return standing
    return None


def _row_errors(row: Mapping[str, str], seen: set[str]) -> Iterable[str]:
    for name in NEEDED:
        if not row[name]:
            yield _("%(column)s is empty.") % {"column": name}
    if row["slug"] and not SLUG.fullmatch(row["slug"]):
        yield _("slug may hold only small letters, digits and hyphens.")
    if row["slug"] in seen:
        yield _("slug %(slug)s stands here for the second time.") % row
    if row["status"] and _standing(row["status"]) is None:
        yield _(
            "status must begin with VERIFIED, SECONDARY, REGIONAL or GENERAL KNOWLEDGE."
        )
    if not HS6.fullmatch(row["hs6_indicative"]):
        yield _("hs6_indicative has six digits or is empty.")
    for name in ("materials", "name_en", "name_zh", "source", "status"):
        longest = Craft._meta.get_field(
            {"status": "standing_note"}.get(name, name)
        ).max_length
        if longest and len(row[name]) > longest:
            yield _("%(column)s has more than %(most)d characters.") % {
                "column": name,
                "most": longest,
            }


def read_crafts(text: str) -> list[dict[str, str]]:
    """The rows of a craft file; raises BadRows with line numbers."""
    seen: set[str] = set()

    def faults(row: Mapping[str, str]) -> list[str]:
        found = list(_row_errors(row, seen))
        seen.add(row["slug"])
        return found

    return [row for _line, row in read_rows(text, COLUMNS, faults)]


def _family(name_zh: str, name_en: str, families: dict[str, Craft]) -> Craft:
    slug = f"family-{slugify(name_en)}"
    if slug not in families:
        families[slug] = Craft.add_root(
            slug=slug, name_zh=name_zh, name_en=name_en, sort_key=sort_key(name_zh)
        )
    return families[slug]


@transaction.atomic
def load_crafts(*, text: str) -> Loaded:
    """Every craft of the file stands in the tree; what is not in it stays untouched.

    Loading the same file again changes nothing. A craft is never moved to another
    family: certificates and listings stand on it. Raises csv_rows.BadRows.
    """
    rows = read_crafts(text)
    list(Craft.objects.order_by("pk").select_for_update().values_list("pk"))
    known = {craft.slug: craft for craft in Craft.objects.all()}
    families = {slug: craft for slug, craft in known.items() if craft.depth == 1}
    added = changed = 0
    for row in rows:
        values = {
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "sort_key": sort_key(row["name_zh"]),
            "materials": row["materials"],
            "standing": _standing(row["status"]),
            "standing_note": row["status"],
            "source": row["source"],
            "hs_hint": row["hs6_indicative"],
            "note": row["note"],
        }
        craft = known.get(row["slug"])
        if craft is None:
            family = _family(row["category_zh"], row["category_en"], families)
            family.refresh_from_db()
            family.add_child(slug=row["slug"], **values)
            added += 1
        elif any(getattr(craft, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(craft, name, value)
            craft.save(update_fields=list(values))
            changed += 1
    return Loaded(added, changed, len(rows) - added - changed)


@transaction.atomic
def change_craft(*, craft: Craft, **values: object) -> Craft:
    """The craft has these names, materials, hint and evidence."""
    row = Craft.objects.select_for_update().get(pk=craft.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.sort_key = sort_key(row.name_zh)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def add_craft(*, family: Craft | None, slug: str, **values: object) -> Craft:
    """A craft stands in this family; without one it is a family itself."""
    craft = Craft(slug=slug, **values)
    craft.sort_key = sort_key(craft.name_zh)
    craft.full_clean(exclude={"path", "depth", "numchild"})
    if family is None:
        return Craft.add_root(instance=craft)
    above = Craft.objects.select_for_update().get(pk=family.pk)
    if above.depth > 1:
        raise ValidationError({"family": _("Choose a family, not a craft.")})
    return above.add_child(instance=craft)
