"""The example of docs/rules/allocation.md: three bases, eight makers, one order."""

from datetime import date

from orders.domain.allocation import Base, Job, Maker, Problem, levels, plan, why


def maker(number, base, earned, hours, *, weight=100, craft="embroidery"):
    need = weight * 10 * 60
    return Maker(number, base, {craft: 1}, need, earned * 100, (hours * 60,), 0)


EXAMPLE = Problem(
    (date(2026, 3, 9),),
    (
        maker(11, 1, 0, 9),
        maker(12, 1, 100, 12),
        maker(13, 1, 400, 12),
        maker(21, 2, 0, 9),
        maker(22, 2, 200, 12),
        maker(23, 2, 150, 12, weight=150),
        maker(31, 3, 50, 12, craft="straw"),
        maker(32, 3, 300, 12),
    ),
    tuple(Base(at, "Xifeng", (h * 60,)) for at, h in ((1, 30), (2, 16), (3, 30))),
    (Job(1, "embroidery", 1, 0, 60, 2000, 30, 2, None),),
    frozenset(),
    (),
)


def test_the_water_stands_where_it_was_computed_by_hand():
    assert levels(EXAMPLE).quota == {
        (11, "embroidery"): 180_00,
        (12, "embroidery"): 100_00,
        (21, "embroidery"): 180_00,
        (23, "embroidery"): 140_00,
    }


def test_the_lots_are_those_computed_by_hand():
    result = plan(EXAMPLE)
    rows = [(s.maker, s.base, s.pieces, s.reason.code) for s in result.shares]
    assert rows == [
        (11, 1, 9, "CHOSEN"),
        (12, 1, 5, "CHOSEN"),
        (21, 2, 9, "CHOSEN"),
        (23, 2, 7, "CHOSEN"),
    ]
    assert dict(result.measures) == {
        "pieces": 30,
        "late_pieces": 0,
        "hand_offs": 4,
        "parcels": 2,
        "makers": 4,
        "floor_used": 240,
        "b20w": 300_000,
    }


def test_the_others_are_told_why_not():
    result = plan(EXAMPLE)
    told = {
        who: why(EXAMPLE, result, job=1, maker=who).code for who in (13, 22, 31, 32)
    }
    assert told == {13: "LEVEL", 22: "BASE_FULL", 31: "NOT_CERTIFIED", 32: "LEVEL"}
