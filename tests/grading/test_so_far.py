from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labkit.grading.so_far import first_failure
from labkit.rubric import find
from labkit.rubric.evidence import ModelEvidence
from labkit.rubric.grade import Result
from labkit.rubric.protocol import Trial
from labkit.sandbox import calls

MNIST, NEURON = find.lab("lab2"), find.lab("lab10")
ERROR = {"type": "ValueError", "message": "", "lines": [], "arguments": []}


def _card(units: int) -> ModelEvidence:
    head = {"class": "Dense", "name": "head", "units": units, "activation": "softmax"}
    return ModelEvidence(
        {"layers": [head], "parameters": 10, "loss": "sparse_categorical_crossentropy"}
    )


def _steps(folder: Path, **states: str) -> None:
    (folder / "main").mkdir(parents=True, exist_ok=True)
    rows = [
        {"name": name, "state": state, "error": ERROR if state == "error" else {}}
        for name, state in {"import": "done", **states}.items()
    ]
    (folder / "main" / "steps.json").write_text(json.dumps(rows), encoding="utf-8")


@pytest.fixture
def by_hand(tmp_path: Path) -> Trial:
    (tmp_path / "data").mkdir()
    trial = NEURON.prepare(tmp_path / "data", None)
    return Trial(calls=trial.calls, expected={name: {} for name in NEURON.steps})


def _failed(result: Result | None) -> str:
    return "" if result is None else result.check.name


def _five(folder: Path, model: ModelEvidence | None = None, **states: str) -> str:
    steps = ("define", "compile", "fit", "export", "evaluate", "predict")
    _steps(folder, **(dict.fromkeys(steps, "waiting") | states))
    return _failed(first_failure(MNIST, folder, Trial(), (), model))


def test_nothing_has_failed_before_anything_ran(tmp_path: Path) -> None:
    assert _five(tmp_path) == ""


@pytest.mark.parametrize("state", ["todo", "missing", "error"])
def test_a_step_that_did_not_end_well_is_told_while_nothing_else_is_known(
    tmp_path: Path, state: str
) -> None:
    assert _five(tmp_path, define="done", compile=state) == "compile"


def test_while_it_trains_nothing_has_failed(tmp_path: Path) -> None:
    assert _five(tmp_path, define="done", compile="done", fit="running") == ""


def test_a_wrong_head_is_told_before_the_training_has_ended(tmp_path: Path) -> None:
    running = {"define": "done", "compile": "done", "fit": "running"}
    assert _five(tmp_path, _card(11), **running) == "softmax_head"
    assert _five(tmp_path, _card(10), **running) == ""


def test_a_file_that_cannot_be_loaded_fails_at_once(tmp_path: Path) -> None:
    _steps(tmp_path, **{"import": "error", "define": "waiting", "compile": "waiting"})
    assert _failed(first_failure(MNIST, tmp_path, Trial())) == "define"


def test_what_a_function_returned_is_waited_for(tmp_path: Path, by_hand: Trial) -> None:
    _steps(tmp_path, step="done", neuron="running")
    assert first_failure(NEURON, tmp_path, by_hand) is None
    np.savez(tmp_path / "main" / calls.returned_file("step"), **{"odd:0": np.zeros(1)})
    assert _failed(first_failure(NEURON, tmp_path, by_hand)) == "step"


def test_another_function_may_still_be_right(tmp_path: Path, by_hand: Trial) -> None:
    _steps(tmp_path, step="todo", neuron="waiting")
    assert _failed(first_failure(NEURON, tmp_path, by_hand)) == "step"
    _steps(tmp_path, step="running", neuron="todo")
    assert _failed(first_failure(NEURON, tmp_path, by_hand)) == "neuron"
