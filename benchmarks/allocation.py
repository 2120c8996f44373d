"""Measures the allocation rule on invented networks and prints ratios, not seconds.

    .venv/bin/python benchmarks/allocation.py quality --size M --seeds 1-5
    .venv/bin/python benchmarks/allocation.py all

Parts: quality, change, promise, reasons, counties, limits (S and M), growth (from M to
XL), all.
Every time is processor time beside that of "lowest first, lot by lot" in the same
process.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.allocation import changing, growth, limits, planning, splitting

PARTS = (
    *("quality", "change", "promise", "reasons"),
    *("counties", "limits", "growth", "all"),
)


def main() -> None:
    """Runs one part, or all of them in the order of the page of figures."""
    parser = argparse.ArgumentParser("benchmarks/allocation.py")
    parser.add_argument("part", choices=PARTS, nargs="?", default="all")
    parser.add_argument("--size", choices=("S", "M", "L", "XL"), default="M")
    parser.add_argument("--seeds", default="1-5", help="first-last")
    parser.add_argument("--util", type=float, default=0.25)
    parser.add_argument("--second", action="store_true", help="the second family")
    parser.add_argument("--bound", action="store_true", help="LP bound at L too")
    parser.add_argument("--unbounded", action="store_true", help="no LP bound")
    parser.add_argument("--baselines", action="store_true", help="all three of them")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if options.part == "all":
        everything()
    elif options.part == "quality":
        planning.quality(
            options.size,
            seeds,
            util=options.util,
            second=options.second,
            bounded=options.size in "SM" and not options.unbounded or options.bound,
            baselines=options.baselines,
        )
    elif options.part == "reasons":
        planning.unexplained(options.size, seeds)
    elif options.part == "change":
        changing.changes(options.size, seeds)
    elif options.part == "limits":
        if options.size not in "SM":
            parser.error("limits can be found with --size S and --size M")
        limits.limits(options.size, seeds, options.util, second=options.second)
    elif options.part == "growth":
        growth.growth(seeds)
    elif options.part == "promise":
        changing.promises(options.size, seeds)
    else:
        splitting.counties(options.size, seeds)


def everything() -> None:
    """One full run; about half an hour on one core without the bound at L."""
    planning.quality("S", range(1, 21), bounded=True)
    planning.quality("M", range(1, 6), bounded=True, baselines=True)
    planning.quality("M", range(1, 5), util=0.6, bounded=True)
    planning.quality("M", range(1, 6), second=True, bounded=True)
    planning.quality("L", range(1, 3), bounded=False)
    planning.quality("XL", range(1, 2), bounded=False)
    for size in ("S", "M", "L"):
        planning.unexplained(size, range(1, 2))
    for size in ("M", "L"):
        changing.changes(size, range(1, 2))
        changing.promises(size, range(1, 2))
        splitting.counties(size, range(1, 2))
    growth.growth(range(1, 2))


if __name__ == "__main__":
    main()
