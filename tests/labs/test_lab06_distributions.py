"""The thresholds of lab 6 against what ten trainings gave."""

from __future__ import annotations

import json
import math
import statistics
from typing import Any

import pytest
from scipy import stats

from labkit.rubric import find
from labkit.rubric.curves import share

FOLDER = find.folder(find.lab("lab6"))  # puts its folder where the imports below find it

from lab06_gan.judging import CURVES  # noqa: E402

RECORDS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (FOLDER / "distributions.jsonl").read_text(encoding="utf-8").splitlines()
]
MEASURES = ("coverage", "confidence", "frechet")


def _shares(found: dict[str, Any]) -> dict[str, float]:
    return {name: share(CURVES[name], found[name]) for name in MEASURES}


def test_there_are_ten_different_trainings() -> None:
    assert len({record["seed"] for record in RECORDS}) >= 10
    assert len({record["solution"]["frechet"] for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_training_of_the_solution_fails_less_than_once_in_a_hundred(measure: str) -> None:
    values = [record["solution"][measure] for record in RECORDS]
    (full,) = (knot for knot, part in CURVES[measure].items() if part == 1)
    deviations = abs(statistics.mean(values) - full) / statistics.stdev(values)
    prediction = deviations / math.sqrt(1 + 1 / len(values))  # of one more training
    assert all(share(CURVES[measure], value) == 1 for value in values)
    assert stats.t.sf(prediction, len(values) - 1) < 0.01


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"seed {record['seed']}")
def test_what_was_made_worse_loses_points(record: dict[str, Any]) -> None:
    first = _shares(record["epochs"][0])
    assert first["frechet"] == 0
    assert first["confidence"] < 0.2
    for name in ("one image", "1 digit", "5 digits", "noise of half the size"):
        assert _shares(record[name])["coverage"] < 0.05, name
    assert _shares(record["8 digits"])["coverage"] < 1
    for name in ("one image", "10 images", "100 images"):
        assert share(CURVES["variety"], record[name]["alike"]) == 0, name


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"seed {record['seed']}")
def test_the_solution_neither_copies_nor_comes_again(record: dict[str, Any]) -> None:
    found = record["solution"]
    assert share(CURVES["variety"], found["alike"]) == 1
    assert min(found["nearest"]) > 1  # not one of 500 counts as a copy
    assert share(CURVES["distance"], found["nearest"][-1]) == 1  # the median


@pytest.mark.parametrize("page", ["INSTRUCTORS.md", "INSTRUCTORS.es.md"])
@pytest.mark.parametrize("measure", MEASURES)
def test_the_page_for_instructors_has_these_numbers(page: str, measure: str) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    factor = 1 if measure == "frechet" else 100
    for found in ("solution", "1 digit", "8 digits"):
        values = [factor * record[found][measure] for record in RECORDS]
        cell = f"{statistics.mean(values):.0f} ({min(values):.0f}–{max(values):.0f})"
        assert cell in text, found
    for knot in CURVES[measure]:
        assert f"*{factor * knot:.0f}*" in text
