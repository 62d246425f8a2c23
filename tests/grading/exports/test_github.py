"""GitHub's workflow, and the results its reporter reads."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from gradebooks import record

from labkit.grading.exports.github import announce, encoded, results, write
from labkit.i18n import speaking
from labkit.rubric import find


def reported(runners: str, environment: dict[str, str]) -> tuple[float, float] | None:
    """Points and maximum as the reporter adds them up; ``None`` where it announces none."""
    totals, maxima = 0.0, 0.0
    for runner in runners.split(","):
        said = json.loads(base64.b64decode(environment[f"{runner.strip().upper()}_RESULTS"]))
        if said.get("max_score"):
            maxima += said["max_score"]
            totals += sum(test["score"] for test in said["tests"])
    return (totals, maxima) if maxima else None


def test_each_check_is_a_test_and_the_points_add_up() -> None:
    graded = record()
    assert reported("labkit", {"LABKIT_RESULTS": encoded(graded)}) == (6.5, 10.0)
    said: dict[str, Any] = results(graded)
    assert [test["status"] for test in said["tests"]] == ["pass", "fail", "pass", "fail"]
    assert said["tests"][0]["name"] == "define() devuelve un modelo"
    assert said["status"] == "fail"


def test_a_check_in_part_passes_with_its_points_and_fails_the_whole() -> None:
    graded = record()
    graded["checks"] = [graded["checks"][2]]
    assert results(graded)["tests"][0] | {"message": ""} == {
        "name": "A loss of 0.30 or less",
        "status": "pass",
        "score": 4.5,
        "max_score": 6,
        "message": "",
    }
    assert results(graded)["status"] == "fail"


def test_a_bonus_that_is_not_earned_fails_nothing() -> None:
    graded = record()
    graded["checks"] = [graded["checks"][0], graded["checks"][3]]
    assert results(graded)["status"] == "pass"


def test_undecided_points_announce_no_points_at_all() -> None:
    graded = record(undecided=2)
    assert reported("labkit", {"LABKIT_RESULTS": encoded(graded)}) is None
    assert results(graded)["status"] == "error"


def test_the_results_are_one_line_of_the_steps_output(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"other=1\n")
    announce(record(), output)
    before, line, rest = output.read_text(encoding="utf-8").split("\n")
    assert (before, rest) == ("other=1", "")
    assert json.loads(base64.b64decode(line.removeprefix("result="))) == results(record())


def test_the_workflow_is_one_the_reporter_accepts(tmp_path: Path) -> None:
    with speaking("es"):
        workflow = write(find.lab("lab2"), tmp_path)
    assert workflow == tmp_path / ".github" / "workflows" / "classroom.yml"
    text = workflow.read_text(encoding="utf-8")
    assert text.startswith("name: Autograding Tests\n")
    assert re.findall(r"^  (\S+):$", text.split("jobs:\n")[1], re.MULTILINE) == [
        "run-autograding-tests"
    ]
    assert "run: python -m labkit github lab2\n" in text
    assert "LABKIT_LANG: es\n" in text
    assert "${{ github.workspace }}" in text
    assert 'LABKIT_RESULTS: "${{ steps.labkit.outputs.result }}"' in text
    assert "{{{" not in text
    assert "\t" not in text
