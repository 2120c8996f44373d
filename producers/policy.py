"""Who may see and change what of the registry; for single objects and for lists.

An officer sees what lies in her jurisdiction: the areas of her grants and all below
them, by path prefix. A leader sees the makers of the bases that she leads, without
identity number, pay account or household. A maker sees herself. What somebody may not
see does not exist for her (404); what she may see but not do is refused (403).
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar

import rules
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from producers.models import (
    Base,
    CapacityCaution,
    CapacityWeek,
    Consent,
    ConsentText,
    Craft,
    Household,
    HouseholdMember,
    Maker,
    Membership,
    PayAccount,
    PickupPoint,
    Residence,
    Skill,
    Status,
)
from producers.selectors import bases_led_by
from producers.working_time import on_day
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import grants_of, roles_of
from qiaoshou.common.models import Area
from qiaoshou.common.today import today

Person = User | AnonymousUser
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the grants of a person say today."""

    paths: tuple[str, ...]
    administrator: bool
    finance: bool

    @property
    def top(self) -> bool:
        """Whether she answers for the whole federation: its root area."""
        return self.administrator or any(
            len(path) <= Area.steplen for path in self.paths
        )


def standing(user: Person) -> Standing:
    """The person's grants as of today."""
    roles = roles_of(user)
    return Standing(
        tuple(
            sorted(
                path
                for role, path in grants_of(user)
                if role == Grant.Role.OFFICER and path is not None
            )
        ),
        Grant.Role.ADMINISTRATOR in roles,
        Grant.Role.FINANCE in roles,
    )


def within(paths: tuple[str, ...], field: str) -> Q:
    """The area behind `field` is one of these areas or lies below one."""
    if not paths:
        return Q(pk__in=[])
    return reduce(or_, (Q(**{f"{field}__path__startswith": path}) for path in paths))


def own_or_below(paths: tuple[str, ...]) -> Q:
    """Areas that are one of these or lie below one; `paths` must not be empty."""
    return reduce(or_, (Q(path__startswith=path) for path in paths))


def areas_for(user: Person) -> QuerySet[Area]:
    """The areas of her jurisdiction, closed ones left out."""
    found = standing(user)
    if not found.paths:
        return Area.objects.none()
    return Area.objects.filter(own_or_below(found.paths), closed_on=None)


def bases_for(user: Person) -> QuerySet[Base]:
    """The bases that she may see."""
    seen = within(standing(user).paths, "area")
    return Base.objects.filter(seen | Q(pk__in=bases_led_by(user).values("pk")))


def points_for(user: Person) -> QuerySet[PickupPoint]:
    """The pick-up points that she may see in the office."""
    return PickupPoint.objects.filter(within(standing(user).paths, "area"))


def households_in_areas(paths: tuple[str, ...]) -> QuerySet[Household]:
    living = on_day(Residence.objects.filter(within(paths, "village")), today())
    return Household.objects.filter(pk__in=living.values("household"))


def households_for(user: Person) -> QuerySet[Household]:
    """The households that live in her jurisdiction today; a leader sees none."""
    return households_in_areas(standing(user).paths)


def makers_in_areas(paths: tuple[str, ...]) -> Q:
    """Makers whose base or village of today lies in these areas, or who left there."""
    day = today()
    at_bases = Membership.objects.filter(within(paths, "base__area"))
    at_home = on_day(
        HouseholdMember.objects.filter(household__in=households_in_areas(paths)), day
    )
    return (
        Q(pk__in=on_day(at_bases, day).values("maker"))
        | Q(pk__in=at_home.values("maker"))
        | Q(status=Status.LEFT, pk__in=at_bases.values("maker"))
    )


def makers_for(user: Person) -> QuerySet[Maker]:
    """The makers whom she may see: in her jurisdiction, of her base, or herself.

    Whoever answers for the whole federation also sees those without base and village.
    """
    found = standing(user)
    if any(len(path) <= Area.steplen for path in found.paths):
        return Maker.objects.all()
    seen = makers_in_areas(found.paths) if found.paths else Q(pk__in=[])
    if user.is_authenticated:
        led = Membership.objects.filter(
            base__in=bases_led_by(user), role=Membership.Role.MAKER
        )
        seen |= Q(pk__in=on_day(led, today()).values("maker")) | Q(user=user)
    return Maker.objects.filter(seen)


