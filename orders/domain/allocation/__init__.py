"""Who makes what: a pure rule that plans fair work on time and says why."""

from .asking import promise, why
from .counties import join, split_by_county
from .levelling import levels
from .planning import plan
from .replanning import replan
from .terms import (
    FLOOR_MINUTES,
    BadProblem,
    Base,
    Job,
    Late,
    Levels,
    Maker,
    Plan,
    Problem,
    Reason,
    Share,
)

__all__ = [
    "FLOOR_MINUTES",
    "BadProblem",
    "Base",
    "Job",
    "Late",
    "Levels",
    "Maker",
    "Plan",
    "Problem",
    "Reason",
    "Share",
    "join",
    "levels",
    "plan",
    "promise",
    "replan",
    "split_by_county",
    "why",
]
