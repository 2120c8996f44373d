"""Two administrators at once: one account has an address, the other is refused."""

import pytest
from django.core.exceptions import ValidationError

from qiaoshou.accounts import people
from qiaoshou.accounts.models import User
from tests import accounts_builders as build
from tests.concurrency import racing

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """The fields that were refused, "" for a deed that was done, sorted."""

    def told(deed):
        def tried():
            try:
                deed()
            except ValidationError as refusal:
                return ",".join(refusal.message_dict)
            return ""

        return tried

    return sorted(racing.at_once(*map(told, deeds), refusals=()))


@pytest.fixture
def boss():
    user = build.person("boss@example.org")
    build.grant(user, "administrator")
    return user


@pytest.mark.parametrize(
    ("field", "contact"),
    [
        ("email", {"email": "lin@example.org", "phone": ""}),
        ("phone", {"email": "", "phone": build.PHONE}),
    ],
)
def test_who_is_added_many_times_at_once_has_one_account(boss, field, contact):
    def add():
        people.add_person(by=boss, full_name="林小梅", language="zh-hans", **contact)

    assert at_once(*[add] * 4) == ["", field, field, field]
    assert User.objects.filter(full_name="林小梅").count() == 1


def test_two_people_given_one_address_at_once_one_keeps_it(boss):
    def change(person):
        def deed():
            people.change_person(
                person=person,
                by=boss,
                full_name="林小梅",
                email="lin@example.org",
                phone="",
                language="zh-hans",
                is_active=True,
            )

        return deed

    both = [build.person(), build.person()]
    assert at_once(*(change(person) for person in both)) == ["", "email"]
    assert User.objects.filter(email="lin@example.org").count() == 1
