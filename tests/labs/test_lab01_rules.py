from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labkit.rubric import find
from labkit.rubric.evidence import Evidence, TrainingEvidence
from labkit.rubric.verdict import Status, Verdict

LAB = find.lab("lab1")
FOLDS = ("fold01", "fold02")


def _evidence(answer: Any = None, noise: float = 1.0, **changes: Any) -> Evidence:
    """Two folds of rows on a plane plus noise; ``answer`` predicts from inputs and truth."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(40, 4))
    y = 577 + x @ np.array([30.0, -40.0, 10.0, 70.0]) + noise * generator.normal(size=40)
    parts = {"fold01": slice(0, 10), "fold02": slice(10, 19)}
    answer = answer or (lambda inputs, truth: truth[:, None])
    fields: dict[str, Any] = {
        "trainings": {name: TrainingEvidence() for name in ("main", *FOLDS)},
        "inputs": {f"{name}:hidden": x[part] for name, part in parts.items()},
        "truth": {f"{name}:hidden": y[part] for name, part in parts.items()},
        "predictions": {f"{n}:hidden": answer(x[part], y[part]) for n, part in parts.items()},
        "rows": {
            name: (np.delete(x, part, axis=0), np.delete(y, part)) for name, part in parts.items()
        },
        "replay": "ended",
    }
    return Evidence(**(fields | changes))


def _verdict(check: str, evidence: Evidence) -> Verdict:
    return LAB.check(check).rule(evidence)


def test_the_points_come_to_ten() -> None:
    assert LAB.maximum == 10


def test_perfect_answers_earn_every_point() -> None:
    verdict = _verdict("error", _evidence())
    assert verdict.full
    assert verdict.data["mae"] == 0


def test_answering_the_mean_earns_nothing() -> None:
    verdict = _verdict("error", _evidence(lambda x, y: np.full((len(y), 1), 577.0)))
    assert verdict.status is Status.FAILED


def test_the_error_is_measured_against_least_squares_on_the_same_folds() -> None:
    evidence = _evidence()
    (x, y), key = evidence.rows["fold02"], "fold02:hidden"
    centre = x.mean(axis=0)
    weights = np.linalg.solve((x - centre).T @ (x - centre), (x - centre).T @ (y - y.mean()))
    expected = np.abs(y.mean() + (evidence.inputs[key] - centre) @ weights - evidence.truth[key])

    from lab01_gasoline import folds

    assert folds.errors(evidence)[1][1] == pytest.approx(expected.mean())


@pytest.mark.parametrize(("factor", "share"), [(1.0, 1.0), (1.225, 0.5), (1.5, 0.0)])
def test_points_fall_with_the_ratio_to_least_squares(factor: float, share: float) -> None:
    least = _verdict("error", _evidence()).data["least_squares"]
    verdict = _verdict("error", _evidence(lambda x, y: (y + factor * least)[:, None]))
    assert verdict.fraction == pytest.approx(share, abs=1e-6)


def test_a_table_that_lies_on_a_plane_divides_by_no_zero() -> None:
    assert _verdict("error", _evidence(noise=0.0)).full
    off = _evidence(lambda x, y: y[:, None] + 1, noise=0.0)
    assert _verdict("error", off).status is Status.FAILED


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, y: np.full((len(y), 1), np.nan),
        lambda x, y: np.full((len(y), 1), np.inf),
        lambda x, y: np.zeros((len(y), 2)),
        lambda x, y: np.zeros((len(y) - 1, 1)),
    ],
)
def test_answers_that_are_no_number_a_row_fail_the_folds(answer: Any) -> None:
    assert _verdict("folds", _evidence(answer)).status is Status.FAILED


def test_a_fold_without_answers_is_named() -> None:
    whole = _evidence()
    assert _verdict("folds", whole).full
    verdict = _verdict("folds", _evidence(predictions={"fold01:hidden": whole.truth["fold01:hidden"]}))
    assert verdict.status is Status.FAILED
    assert verdict.data["broken"] == ["fold02"]


@pytest.mark.parametrize(
    "changes",
    [
        {"replay": "lost", "predictions": {}},
        {
            "trainings": {n: TrainingEvidence(outcome="lost") for n in ("main", *FOLDS)},
            "predictions": {},
        },
    ],
)
def test_a_failure_of_the_kit_is_not_the_students(changes: dict[str, Any]) -> None:
    assert _verdict("folds", _evidence(**changes)).status is Status.UNKNOWN


@pytest.mark.parametrize("figure", LAB.figures, ids=lambda figure: figure.name)
def test_a_figure_is_drawn_when_all_folds_answered_and_only_then(figure: Any) -> None:
    assert figure.draw(_evidence()) is not None
    assert figure.draw(_evidence(predictions={})) is None
