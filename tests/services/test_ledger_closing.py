"""`close_pay_period`: every base is prepared, and what is wrong is said."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from producers.ledger.models import Payout
from tests import ledger_builders as build
from tests.ledger_builders import APRIL, MARCH, RATE, Village, noon
from tests.services import registry_world as registry

pytestmark = pytest.mark.django_db
BY = ("--by", "preparer@example.org")


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(dt.date(2026, 4, 5)):
        yield


@pytest.fixture
def here():
    return Village()


def refusal(*words):
    with pytest.raises(CommandError) as error:
        call_command("close_pay_period", *words)
    return str(error.value).splitlines()


def test_every_base_is_prepared_for_the_last_month(here, capsys):
    other = registry.base(here.county.other_village, "杏村基地")
    here.earns(here.wang, 2)
    here.earns(here.li, 1, base=other)
    here.earns(here.wang, 1, on=APRIL)
    call_command("close_pay_period", *BY)

    first, second = Payout.objects.order_by("base")
    assert capsys.readouterr().out.splitlines() == [
        "2026-03: 2 bases with pay that is due",
        f"柳村基地: payout {first.reference}, 172 yuan to 1 makers",
        f"杏村基地: payout {second.reference}, 86 yuan to 1 makers",
    ]
    assert {(row.month, row.prepared_by) for row in (first, second)} == {
        (MARCH, here.preparer)
    }


def test_run_again_it_prepares_only_what_has_become_due(here, capsys):
    here.earns(here.wang)
    call_command("close_pay_period", *BY)
    call_command("close_pay_period", *BY)
    payout = Payout.objects.get()

    assert capsys.readouterr().out.splitlines()[-1] == (
        f"柳村基地: payout {payout.reference} waits"
    )


def test_who_can_not_be_paid_is_named_and_the_others_are_prepared(here):
    here.earns(here.wang)
    here.earns(here.zhao, 2)

    assert refusal(*BY) == [
        "Not paid:",
        f"柳村基地: maker {here.zhao.reference}, 172 yuan: no pay account",
    ]
    assert Payout.objects.get().fen == RATE


def test_a_month_can_be_named(here):
    here.earns(here.wang, on=APRIL)
    call_command("close_pay_period", *BY, "--month", "2026-04")

    assert Payout.objects.get().month == APRIL


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--by", "nobody@example.org"), "Nobody has the e-mail nobody@example.org."),
        (("--by", "buyer@example.org"), "buyer@example.org has no grant of finance"),
        ((*BY, "--month", "2026-05"), "2026-05 has not begun."),
        ((*BY, "--month", "March"), "'March' is no month like 2026-03"),
        ((), "the following arguments are required: --by"),
    ],
)
def test_what_is_wrong_is_said(here, words, says):
    build.person("buyer@example.org", role=None)
    here.earns(here.wang)

    assert says in refusal(*words)[0]
    assert not Payout.objects.exists()