def personal_makers_for(user: Person) -> QuerySet[Maker]:
    """The makers whose personal records she may see; a leader sees none."""
    found = standing(user)
    if any(len(path) <= Area.steplen for path in found.paths):
        return Maker.objects.all()
    return Maker.objects.filter(
        makers_in_areas(found.paths) if found.paths else Q(pk__in=[])
    )


def accounts_for(user: Person) -> QuerySet[PayAccount]:
    """The pay accounts that she may see; finance sees those of everybody."""
    if standing(user).finance:
        return PayAccount.objects.all()
    return PayAccount.objects.filter(maker__in=personal_makers_for(user))


def visible(user: Person, model: type[M]) -> QuerySet[M]:
    """The rows of a registry table that she may see in the office."""
    found = standing(user)
    own = {
        Base: lambda: Base.objects.filter(within(found.paths, "area")),
        PickupPoint: lambda: points_for(user),
        Household: lambda: households_for(user),
        Maker: lambda: personal_makers_for(user),
        Skill: lambda: Skill.objects.filter(maker__in=personal_makers_for(user)),
        Consent: lambda: Consent.objects.filter(maker__in=personal_makers_for(user)),
        PayAccount: lambda: accounts_for(user),
        CapacityWeek: lambda: CapacityWeek.objects.filter(
            within(found.paths, "base__area")
        ),
        Craft: lambda: Craft.objects.all(),
        CapacityCaution: lambda: CapacityCaution.objects.all(),
        ConsentText: lambda: ConsentText.objects.all(),
    }
    return own[model]()


# What belongs to the whole federation is changed by who answers for all of it.
OF_ALL = (Craft, CapacityCaution, ConsentText)
NEVER_ADDED = (CapacityWeek,)


def office_may(user: Person, action: str, model: type[Model]) -> bool:
    """Whether she may do this to rows of the table at all; `visible` says to which."""
    found = standing(user)
    if not (found.paths or found.administrator or found.finance):
        return False
    if action == "delete" or (action == "add" and model in NEVER_ADDED):
        return False
    if model in OF_ALL:
        return action == "view" or found.top
    if model is PayAccount and found.finance:
        return action in ("view", "change")
    return bool(found.paths)


def _sees(model: type[Model]) -> rules.Predicate:
    rows = {Base: bases_for, Maker: makers_for, Household: households_for}[model]
    return rules.predicate(
        lambda user, row: rows(user).filter(pk=row.pk).exists(),
        name=f"sees_{model.__name__.lower()}",
    )


@rules.predicate
def leads_base(user: Person, base: Base) -> bool:
    return bases_led_by(user).filter(pk=base.pk).exists()


@rules.predicate
def officer_of_base(user: Person, base: Base) -> bool:
    return visible(user, Base).filter(pk=base.pk).exists()


@rules.predicate
def officer_of_maker(user: Person, maker: Maker) -> bool:
    return personal_makers_for(user).filter(pk=maker.pk).exists()


@rules.predicate
def is_herself(user: Person, maker: Maker) -> bool:
    return user.is_authenticated and maker.user_id == user.pk


@rules.predicate
def leads_maker(user: Person, maker: Maker) -> bool:
    rows = Membership.objects.filter(
        maker=maker, role=Membership.Role.MAKER, base__in=bases_led_by(user)
    )
    return on_day(rows, today()).exists()


rules.add_perm("producers.see_base", _sees(Base))
rules.add_perm("producers.change_base", officer_of_base)
rules.add_perm("producers.lower_offer", leads_base | officer_of_base)
rules.add_perm("producers.see_maker", _sees(Maker))
rules.add_perm("producers.change_maker", officer_of_maker)
rules.add_perm("producers.change_hours", officer_of_maker | leads_maker | is_herself)
rules.add_perm("producers.reveal_maker", officer_of_maker | is_herself)
rules.add_perm("producers.withdraw_consent", officer_of_maker | is_herself)
rules.add_perm("producers.see_household", _sees(Household))
rules.add_perm("producers.change_household", _sees(Household))


def check(user: Person, action: str, row: Model) -> None:
    """Raises PermissionDenied unless she may; `action` as in "see_base"."""
    if not rules.has_perm(f"producers.{action}", user, row):
        raise PermissionDenied
