"""Who may see and do what at the workshop and at /my-work/, address by address."""

import uuid

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse
from django.utils import translation

from orders.models import Assignment, Delivery, MaterialIssue, Shipment
from orders.my_work import urls as my_work_urls
from orders.workshop import urls as workshop_urls
from producers.models import Away
from qiaoshou.common.today import clock_at, today
from tests import work_builders as build
from tests.bench_builders import MY_WORK, WORKSHOP, browser, leads, signs_in, work_order

pytestmark = pytest.mark.django_db

# Name → (method, who leads, who leads another base).
OPEN = {
    "today": "get",
    "jobs": "get",
    "inspections": "get",
    "parcels": "get",
    "stock": "get",
    "makers": "get",
    "capacity": "get",
    "pay-sheet": "get",
    "pay-sheet-export": "post",
    "pay-sheet-file": "post",
}
OF_ONE_BASE = {
    "work-order": "get",
    "note": "post",
    "slips": "get",
    "slips-file": "get",
    "assignment": "get",
    "answer": "post",
    "withdraw": "post",
    "give-back": "post",
    "deliver": "post",
    "issue": "post",
    "slip": "get",
    "slip-file": "get",
    "material-back": "post",
    "inspect": "get",
    "parcel": "get",
    "label": "post",
    "send": "post",
    "ready": "post",
    "hand-over": "post",
    "renew-code": "post",
    "arrived": "post",
    "tags": "get",
    "maker": "get",
    "hours": "post",
    "away": "post",
    "back": "post",
    "lower": "post",
    "lift": "post",
}
HERS = {
    "assignment": "get",
    "take": "post",
    "decline": "post",
    "back": "post",
}
OF_MAKERS = {
    "work": "get",
    "history": "get",
    "others": "get",
    "pay": "get",
    "me": "get",
    "hours": "post",
    "away": "post",
}


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


class World:
    """A base with work in every state, and another base beside it."""

    def __init__(self):
        self.shop = build.workshop()
        self.leader = leads(self.shop.base)
        self.other_base, (self.other_maker, *_rest) = build.another_base(self.shop)
        self.other = leads(self.other_base, email="other@example.com")
        self.row = build.taken(self.shop, 4, self.leader.user, ready=1)[0]
        self.maker = signs_in(self.row.maker)
        self.neighbour = signs_in(self.other_maker)
        self.delivery = build.delivered(self.row, 1, self.leader.user)
        self.issue = MaterialIssue.objects.create(
            client_reference=uuid.uuid4(),
            assignment=self.row,
            name="红线",
            unit="团",
            issued=2,
            issued_by=self.leader.user,
        )
        self.away = Away.objects.create(
            maker=self.row.maker,
            valid_from=today().replace(day=1),
            valid_to=today(),
        )

    def path(self, space, name):
        """The address of this name, for the things of the first base."""
        row, delivery = self.row, self.delivery
        parts = {
            "work-order": [row.work_order.reference],
            "note": [row.work_order.reference],
            "slips": [row.work_order.reference],
            "slips-file": [row.work_order.reference],
            "inspect": [delivery.reference],
            "material-back": [self.issue.pk],
            "tags": [self.shop.ready.lots.get().serial],
            "maker": [row.maker.reference],
            "lower": [self.shop.week.pk],
            "lift": [self.shop.week.pk],
        }
        if name in {
            "parcel",
            "label",
            "send",
            "ready",
            "hand-over",
            "renew-code",
            "arrived",
        }:
            args = [Shipment.objects.get().reference]
        elif space == "workshop" and name in {"hours", "away"}:
            args = [row.maker.reference]
        elif name == "back":
            args = [self.away.pk]
            if space == "workshop":
                args.insert(0, row.maker.reference)
        elif name in {"hours", "away"} or name in OPEN or name in OF_MAKERS:
            args = []
        else:
            args = parts.get(name, [row.reference])
        with translation.override("en"):
            return reverse(f"{space}:{name}", args=args)


@pytest.fixture
def world():
    return World()


def status(client, method, path):
    return getattr(client, method)(path).status_code


