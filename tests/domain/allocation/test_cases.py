"""Twenty small named problems show the rule at work, one sentence each."""

import json
from pathlib import Path

import pytest

from orders.domain.allocation import plan, why
from orders.domain.allocation.__main__ import main
from orders.domain.allocation.layout import read_problem

from .checker import broken_rules

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_named_case_comes_out_as_it_says(path):
    case = json.loads(path.read_text("utf-8"))
    problem = read_problem(json.dumps(case["problem"]))
    result = plan(problem)
    shares = [[s.job, s.maker, s.pieces, s.reason.code] for s in result.shares]
    late = [[rest.job, rest.pieces, rest.reason.code] for rest in result.late]
    asked = [[job, maker] for job, maker, _ in case["expect"]["why"]]
    told = [[j, m, why(problem, result, job=j, maker=m).code] for j, m in asked]
    assert {"shares": shares, "late": late, "why": told} == case["expect"]
    assert broken_rules(problem, result) == []


def test_there_are_twenty_cases():
    assert len(CASES) == 20


def test_the_command_prints_plan_reasons_and_measures(tmp_path, capsys):
    case = json.loads(
        (Path(__file__).parent / "cases/declined.json").read_text("utf-8")
    )
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(case["problem"]), "utf-8")

    assert main([str(file), "--language", "zh-hans", "--why", "1", "11"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("job 1, maker 12, 3 pieces: CHOSEN. 这 3 件派给您")
    assert "late_pieces: 0" in lines
    assert lines[-1] == (
        "job 1, maker 11: DECLINED. 这批活您说过这回不接。没关系，不影响下回派活。"
    )


def test_the_command_names_the_row_that_is_wrong(tmp_path, capsys):
    file = tmp_path / "problem.json"
    file.write_text('{"deadlines": [], "makers": [{}], "bases": [], "jobs": []}')

    assert main([str(file)]) == 2

    assert capsys.readouterr().err == f"{file}: maker in row 1: base is missing\n"
