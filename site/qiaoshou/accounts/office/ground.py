"""The office lists of what all apps stand on, which may not know who signs in."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.permissions import register_permission_policy

from qiaoshou.accounts.office.areas import AreaPolicy, Areas
from qiaoshou.accounts.office.trail import Trail, TrailPolicy
from qiaoshou.accounts.office.values import Values, ValuesPolicy


class Places(ViewSetGroup):
    """One entry of the menu with the lists below it."""

    menu_label = gettext_lazy("Areas and records")
    menu_icon = "site"
    menu_order = 790
    items = (Areas, Values, Trail)


def viewsets() -> list[ViewSet | ViewSetGroup]:
    for one, policy in (
        (Areas, AreaPolicy),
        (Values, ValuesPolicy),
        (Trail, TrailPolicy),
    ):
        register_permission_policy(one.model, policy(one.model))
    return [Places()]