def test_every_address_is_in_the_tables():
    workshop = {pattern.name for pattern in workshop_urls.urlpatterns}
    mine = {pattern.name for pattern in my_work_urls.urlpatterns}

    assert workshop == {*OPEN, *OF_ONE_BASE}
    assert mine == {*HERS, *OF_MAKERS}
    assert get_resolver().namespace_dict["workshop"]


def test_a_visitor_is_sent_to_the_door(world):
    nobody = browser()
    for space, names in (
        ("workshop", {**OPEN, **OF_ONE_BASE}),
        ("my-work", {**HERS, **OF_MAKERS}),
    ):
        for name, method in names.items():
            answer = getattr(nobody, method)(world.path(space, name))
            assert answer.status_code == 302, name
            assert answer.url.startswith(f"{reverse(settings.LOGIN_URL)}?next="), name


def test_who_leads_no_base_has_no_business_at_the_workshop(world):
    stranger = browser(build.person("buyer@example.com"))
    for name, method in {**OPEN, **OF_ONE_BASE}.items():
        path = world.path("workshop", name)
        assert status(stranger, method, path) == 403, name
        assert status(world.maker, method, path) == 403, name
    for name, method in {**HERS, **OF_MAKERS}.items():
        assert status(stranger, method, world.path("my-work", name)) == 403, name


def test_work_of_another_base_does_not_exist(world):
    for name, method in OF_ONE_BASE.items():
        assert status(world.other, method, world.path("workshop", name)) == 404, name


def test_the_leader_of_the_base_comes_in(world):
    for name, method in OPEN.items():
        assert status(world.leader, method, world.path("workshop", name)) == 200, name
    for name, method in OF_ONE_BASE.items():
        found = status(world.leader, method, world.path("workshop", name))
        assert found == 200 if method == "get" else found in {200, 302, 400}, name


def test_another_makers_work_does_not_exist(world):
    for name, method in HERS.items():
        path = world.path("my-work", name)
        assert status(world.neighbour, method, path) == 404, name
        found = status(world.maker, method, path)
        assert found == 200 if method == "get" else found in {200, 302, 400}, name


def test_a_proposal_is_not_hers_yet(world):
    build.placed(world.shop, 4)
    row = Assignment.objects.filter(state="proposed").first()
    client = browser(row.maker.user) if row.maker.user else signs_in(row.maker)
    assert status(client, "get", f"{MY_WORK}/assignments/{row.reference}/") == 404


def test_methods_that_are_not_meant_are_refused(world):
    for space, names in (
        ("workshop", {**OPEN, **OF_ONE_BASE}),
        ("my-work", {**HERS, **OF_MAKERS}),
    ):
        client = world.leader if space == "workshop" else world.maker
        both = {"work-order", "inspect", "stock"} if space == "workshop" else set()
        for name, method in names.items():
            if name in both:
                continue
            other = "post" if method == "get" else "get"
            assert status(client, other, world.path(space, name)) == 405, name


def test_a_leader_of_two_bases_switches_and_stays(world):
    build.Membership.objects.create(
        maker=world.leader.user.maker,
        base=world.other_base,
        role="leader",
        valid_from=build.SINCE,
    )
    html = world.leader.get(f"{WORKSHOP}/").content.decode()
    assert "Xinghuagou base" in html
    assert "Liuhe base" in html
    world.leader.get(f"{WORKSHOP}/makers/?base={world.other_base.reference}")
    again = world.leader.get(f"{WORKSHOP}/makers/").content.decode()
    assert "Zhou 0" in again
    assert world.leader.get(f"{WORKSHOP}/?base=0000000000").status_code == 404


def test_a_base_she_no_longer_leads_is_closed_to_her(world):
    world.leader.user.maker.memberships.filter(role="leader").update(valid_to=today())
    order = work_order()

    assert status(world.leader, "get", f"{WORKSHOP}/") == 403
    assert status(world.leader, "get", f"{WORKSHOP}/work/{order.reference}/") == 403
    assert Delivery.objects.count() == 1
