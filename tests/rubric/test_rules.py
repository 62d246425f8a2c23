from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evidences import evidence, with_card, with_fit

from labkit.i18n import speaking
from labkit.metrics import accuracy
from labkit.rubric import rules
from labkit.rubric.evidence import ModelEvidence, Step, StepState
from labkit.rubric.verdict import Status

PASSED, FAILED, UNKNOWN = Status.PASSED, Status.FAILED, Status.UNKNOWN


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (StepState.TODO, "not written yet"),
        (StepState.MISSING, "no function called fit"),
        (StepState.RUNNING, "did not run"),
        (StepState.WAITING, "did not run"),
    ],
)
def test_a_step_that_did_not_end_well_fails_and_says_why(state: StepState, words: str) -> None:
    verdict = rules.step("fit")(evidence(state={"fit": state}))
    assert verdict.status is FAILED
    assert words in str(verdict.message)


def test_a_step_that_raised_shows_the_students_own_line() -> None:
    error = {"type": "ValueError", "message": "odd", "lines": [{"line": 7, "code": "x[0]"}]}
    steps = (Step("import", StepState.DONE), Step("fit", StepState.ERROR, error=error))
    message = str(rules.step("fit")(evidence(steps=steps)).message)
    assert message == "fit raised ValueError: odd (line 7: x[0])"


def test_a_line_of_a_notebook_is_called_by_its_cell() -> None:
    error = {"type": "ValueError", "message": "odd", "lines": [{"cell": 3, "line": 2, "code": "x[0]"}]}
    steps = (Step("import", StepState.DONE), Step("fit", StepState.ERROR, error=error))
    message = rules.step("fit")(evidence(steps=steps)).message
    assert str(message) == "fit raised ValueError: odd (cell 3, line 2: x[0])"
    with speaking("es"):
        assert "(celda 3, línea 2: x[0])" in str(message)


@pytest.mark.parametrize("end", ["time", "memory", "died"])
def test_a_process_that_broke_off_fails_the_step_it_was_in(end: str) -> None:
    run = evidence(state={"fit": StepState.RUNNING}, outcome=end)
    assert rules.step("define")(run).status is PASSED
    assert rules.step("fit")(run).status is FAILED


def test_a_lost_process_is_nobodys_fault() -> None:
    assert rules.step("define")(evidence(outcome="lost")).status is UNKNOWN


def test_a_file_that_cannot_be_imported_fails_its_first_step() -> None:
    error = {"type": "SyntaxError", "message": "invalid syntax"}
    steps = (Step("import", StepState.ERROR, error=error),)
    verdict = rules.step("define")(evidence(steps=steps))
    assert verdict.status is FAILED
    assert "SyntaxError" in str(verdict.message)


def test_an_export_must_be_saved_screened_and_answer() -> None:
    assert rules.exports()(evidence()).full
    refused = {"main": ModelEvidence(refusal={"en": "a Lambda"})}
    assert str(rules.exports()(evidence(models=refused)).message) == "a Lambda"
    assert rules.exports()(evidence(replay="died")).status is FAILED
    assert rules.exports()(evidence(replay="lost")).status is UNKNOWN
    assert rules.exports()(evidence(state={"export": StepState.ERROR})).status is FAILED


@pytest.mark.parametrize(
    ("layers", "status"),
    [
        ([{"class_name": "Dense", "units": 3, "activation": "softmax"}], PASSED),
        ([{"class_name": "Dense", "units": 1, "activation": "softmax"}], FAILED),
        ([{"class_name": "Dense", "units": 3, "activation": "sigmoid"}], FAILED),
        ([{"class_name": "Dense", "units": 3, "activation": None}], FAILED),
        ([{"class_name": "Dense", "units": 3}, {"class_name": "Softmax"}], PASSED),
        (
            [
                {"class_name": "Dense", "units": 3},
                {"class_name": "Activation", "activation": "softmax"},
            ],
            PASSED,
        ),
        ([], FAILED),
    ],
)
def test_the_head_is_judged_by_units_and_activation(layers: Any, status: Status) -> None:
    assert rules.output(3, "softmax")(with_card(layers=layers)).status is status


