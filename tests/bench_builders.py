"""People at the workshop and at home, with their browsers, for tests of the screens."""

import uuid

from django.test import Client

from orders.models import Assignment, WorkOrder
from tests import work_builders as build

WORKSHOP, MY_WORK = "/en/workshop", "/en/my-work"


def browser(user=None, language="en"):
    """A browser, signed in as this person or as nobody."""
    client = Client(headers={"Accept-Language": language})
    if user is not None:
        client.force_login(user)
    return client


def leads(base, woman=None, email="leader@example.com"):
    """The browser of the base's leader; `user` is she."""
    user = build.leader(base, woman, email)
    client = browser(user)
    client.user = user
    return client


def signs_in(woman, email=None):
    """The browser of a maker who has an account of her own."""
    woman.user = build.person(email or f"maker-{woman.pk}@example.com", language="en")
    woman.save()
    client = browser(woman.user)
    client.user = woman.user
    return client


def read(client, path):
    """The page, which must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def work_order(sale=None):
    rows = WorkOrder.objects.filter(pieces__gt=0).select_related("demand")
    if sale is not None:
        rows = rows.filter(demand__line__order=sale.order_id)
    return rows.order_by("pk").first()


def proposal(order, act="send", **other):
    """What the form of the proposal sends, as it stands."""
    order.demand.refresh_from_db()
    said = {"version": order.demand.version, "act": act, "reason": ""}
    for row in Assignment.objects.filter(work_order=order, state="proposed"):
        said[f"pieces-{row.maker.reference}"] = row.proposed
    return said | other


def once():
    return str(uuid.uuid4())
