"""Grants: given and ended by services, mirrored into groups, held once."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission, Page
from wagtail.permissions import policy_registry

from qiaoshou.accounts import grants, office_groups, people, tasks
from qiaoshou.accounts.grants import end_grant, give_grant
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import roles_of
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import ZONE, clock_at
from tests import accounts_builders as build
from tests import catalog_builders
from tests.services.registry_world import refused

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)
migration = import_module("qiaoshou.accounts.migrations.0004_editors_keep_pictures")


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def at(number: int):
    return clock_at(dt.datetime.combine(day(number), dt.time(9), tzinfo=ZONE))


@pytest.fixture(autouse=True)
def _today():
    with at(0):
        yield


@pytest.fixture
def boss():
    user = build.person("boss@example.org")
    build.grant(user, "administrator")
    return user


@pytest.fixture
def lin():
    return build.person("lin@example.org")


def give(lin, boss, role="editor", area=None, since=0, until=None):
    return give_grant(
        user=lin,
        role=role,
        area=area,
        by=boss,
        valid_from=day(since),
        valid_to=None if until is None else day(until),
    )


def groups(user) -> list[str]:
    names = user.groups.order_by("name").values_list("name", flat=True)
    return [name.removeprefix(office_groups.PREFIX) for name in names]


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def test_a_grant_holds_from_its_first_day_up_to_its_end(lin, boss):
    give(lin, boss, since=1, until=3)

    held = {}
    for number in range(5):
        with at(number):
            held[number] = sorted(roles_of(fresh(lin)))
    assert held == {0: [], 1: ["editor"], 2: ["editor"], 3: [], 4: []}


def test_the_same_grant_twice_is_one(lin, boss):
    first, again = give(lin, boss, until=9), give(lin, boss, until=9)

    assert (first.pk, Grant.objects.filter(user=lin).count()) == (again.pk, 1)
    assert AuditRow.objects.filter(deed="grant.given").count() == 1


@pytest.mark.parametrize(
    ("since", "until", "free"),
    [(10, 20, True), (-5, 0, True), (9, 20, False), (-5, 1, False), (2, 3, False)],
)
def test_one_role_in_one_area_holds_once_a_day(lin, boss, since, until, free):
    give(lin, boss, since=0, until=10)

    if free:
        assert give(lin, boss, since=since, until=until).pk
    else:
        with pytest.raises(grants.HeldAlready):
            give(lin, boss, since=since, until=until)
        with refused("grant_held_once"):
            Grant.objects.create(
                user=lin, role="editor", valid_from=day(since), valid_to=day(until)
            )


def test_a_role_that_is_none_is_not_told_as_one_held_already(lin, boss):
    with refused("grant_role_known"):
        give(lin, boss, "queen")

    assert not Grant.objects.filter(user=lin).exists()


def test_two_areas_or_two_roles_or_two_people_stand_beside_each_other(lin, boss):
    village = catalog_builders.village()
    for role, area in (
        ("officer", village),
        ("officer", village.get_parent()),
        ("editor", None),
        ("finance", None),
    ):
        give(lin, boss, role, area)
    give(build.person(), boss, "officer", village)

    assert roles_of(fresh(lin)) == {"officer", "editor", "finance"}


def test_nobody_gives_or_ends_her_own_grant(boss):
    with pytest.raises(grants.OwnGrant):
        give(boss, boss)
    own = Grant.objects.get(user=boss)
    with pytest.raises(grants.OwnGrant):
        end_grant(grant=own, on=day(1), by=boss)
    with refused("grant_not_to_herself"):
        Grant.objects.create(user=boss, role="editor", valid_from=DAY, granted_by=boss)


def test_only_an_administrator_gives_and_ends(lin, boss):
    village = catalog_builders.village()
    for role in ("officer", "shopkeeper", "finance", "editor", None):
        somebody = build.person()
        if role:
            build.grant(somebody, role, village)
        with pytest.raises(PermissionDenied):
            give(lin, somebody)
    grant = give(lin, boss)
    with pytest.raises(PermissionDenied):
        end_grant(grant=grant, on=day(1), by=lin)
    with at(10):
        build.grant(lin, "administrator", valid_from=day(0), valid_to=day(10))
        with pytest.raises(PermissionDenied):
            give(boss, fresh(lin))


def test_an_officer_needs_an_area(lin, boss):
    with pytest.raises(grants.NeedsArea):
        give(lin, boss, "officer")
    with refused("grant_officer_has_area"):
        Grant.objects.create(user=lin, role="officer", valid_from=DAY)


def test_an_end_before_the_beginning_is_refused(lin, boss):
    with pytest.raises(grants.NoPeriod):
        give(lin, boss, since=5, until=5)
    with refused("grant_period"):
        Grant.objects.create(
            user=lin, role="editor", valid_from=day(5), valid_to=day(4)
        )


@pytest.mark.parametrize(
    ("since", "until", "on", "ends"),
    [
        (-9, None, 0, 0),
        (-9, None, 5, 5),
        (0, None, 0, 0),
        (3, None, 0, 3),
        (-9, 8, 5, 5),
        (-9, 5, 5, 5),
        (-9, None, -1, grants.EndsInThePast),
        (-9, 5, 8, grants.EndedAlready),
    ],
)
def test_when_a_grant_can_end(lin, boss, since, until, on, ends):
    grant = give(lin, boss, since=since, until=until)

    if isinstance(ends, int):
        assert end_grant(grant=grant, on=day(on), by=boss).valid_to == day(ends)
        assert end_grant(grant=grant, on=day(on), by=boss).valid_to == day(ends)
    else:
        with pytest.raises(ends):
            end_grant(grant=grant, on=day(on), by=boss)
        grant.refresh_from_db()
        assert grant.valid_to == (None if until is None else day(until))


def test_a_grant_is_in_wagtails_group_at_once_and_out_at_once(lin, boss):
    grant = give(lin, boss, "finance")
    assert groups(lin) == ["finance"]
    assert fresh(lin).has_perm("wagtailadmin.access_admin")

    end_grant(grant=grant, on=day(0), by=boss)

    assert groups(lin) == []
    assert not fresh(lin).has_perm("wagtailadmin.access_admin")


def test_the_night_puts_in_what_begins_and_takes_out_what_ended(lin, boss):
    give(lin, boss, "editor", since=2, until=4)
    give(lin, boss, "finance", until=3)
    other = build.person()
    Grant.objects.create(user=other, role="editor", valid_from=day(-1))
    seen = {}
    for number in range(5):
        with at(number):
            tasks.mirror_grants(timestamp=0)
            tasks.mirror_grants(timestamp=0)
        seen[number] = groups(lin)

    assert seen == {
        0: ["finance"],
        1: ["finance"],
        2: ["editor", "finance"],
        3: ["editor"],
        4: [],
    }
    assert groups(other) == ["editor"]


def test_two_areas_of_one_role_keep_the_group_until_both_ended(lin, boss):
    village = catalog_builders.village()
    first = give(lin, boss, "officer", village)
    second = give(lin, boss, "officer", village.get_parent())

    end_grant(grant=first, on=day(0), by=boss)
    assert groups(lin) == ["officer"]
    end_grant(grant=second, on=day(0), by=boss)
    assert groups(lin) == []


def test_an_editor_may_write_pages_and_keep_pictures_others_may_not(lin, boss):
    root = Page.get_first_root_node()
    give(lin, boss, "editor")
    editor = fresh(lin)
    keeper = build.person()
    give(keeper, boss, "shopkeeper")

    assert root.permissions_for_user(editor).can_add_subpage()
    assert root.permissions_for_user(editor).can_publish_subpage()
    pictures = policy_registry.get_by_type(get_image_model())
    for deed in ("add", "change", "choose"):
        assert pictures.user_has_permission(editor, deed)
        assert not pictures.user_has_permission(fresh(keeper), deed)
    assert editor.has_perm("cms.change_masthead")
    assert not root.permissions_for_user(fresh(keeper)).can_add_subpage()
    assert fresh(keeper).has_perm("wagtailadmin.access_admin")
    assert not editor.has_perm("accounts.change_user")


def test_rights_of_an_editors_group_made_before_are_the_ones_wagtail_asks_for():
    """Migration 0004: rights to our own picture model go, those to Wagtail's come."""
    group = office_groups.group_of("editor")
    rights = GroupCollectionPermission.objects.filter(group=group)
    as_made = set(rights.values_list("permission__codename", flat=True))
    rights.filter(permission__content_type__app_label="wagtailimages").delete()
    other = Group.objects.create(name="keepers of pictures")
    for right in Permission.objects.filter(content_type__app_label="cms"):
        if right.codename in {"add_picture", "change_picture"}:
            for one in (group, other):
                GroupCollectionPermission.objects.create(
                    group=one,
                    collection=Collection.get_first_root_node(),
                    permission=right,
                )
    kept = GroupCollectionPermission.objects.filter(group=other).count()
    assert kept == 2

    migration.let_editors_keep_pictures(apps, None)

    assert set(rights.values_list("permission__codename", flat=True)) == as_made
    assert GroupCollectionPermission.objects.filter(group=other).count() == kept


