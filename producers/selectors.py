"""Reads of the registry: who leads, who belongs, who may, and what may be shown.

Every function takes a fixed number of queries; those of many makers return mappings.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet

from producers.domain.masks import mask_account, mask_identity, mask_phone
from producers.models import (
    Base,
    Consent,
    Household,
    HouseholdMember,
    Maker,
    MakerText,
    Membership,
    Monitoring,
    PayAccount,
    Purpose,
    Residence,
    Skill,
    Status,
)
from producers.working_time import on_day
from qiaoshou.accounts.models import User
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

# A page says at most this much of a maker who has not agreed to more: nothing.
STORY_LANGUAGES = ("zh-hans", "en")


def resolved(maker: Maker) -> Maker:
    """The maker herself, or the one she turned out to be the same person as."""
    return maker.merged_into or maker


def same_person(makers: Iterable[Maker]) -> set[int]:
    """The ids of these makers and of all who were merged into them."""
    ids = {maker.pk for maker in makers}
    merged = Maker.objects.filter(merged_into_id__in=ids).values_list("pk", flat=True)
    return ids | set(merged)


def maker_of(user: User | AnonymousUser) -> Maker | None:
    """The maker whose account this is; None for everybody else."""
    if not user.is_authenticated:
        return None
    maker = Maker.objects.filter(user=user).select_related("merged_into").first()
    return maker and resolved(maker)


def _memberships(role: str, on: dt.date | None) -> QuerySet[Membership]:
    return on_day(Membership.objects.filter(role=role), on or today())


def leaders_of(base: Base, on: dt.date | None = None) -> QuerySet[Maker]:
    """Who leads the base on this day; several may."""
    rows = _memberships(Membership.Role.LEADER, on).filter(base=base)
    return Maker.objects.filter(pk__in=rows.values("maker"))


def bases_led_by(
    user: User | AnonymousUser, on: dt.date | None = None
) -> QuerySet[Base]:
    """The bases that this person leads on this day, closed ones left out."""
    if not user.is_authenticated:
        return Base.objects.none()
    rows = _memberships(Membership.Role.LEADER, on).filter(
        Q(maker__user=user) | Q(maker__merged__user=user)
    )
    return Base.objects.filter(pk__in=rows.values("base"), closed=None)


def makers_of(base: Base, on: dt.date | None = None) -> QuerySet[Maker]:
    """The makers who belong to the base on this day, whatever their status."""
    rows = _memberships(Membership.Role.MAKER, on).filter(base=base)
    return Maker.objects.filter(pk__in=rows.values("maker"))


def base_of(maker: Maker, on: dt.date | None = None) -> Base | None:
    """The base to which she belongs as a maker on this day."""
    row = (
        _memberships(Membership.Role.MAKER, on)
        .filter(maker=resolved(maker))
        .select_related("base")
        .first()
    )
    return row.base if row else None


def bases_of(makers: Collection[int], on: dt.date | None = None) -> dict[int, Base]:
    """Maker id → the base to which she belongs on this day."""
    rows = _memberships(Membership.Role.MAKER, on).filter(maker_id__in=makers)
    return {row.maker_id: row.base for row in rows.select_related("base")}


def skills_on(day: dt.date) -> QuerySet[Skill]:
    """The certificates that hold on this day; one per maker and craft."""
    return on_day(Skill.objects.all(), day, since="certified_on")


def certified(craft: int, grade: int, on: dt.date | None = None) -> QuerySet[Maker]:
    """Active makers certified in the craft (its primary key) at `grade` or higher."""
    rows = skills_on(on or today()).filter(craft_id=craft, grade__gte=grade)
    return Maker.objects.filter(pk__in=rows.values("maker"), status=Status.ACTIVE)


def grades_of(makers: Collection[int], on: dt.date) -> dict[int, dict[int, int]]:
    """Maker id → craft id → her grade on this day."""
    found: dict[int, dict[int, int]] = {maker: {} for maker in makers}
    rows = skills_on(on).filter(maker_id__in=makers)
    for maker, craft, grade in rows.values_list("maker_id", "craft_id", "grade"):
        found[maker][craft] = grade
    return found


def households_of(makers: Collection[int], on: dt.date) -> dict[int, Household]:
    """Maker id → her household on this day; who has none on record is left out."""
    rows = on_day(HouseholdMember.objects.filter(maker_id__in=makers), on)
    return {row.maker_id: row.household for row in rows.select_related("household")}


def household_of(maker: Maker, on: dt.date | None = None) -> Household | None:
    """The household to which she belongs on this day."""
    person = resolved(maker)
    return households_of([person.pk], on or today()).get(person.pk)


def villages_of(households: Collection[int], on: dt.date) -> dict[int, Area]:
    """Household id → the village where it lives on this day."""
    rows = on_day(Residence.objects.filter(household_id__in=households), on)
    return {row.household_id: row.village for row in rows.select_related("village")}


def village_of(maker: Maker, on: dt.date | None = None) -> Area | None:
    """The village where her household lives on this day."""
    day = on or today()
    household = household_of(maker, day)
    return household and villages_of([household.pk], day).get(household.pk)


def makers_in(household: Household, on: dt.date | None = None) -> QuerySet[Maker]:
    """The makers who belong to the household on this day."""
    rows = on_day(HouseholdMember.objects.filter(household=household), on or today())
    return Maker.objects.filter(pk__in=rows.values("maker"))


def monitored(households: Collection[int], on: dt.date) -> set[int]:
    """Those of the households that are monitored on this day."""
    rows = on_day(Monitoring.objects.filter(household_id__in=households), on)
    return set(rows.values_list("household_id", flat=True))


def has_consent(maker: Maker, purpose: str) -> bool:
    """Whether she agrees to this purpose now."""
    return Consent.objects.filter(
        maker=resolved(maker), purpose=purpose, withdrawn=None
    ).exists()


def with_public_story() -> QuerySet[Maker]:
    """Makers who agree to be shown and are not merged, with their texts at hand."""
    agreed = Consent.objects.filter(purpose=Purpose.PUBLIC_STORY, withdrawn=None)
    return Maker.objects.filter(
        pk__in=agreed.values("maker"), merged_into=None
    ).prefetch_related(Prefetch("texts", queryset=MakerText.objects.all()))


@dataclass(frozen=True, slots=True)
class PublicStory:
    """What a page may say of a maker who agreed to it."""

    reference: str
    name: str
    sentence: str
    story: str
    photo: str
    photo_alt: str
    village: Area | None
    has_left: bool


def public_story(maker: Maker, language: str) -> PublicStory | None:
    """Her story in this language, in the other where there is none; None without
    consent, and then a page names only her base."""
    person = resolved(maker)
    if not has_consent(person, Purpose.PUBLIC_STORY):
        return None
    texts = {text.language: text for text in person.texts.all()}
    text = texts.get(language) or next(
        (texts[code] for code in STORY_LANGUAGES if code in texts), None
    )
    chinese = language.startswith("zh")
    return PublicStory(
        reference=person.reference,
        name=person.name_zh if chinese else person.name_en,
        sentence=text.sentence if text else "",
        story=text.story if text else "",
        photo=person.photo.name if person.photo else "",
        photo_alt=person.photo_alt_zh if chinese else person.photo_alt_en,
        village=village_of(person),
        has_left=person.status == Status.LEFT,
    )


def open_pay_account(maker: Maker) -> PayAccount | None:
    """The account into which she is paid now."""
    return PayAccount.objects.filter(maker=resolved(maker), closed=None).first()


def masked_phone(maker: Maker) -> str:
    return mask_phone(maker.phone)


def masked_identity(maker: Maker) -> str:
    return mask_identity(maker.identity)


def masked_account(account: PayAccount) -> str:
    return mask_account(account.number)
