"""Levels are bent so that those about the poorest fifth are far apart."""

import numpy as np
import pytest

from orders.domain.allocation.bend import USUAL, bend_at
from orders.domain.allocation.water import SHAPES

LIMIT = 1 << 40
every_shape = pytest.mark.parametrize("shape", [USUAL, *SHAPES])
LEVELS = [-LIMIT, -64_000, -1, 0, 700_000, 875_000, 1_000_000, 1_125_000, 9 << 30]


@pytest.mark.parametrize(
    ("level", "counts"),
    [
        # From seven eighths of the fifth to nine eighths a level counts as it is.
        (875_000, 0),
        (1_000_000, 125_000),
        (1_125_000, 250_000),
        # Elsewhere one sixty-fourth.
        (875_000 - 6_400, -100),
        (0, -13_672),
        (1_125_000 + 6_400, 250_100),
    ],
)
def test_what_a_level_counts(level, counts):
    bend = bend_at(1_000_000, LIMIT)
    assert bend.bent(np.array([level])).tolist() == [counts]


@every_shape
@pytest.mark.parametrize("fifth", [-1_000_000, 0, 7, 1_000_000])
def test_what_was_bent_is_bent_back_as_finely_as_it_can_be(fifth, shape):
    bend = bend_at(fifth, LIMIT, shape)
    levels = np.array(LEVELS)
    back = bend.levels(bend.bent(levels))
    assert (abs(levels - back) < 1 << bend.flat).all()
    steep = np.arange(bend.low, bend.low + min(bend.steep, 1_000) + 1)
    assert (bend.levels(bend.bent(steep)) == steep).all()


@every_shape
@pytest.mark.parametrize("fifth", [-1_000_000, 0, 7, 1_000_000])
def test_one_is_bent_like_many(fifth, shape):
    bend = bend_at(fifth, LIMIT, shape)
    counts = [-(1 << 60), -9, -1, 0, 1, bend.steep, bend.steep + 1, 1 << 60]
    assert [bend.count(level) for level in LEVELS] == bend.bent(
        np.array(LEVELS)
    ).tolist()
    assert [bend.level(one) for one in counts] == bend.levels(np.array(counts)).tolist()
    assert [bend.rise(one) for one in counts] == bend.rises(np.array(counts)).tolist()


@every_shape
@pytest.mark.parametrize("limit", [1 << 31, LIMIT, 1 << 61])
@pytest.mark.parametrize("fifth", [-(1 << 62), -(1 << 31), 0, 10**6, 1 << 40, 1 << 62])
def test_no_level_is_beyond_the_limit(fifth, limit, shape):
    bend = bend_at(fifth, limit, shape)
    ends = bend.levels(np.array([-(1 << 62), 1 << 62]))
    assert (abs(ends) <= limit).all()
    assert (abs(ends) > limit - (1 << bend.flat)).all()
