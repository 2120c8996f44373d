"""The office lists of people and grants; Wagtail's own of users and groups give way."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.permissions import register_permission_policy

from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.office.grants import Grants
from qiaoshou.accounts.office.people import People
from qiaoshou.accounts.office.rights import PeoplePolicy


class Rights(ViewSetGroup):
    """One entry of the menu with both lists below it."""

    menu_label = gettext_lazy("People and rights")
    menu_icon = "user"
    menu_order = 800
    items = (People, Grants)


def viewsets() -> list[ViewSet | ViewSetGroup]:
    for model in (User, Grant):
        register_permission_policy(model, PeoplePolicy(model))
    return [Rights()]
