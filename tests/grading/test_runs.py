"""What is read off the folders of a student's runs, whatever became of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labkit.grading import runs as folders
from labkit.rubric import find

LAB = find.lab("lab2")


def ran(runs: Path, name: str, grade: str) -> Path:
    folder = runs / "lab02" / name
    folder.mkdir(parents=True)
    (folder / "grade.json").write_text(grade, encoding="utf-8")
    return folder


def test_before_the_first_run_there_is_none(runs: Path) -> None:
    assert (folders.newest(LAB), folders.best(LAB)) == (None, None)


def test_the_newest_run_need_not_be_the_best(runs: Path) -> None:
    ran(runs, "20260101-000000", json.dumps({"points": 9}))
    newest = ran(runs, "20260102-000000", json.dumps({"points": 4, "provenance": {}}))
    assert folders.newest(LAB) == (newest, {"points": 4, "provenance": {}})
    assert folders.best(LAB) == 9


def test_a_run_of_the_reference_is_no_run_of_the_students(runs: Path) -> None:
    ran(runs, "20260101-000000", json.dumps({"points": 9, "provenance": {"reference": True}}))
    assert folders.newest(LAB) is None


@pytest.mark.parametrize(
    "grade",
    [
        "",
        '{"points": 7, "provena',
        "[]",
        "[" * 100_000,
        '{"points": null}',
        '{"points": "7"}',
        '{"points": NaN}',
        '{"points": 1e999}',
        '{"points": 1' + "0" * 400 + "}",
        '{"points": 7, "undecided": []}',
        '{"points": 7, "provenance": 3}',
        '{"points": 7, "provenance": null}',
    ],
)
def test_a_damaged_grade_is_passed_over_for_the_run_before(grade: str, runs: Path) -> None:
    whole = ran(runs, "20260101-000000", json.dumps({"points": 2}))
    ran(runs, "20260102-000000", grade)
    assert folders.newest(LAB) == (whole, {"points": 2})
    assert folders.best(LAB) == 2
