"""One Wagtail group per role, since Wagtail reads groups; filled from the grants."""

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection as Shelf,
)
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import in_force

PREFIX = "role: "
PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
SHELF = ("add", "change", "choose")
# Wagtail asks for rights to these, whichever model of ours holds the pictures.
ON_THE_SHELF = (("wagtailimages", "image"), ("wagtaildocs", "document"))
EDITORS_TABLES = (
    ("cms", "add_masthead"),
    ("cms", "change_masthead"),
    ("cms", "delete_masthead"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
    ("wagtail_localize", "submit_translation"),
)


def group_of(role: str) -> Group:
    """The role's group with its permissions; made when it is first asked for."""
    group, made = Group.objects.get_or_create(name=PREFIX + role)
    if made:
        group.permissions.add(
            Permission.objects.get(
                content_type__app_label="wagtailadmin", codename="access_admin"
            )
        )
        if role == Grant.Role.EDITOR:
            _let_edit(group)
    return group


def _let_edit(group: Group) -> None:
    """Pages, pictures and documents, all of them."""
    root = Page.get_first_root_node()
    for one in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGES
    ):
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=one
        )
    shelf = Shelf.get_first_root_node()
    for app, name in ON_THE_SHELF:
        for one in Permission.objects.filter(
            content_type__app_label=app,
            codename__in=[f"{deed}_{name}" for deed in SHELF],
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=shelf, permission=one
            )
    for app, codename in EDITORS_TABLES:
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label=app, codename=codename)
        )


@transaction.atomic
def mirror(day: dt.date, people: Collection[int] | None = None) -> tuple[int, int]:
    """Each person is in the groups of the roles that she holds on this day only.

    `people` are ids of users, None for everybody; answers how many memberships were
    added and taken out. Groups that belong to no role are left alone.
    """
    grants = in_force(Grant.objects.filter(user__is_active=True), day)
    members = User.groups.through.objects.filter(group__name__startswith=PREFIX)
    if people is not None:
        grants = grants.filter(user__in=people)
        members = members.filter(user__in=people)
    due = set(grants.values_list("user", "role"))
    there = {
        (row.user_id, row.group.name.removeprefix(PREFIX)): row.pk
        for row in members.select_related("group")
    }
    groups = {role: group_of(role) for role in {role for _user, role in due}}
    new = sorted(due - there.keys())
    User.groups.through.objects.bulk_create(
        [
            User.groups.through(user_id=user, group_id=groups[role].pk)
            for user, role in new
        ],
        ignore_conflicts=True,
    )
    old = [there[key] for key in there.keys() - due]
    User.groups.through.objects.filter(pk__in=old).delete()
    return len(new), len(old)
