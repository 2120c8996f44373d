"""The garbage collector waits for a plan and goes on afterwards, whatever happens."""

import gc

import pytest

from orders.domain.allocation.collector import uncollected


@pytest.fixture(autouse=True)
def _as_it_was():
    yield
    gc.enable()


def test_it_waits_and_goes_on():
    assert uncollected(gc.isenabled)() is False
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    @uncollected
    def fail() -> None:
        raise ValueError("no plan")

    with pytest.raises(ValueError, match="no plan"):
        fail()
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off():
    gc.disable()
    uncollected(gc.isenabled)()
    assert not gc.isenabled()


def test_work_within_work_does_not_switch_it_on():
    @uncollected
    def outer() -> bool:
        uncollected(gc.isenabled)()
        return gc.isenabled()

    assert outer() is False
    assert gc.isenabled()
