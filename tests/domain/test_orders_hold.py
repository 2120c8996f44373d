"""The worked table of docs/rules/hold.md."""

import datetime as dt

import pytest

from orders.domain import hold
from qiaoshou.common.today import ZONE

PLACED = dt.datetime(2026, 11, 24, 14, 2, tzinfo=ZONE)


def at(clock: str) -> dt.datetime:
    hour, minute = clock.split(":")
    return PLACED.replace(hour=int(hour), minute=int(minute))


def test_screens_say_30_the_payment_page_lasts_31_and_the_hold_40_minutes():
    assert (hold.SAID_MINUTES, hold.SESSION_MINUTES, hold.HOLD_MINUTES) == (30, 31, 40)


def test_an_order_placed_at_14_02_is_said_to_be_kept_till_14_32_and_is_till_14_42():
    assert hold.said_until(PLACED) == at("14:32")
    assert hold.session_until(PLACED) == at("14:33")
    assert hold.hold_until(PLACED) == at("14:42")


@pytest.mark.parametrize(
    ("now", "may"), [("14:02", True), ("14:11", True), ("14:12", False)]
)
def test_a_payment_page_opens_only_if_it_ends_within_the_hold(now, may):
    assert hold.may_open(at(now), hold.hold_until(PLACED)) is may


@pytest.mark.parametrize(
    ("now", "over"), [("14:41", False), ("14:42", True), ("14:43", True)]
)
def test_the_hold_is_over_at_its_last_moment(now, over):
    assert hold.is_over(at(now), hold.hold_until(PLACED)) is over
