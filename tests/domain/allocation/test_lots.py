"""From water to lots: what is poured and handed out a second time."""

import pytest

from orders.domain.allocation import Base, Job, Maker, Problem, compose
from orders.domain.allocation.columns import columns
from orders.domain.allocation.planning import by_turn, opened
from tests.domain.allocation.villages import weeks


@pytest.fixture
def poured(monkeypatch):
    """How many jobs were poured, each time."""
    found = []
    pour = compose.pour

    def count(book, jobs, *sweeps):
        found.append(len([job for job in jobs if book.open[job]]))
        return pour(book, jobs, *sweeps)

    monkeypatch.setattr(compose, "pour", count)
    return found


def handed_out(bases):
    """Three jobs of ten hours, for makers whose quotas are two and a half each."""
    makers = tuple(
        Maker(at, 1, {"straw": 1}, 1_000, 0, (600,), idle_days=at)
        for at in range(1, 13)
    )
    jobs = tuple(Job(at, "straw", 1, 0, 60, 2_000, 10, 2, bases) for at in (1, 2, 3))
    problem = Problem(
        weeks(1), makers, (Base(1, "A", (6_000,)),), jobs, frozenset(), ()
    )
    book = opened(columns(problem), problem)
    compose.pour_out(book, by_turn(book)[0], 120)
    return book


def test_work_for_all_bases_is_poured_a_second_time_where_some_is_open(poured):
    book = handed_out(None)
    assert len(poured) == 2
    assert poured[0] == 3
    assert book.open == [0, 0, 0]


def test_work_parted_by_bases_is_poured_once_and_handed_out_twice(poured):
    book = handed_out(frozenset({1}))
    assert poured == [3]
    assert book.open == [0, 0, 0]
