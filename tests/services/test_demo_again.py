"""A load ends the same for the same seed, and leaves nothing when it is broken off."""

from io import StringIO

import pytest
from django.core.management import call_command

from producers.models import Maker
from qiaoshou.accounts.models import User
from qiaoshou.common.models import AuditRow
from qiaoshou.common.today import clock_at
from qiaoshou.demo import loading
from qiaoshou.demo.management.commands import load_demo
from qiaoshou.demo.paying_out import PayingOut
from tests.demo_world import END, SEED, TINY, empty_again, load, media  # noqa: F401

pytestmark = pytest.mark.usefixtures("media")


class PulledOut(Exception):
    """The plug."""


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_broken_off_leaves_nothing_and_can_be_begun_again(monkeypatch):
    def pull(self):
        raise PulledOut

    monkeypatch.setattr(PayingOut, "plan", pull)
    with pytest.raises(PulledOut):
        load(TINY)
    assert loading.state() == loading.State.EMPTY
    assert not Maker.objects.exists()
    monkeypatch.undo()

    first = load(TINY)
    assert loading.state() == loading.State.LOADED
    assert (first["makers"], first["orders"]) == (20, 9)

    empty_again()
    monkeypatch.setattr(load_demo, "SMALL", TINY)
    said = StringIO()
    with clock_at(END):
        call_command("load_demo", "--small", "--seed", str(SEED), stdout=said)
    facts = AuditRow.objects.get(deed=loading.MARK).facts
    assert facts == {"size": "tiny", **first}
    assert "2026-11" in said.getvalue()
    assert f"pay_digest: {first['pay_digest']}" in said.getvalue()


@pytest.mark.django_db
def test_a_database_in_use_is_left_alone():
    User.objects.create_user(email="somebody@example.org")
    said = StringIO()

    call_command("load_demo", "--if-empty", stdout=said)

    assert "nothing was changed" in said.getvalue()
    assert loading.state() == loading.State.IN_USE
    assert User.objects.count() == 1
