"""Who may see and record what households earn: officers, in their own jurisdiction."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from producers import policy
from producers.models import Household
from producers.policy import Person
from qiaoshou.common.models import Area


def reads_incomes(user: Person) -> bool:
    """She is an officer of some area today."""
    return bool(policy.standing(user).paths)


def check_reads_incomes(user: Person) -> None:
    """Raises PermissionDenied unless she is an officer."""
    if not reads_incomes(user):
        raise PermissionDenied


def households_for(user: Person) -> QuerySet[Household]:
    """The households whose incomes she may see and record: those in her areas."""
    return policy.households_for(user)


def own_areas(user: Person) -> QuerySet[Area]:
    """The areas that were granted to her, without those below another of them."""
    paths = policy.standing(user).paths
    tops = [
        path
        for path in paths
        if not any(path != other and path.startswith(other) for other in paths)
    ]
    return Area.objects.filter(path__in=tops).order_by("path")


def reported_areas(user: Person) -> QuerySet[Area]:
    """The areas of which she may read a report, closed ones too."""
    paths = policy.standing(user).paths
    if not paths:
        return Area.objects.none()
    return Area.objects.filter(policy.own_or_below(paths))
