"""`python -m orders.domain.allocation FILE`: plan, measures and reasons."""

import argparse
import json
import sys
from pathlib import Path

from .asking import why
from .layout import plan_as_json, read_problem
from .planning import plan
from .sentences import in_words
from .terms import FLOOR_MINUTES, BadProblem, Plan


def main(arguments: list[str]) -> int:
    """Prints the plan; 0, or 2 where the problem or a question is wrong."""
    options = _options().parse_args(arguments)
    try:
        file = sys.stdin if options.file == "-" else None
        text = file.read() if file else Path(options.file).read_text("utf-8")
        problem = read_problem(text)
        found = plan(problem, floor_minutes=options.floor)
        lines = _told(found, options.language)
        for job, maker in options.why:
            reason = why(problem, found, job=job, maker=maker)
            words = in_words(reason, language=options.language)
            lines.append(f"job {job}, maker {maker}: {reason.code}. {words}")
    except (BadProblem, OSError) as error:
        sys.stderr.write(f"{options.file}: {error}\n")
        return 2
    if options.json:
        lines = [json.dumps(plan_as_json(found), indent=1, ensure_ascii=False)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m orders.domain.allocation")
    parser.add_argument("file", help="a problem as JSON (docs/rules/allocation.md)")
    parser.add_argument("--floor", type=int, default=FLOOR_MINUTES, metavar="MINUTES")
    parser.add_argument("--language", choices=("en", "zh-hans"), default="en")
    parser.add_argument("--json", action="store_true", help="the plan as JSON")
    parser.add_argument(
        "--why",
        nargs=2,
        type=int,
        action="append",
        default=[],
        metavar=("JOB", "MAKER"),
        help="why she has a share of the job, or why not",
    )
    return parser


def _told(found: Plan, language: str) -> list[str]:
    lines = [f"plan {found.digest[:16]}"]
    for share in found.shares:
        words = in_words(share.reason, language=language)
        who = f"job {share.job}, maker {share.maker}, {share.pieces} pieces"
        lines.append(f"{who}: {share.reason.code}. {words}")
    for rest in found.late:
        words = in_words(rest.reason, language=language, late=True)
        lines.append(
            f"job {rest.job}, {rest.pieces} pieces late: {rest.reason.code}. {words}"
        )
    lines += [f"{name}: {value}" for name, value in found.measures.items()]
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