def test_the_loss_must_be_one_of_those_named() -> None:
    assert rules.loss("sparse_categorical_crossentropy")(evidence()).full
    verdict = rules.loss("huber", "mean_squared_error")(evidence())
    assert verdict.status is FAILED
    assert "huber / mean_squared_error" in str(verdict.message)


def test_parameters_and_epochs_may_reach_their_limit_and_not_pass_it() -> None:
    assert rules.parameters(100)(evidence()).full
    assert rules.parameters(99)(evidence()).status is FAILED
    assert rules.epochs(5)(evidence()).full
    assert rules.epochs(4)(evidence()).status is FAILED


def test_epochs_of_several_calls_of_fit_add_up() -> None:
    fit = evidence().main.fits[0]
    assert rules.epochs(9)(evidence(fits=(fit, fit))).status is FAILED


@pytest.mark.parametrize(
    ("probe", "status"),
    [
        ({"minimum": 0.0, "maximum": 1.0}, PASSED),
        ({"minimum": -3.0, "maximum": 9.9}, PASSED),
        ({"minimum": 0.0, "maximum": 255.0}, FAILED),
        ({"minimum": -255.0, "maximum": 0.0}, FAILED),
        ({}, UNKNOWN),
    ],
)
def test_scaling_is_judged_by_what_the_first_layer_is_given(probe: Any, status: Status) -> None:
    assert rules.scaled()(evidence(probe=probe)).status is status


def test_early_stopping_must_watch_something_that_is_computed() -> None:
    assert rules.stops_early()(evidence()).full
    idle = rules.stops_early()(with_fit(never_computed=["val_loss"]))
    assert idle.status is FAILED
    assert "never stop" in str(idle.message)


def test_early_stopping_must_be_there_and_restore_the_best_weights() -> None:
    assert rules.stops_early()(with_fit(callbacks=[])).status is FAILED
    careless = {"name": "EarlyStopping", "monitor": "val_loss", "restore_best_weights": False}
    assert rules.stops_early()(with_fit(callbacks=[careless])).status is FAILED
    assert rules.stops_early(at_least=6)(evidence()).status is FAILED


def test_what_evaluate_claims_is_compared_with_the_exported_model() -> None:
    rule = rules.evaluates("accuracy", accuracy)
    assert rule(evidence()).full
    assert rule(evidence(claims={"accuracy": 0.99})).status is FAILED
    assert "accuracy" in str(rule(evidence(claims={"loss": 0.5})).message)
    assert rule(evidence(state={"evaluate": StepState.TODO})).status is FAILED


def test_what_predict_returns_is_compared_with_the_exported_model() -> None:
    def rule(run: Any) -> Status:
        return rules.predicts(lambda p: p.argmax(axis=1))(run).status

    assert rule(evidence()) is PASSED
    assert rule(evidence(outputs={"predict": np.array([0, 1, 2, 2])})) is FAILED
    assert rule(evidence(outputs={"predict": np.zeros((4, 3))})) is FAILED
    assert rule(evidence(state={"predict": StepState.ERROR})) is FAILED


def test_a_metric_is_recomputed_and_read_off_its_curve() -> None:
    rule = rules.metric("accuracy", accuracy, {0.5: 0, 1.0: 1})  # type: ignore[arg-type]
    verdict = rule(evidence())
    assert verdict.fraction == pytest.approx(0.5)
    assert verdict.data["value"] == 0.75


def test_answers_of_the_wrong_shape_fail_and_do_not_break_the_rule() -> None:
    rule = rules.metric("accuracy", accuracy, {0.5: 0, 1.0: 1})  # type: ignore[arg-type]
    odd = evidence(predictions={"main:hidden": np.zeros((4, 2))})
    assert rule(odd).status is FAILED


def test_no_answers_fail_and_a_lost_replay_does_not() -> None:
    rule = rules.metric("accuracy", accuracy, {0.5: 0, 1.0: 1})  # type: ignore[arg-type]
    assert rule(evidence(predictions={})).status is FAILED
    assert rule(evidence(predictions={}, replay="lost")).status is UNKNOWN


def test_claims_count_for_nothing() -> None:
    rule = rules.metric("accuracy", accuracy, {0.5: 0, 1.0: 1})  # type: ignore[arg-type]
    boasting = replace(evidence(claims={"accuracy": 1.0}, history={"accuracy": [1.0]}))
    assert rule(boasting).fraction == rule(evidence()).fraction
