"""The continuous solution as the seam shows it: fen of each craft for each maker."""

from .columns import columns
from .planning import by_turn, opened
from .terms import Levels, Problem
from .water import pour, quotas


def levels(problem: Problem) -> Levels:
    """What each maker should get of each craft if work were liquid, kept work aside."""
    cols = columns(problem)
    book = opened(cols, problem)
    paid, held = by_turn(book)
    found: dict[tuple[int, str], int] = {}
    for craft, fen in quotas(pour(book, paid + held)).items():
        for row in fen.nonzero()[0].tolist():
            found[cols.makers[row].id, craft] = int(fen[row])
    return Levels(found)
