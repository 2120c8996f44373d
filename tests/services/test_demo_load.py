"""The small demo: whole, in the past, in order with the books, and full of work."""

import datetime as dt
from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, DateTimeField, Max
from procrastinate.contrib.django.models import ProcrastinateJob

from orders.models import Assignment, Delivery, Sale, Shipment
from orders.services.reconciling import reconcile
from orders.workshop.todo import day_of
from producers.income.models import Baseline, FollowUp
from producers.ledger.models import Entry, Payout, PayoutLine
from producers.models import Base, Maker, PayAccount, Skill
from qiaoshou.accounts.models import User
from qiaoshou.common.models import Area, AuditRow, ReferenceValue
from qiaoshou.common.today import clock_at
from qiaoshou.demo.people import PEOPLE
from qiaoshou.reports import gain
from tests.demo_world import END, demo, load, media  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
OURS = {"common", "accounts", "producers", "income", "ledger", "catalog", "orders"}
# Days that are meant to come, not moments that have been.
TO_COME = {"hold_until", "answer_by", "expires_at"}
STATE = Assignment.State


def person(slug):
    return User.objects.get(email=f"{slug}@demo.example")


def test_it_has_the_bases_makers_and_orders_that_its_size_says(demo):  # noqa: F811
    assert (demo["bases"], demo["makers"], demo["orders"]) == (4, 28, 24)
    assert set(Base.objects.values_list("tier", flat=True)) == {
        "city",
        "county",
        "township",
        "village",
    }
    assert Counter(Sale.objects.values_list("state", flat=True)) == {
        "paid": 21,
        "expired": 1,
        "cancelled": 1,
        "refunded": 1,
    }


def test_nothing_that_has_happened_lies_in_the_future():
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model.__name__.endswith("Event"):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, DateTimeField) and field.name not in TO_COME:
                last = model._default_manager.aggregate(last=Max(field.name))["last"]
                assert last is None or last <= END, f"{model.__name__}.{field.name}"
    assert Entry.objects.aggregate(last=Max("on"))["last"] <= END.date()


def test_the_books_and_the_audit_trail_are_right():
    call_command("audit_books", stdout=StringIO())
    call_command("verify_audit", stdout=StringIO())


@pytest.mark.django_db(transaction=False)
def test_the_payment_provider_has_nothing_to_say(payment_double):
    report = reconcile()

    assert report.counts() == {
        "sessions": 0,
        "confirmed": 0,
        "sent_back": 0,
        "refunds": 0,
        "wrong": 0,
    }


def test_no_background_job_is_left_over():
    assert ProcrastinateJob.objects.count() == 0


def test_a_second_start_changes_nothing_and_a_second_load_is_refused():
    rows = AuditRow.objects.count()
    said = StringIO()

    call_command("load_demo", "--if-empty", stdout=said)
    assert said.getvalue().startswith("The demo is loaded already.")
    with pytest.raises(CommandError, match="fresh"):
        call_command("load_demo", stdout=StringIO())
    assert AuditRow.objects.count() == rows


def test_invented_values_and_numbers_say_so():
    assert set(ReferenceValue.objects.values_list("invented", flat=True)) == {True}
    for maker in Maker.objects.exclude(identity_sealed=""):
        assert maker.identity.startswith("999999")
    for maker in Maker.objects.all():
        assert maker.phone.startswith("+86154")
    for account in PayAccount.objects.filter(kind="bank"):
        assert account.number.startswith("9999")


def test_makers_differ_in_skill_pay_account_and_consent():
    kinds = set(PayAccount.objects.values_list("kind", flat=True))
    consents = Maker.objects.annotate(given=Count("consents"))

    assert kinds == {"bank", "wechat", "cash"}
    assert PayAccount.objects.filter(confirmed_on=None).exists()
    assert len(set(consents.values_list("given", flat=True))) > 1
    assert Skill.objects.values("craft").distinct().count() >= 8


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: one.slug)
def test_everybody_of_the_door_comes_to_her_front_page(client, one):
    with clock_at(END):
        client.force_login(
            User.objects.get(email=one.email),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        answer = client.get("/home/", follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain


def test_the_leader_has_offers_to_send_pieces_to_look_at_and_a_parcel_to_send():
    base = Base.objects.get(name_en="Xinghua base")
    leader = person("leader")
    mine = Assignment.objects.of_leader(leader)

    assert mine.filter(state=STATE.PROPOSED).exists()
    assert mine.filter(state=STATE.OFFERED, answer_by__gt=END).exists()
    assert Delivery.objects.of_leader(leader).filter(inspection=None).exists()
    parcels = Shipment.objects.of_leader(leader)
    assert parcels.filter(state=Shipment.State.PLANNED).exists()
    with clock_at(END):
        assert len(day_of(base).tasks) >= 4


def test_the_maker_has_an_offer_work_in_hand_and_past_pay():
    maker = Maker.objects.get(user=person("maker"))
    hers = Assignment.objects.filter(maker=maker)

    assert hers.filter(state=STATE.OFFERED, answer_by__gt=END).exists()
    taken = hers.filter(state=STATE.TAKEN)
    assert any(row.taken > row.given_back + row.delivered for row in taken)
    assert PayoutLine.objects.filter(maker=maker, state="paid").exists()


def test_the_buyer_has_orders_in_several_states():
    orders = Sale.objects.filter(order__user=person("buyer"))
    states = set(
        Shipment.objects.filter(order__user=person("buyer")).values_list(
            "state", flat=True
        )
    )

    assert orders.count() >= 6
    assert {"planned", "ready"} <= states
    assert states & {"arrived", "collected"}


def test_finance_finds_one_payout_to_approve_and_one_that_is_being_paid():
    states = Counter(Payout.objects.values_list("state", flat=True))

    assert states["prepared"] == 1
    assert states["approved"] == 1
    assert states["closed"] >= 3
    assert PayoutLine.objects.filter(state="failed").count() == 1


def test_officers_find_gains_losses_and_what_is_not_known():
    city = Area.objects.get(code="211200")
    first, until = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
    levels = [city, *Area.objects.filter(code__in=["211282", "211282111"])]

    assert Baseline.objects.exists()
    assert FollowUp.objects.filter(valid_to=until).exists()
    for area in levels:
        report = gain.read(area, first, until, visible=None)
        known = [line.figures for line in report.lines if line.figures.gain is not None]
        assert known
        assert len(known) < len(report.lines)
    assert min(gain.read(city, first, until, visible=None).averages) < 0