def test_what_was_done_stands_in_the_audit_trail(lin, boss):
    grant = give(lin, boss, until=9)
    end_grant(grant=grant, on=day(3), by=boss)

    rows = AuditRow.objects.filter(deed__startswith="grant.").order_by("pk")
    assert [(row.deed, row.subject, row.by_id, row.facts["to"]) for row in rows] == [
        ("grant.given", f"user:{lin.key}", boss.pk, "2026-12-04"),
        ("grant.ended", f"user:{lin.key}", boss.pk, "2026-11-28"),
    ]


def test_a_closed_account_is_in_no_group(lin, boss):
    give(lin, boss, "editor")
    people.change_person(
        person=lin,
        by=boss,
        full_name="",
        email="lin@example.org",
        phone="",
        language="zh-hans",
        is_active=False,
    )

    assert (groups(lin), roles_of(fresh(lin))) == ([], frozenset())


def test_the_numbers_that_stand_for_roles_differ(db):
    """`grant_held_once` compares roles by a hash."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT hashtext(role)) FROM unnest(%s::text[]) role",
            [Grant.Role.values],
        )
        assert cursor.fetchone() == (len(Grant.Role.values),)


def test_an_address_in_capitals_is_kept_in_small_letters(lin):
    assert build.person("LIN.Mei@Example.ORG").email == "lin.mei@example.org"
    with refused("user_email_lower"):
        User.objects.filter(pk=lin.pk).update(email="Lin@example.org")
