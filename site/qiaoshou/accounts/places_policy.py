"""Who sees and changes areas, published values and the audit trail."""

from django.db.models import Q, QuerySet

from qiaoshou.accounts.models import Grant
from qiaoshou.accounts.policy import Person, manages_people
from qiaoshou.accounts.roles import in_force, roles_of
from qiaoshou.common.models import Area
from qiaoshou.common.today import today


def officer_paths(user: Person) -> tuple[str, ...]:
    """The areas of which she is an officer today, by path; read once a day."""
    if not user.is_authenticated or not user.is_active:
        return ()
    day = today()
    kept = getattr(user, "_officer_paths_on", None)
    if kept is not None and kept[0] == day:
        return kept[1]
    rows = in_force(Grant.objects.filter(user=user, role=Grant.Role.OFFICER), day)
    found = tuple(sorted(rows.values_list("area__path", flat=True).distinct()))
    user._officer_paths_on = (day, found)
    return found


def sees_places(user: Person) -> bool:
    """Areas and published values are open to everybody with a role in the office."""
    return bool(roles_of(user)) or manages_people(user)


def answers_for_all(user: Person) -> bool:
    """An administrator, or an officer of the whole federation."""
    return bool(manages_people(user)) or any(
        len(path) <= Area.steplen for path in officer_paths(user)
    )


def may_describe(user: Person, area: Area) -> bool:
    """Whether she may change its English name and setting; no query of its own."""
    return bool(manages_people(user)) or area.path.startswith(
        officer_paths(user) or ("none",)
    )


def describes(user: Person) -> QuerySet[Area]:
    """The areas for which `may_describe` holds."""
    if manages_people(user):
        return Area.objects.all()
    own = Q(pk__in=[])
    for path in officer_paths(user):
        own |= Q(path__startswith=path)
    return Area.objects.filter(own)
