from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evidences import evidence

from labkit.i18n import Text
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.evidence import Evidence, Step, StepState, Use
from labkit.rubric.verdict import Status
from labkit.sandbox.calls import Call, arrays_of

RIGHT = {"golden": np.array([1.0, 2.0]), "hidden": (np.eye(3), 4.0)}


def answered(returned: dict[str, Any], state: StepState = StepState.DONE, **run: Any) -> Evidence:
    """A run in which ``f`` returned that for each case, and should have returned `RIGHT`."""
    return evidence(
        steps=(Step("import", StepState.DONE), Step("f", state, error=run.pop("error", {}))),
        calls=tuple(Call("f", case, (case,)) for case in RIGHT),
        returned={"f": flat(returned)},
        expected={"f": flat(RIGHT)},
        **run,
    )


def flat(values: dict[str, Any]) -> dict[str, np.ndarray]:
    return {
        f"{case}:{place}": array
        for case, value in values.items()
        for place, array in enumerate(arrays_of(value))
    }


def test_what_agrees_in_every_case_passes() -> None:
    verdict = agrees("f")(answered(RIGHT))
    assert verdict.full
    assert "2 cases" in str(verdict.message)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"golden": [1.0, 2.1]}, "case golden: it returned [1. , 2.1]; expected [1., 2.]"),
        ({"golden": [1.0, np.nan]}, "expected [1., 2.]"),
        ({"golden": [1.0, 2.0, 3.0]}, "it returned (3,); expected (2,)"),
        ({"golden": ["1", "x"]}, "it returned ['1', 'x']"),
        ({"hidden": (np.eye(3) * 1.01, 4.0)}, "3 of 9 numbers differ, the first at [0, 0]: 1.01"),
        ({"hidden": (np.eye(3), 4.1)}, "it returned 4.1; expected 4."),
        ({"hidden": np.eye(3)}, "it returned (3, 3); expected (3, 3), ()"),
    ],
)
def test_one_wrong_case_fails_and_is_named(wrong: dict[str, Any], words: str) -> None:
    verdict = agrees("f")(answered({**RIGHT, **wrong}))
    assert verdict.status is Status.FAILED
    assert words in str(verdict.message)


def test_only_the_named_cases_count() -> None:
    wrong = answered({**RIGHT, "hidden": (np.eye(3), 5.0)})
    assert agrees("f", ("golden",))(wrong).full
    assert not agrees("f", ("hidden",))(wrong).full


def test_rounding_is_let_pass_and_no_more() -> None:
    near = answered({**RIGHT, "golden": [1.00001, 2.0]})
    assert agrees("f", rtol=1e-4)(near).full
    assert not agrees("f", rtol=1e-6, atol=0)(near).full


def test_a_list_of_arrays_of_one_shape_and_their_stack_are_the_same() -> None:
    made = answered({**RIGHT, "golden": (1.0, 2.0)})
    assert agrees("f")(made).full


def test_a_tuple_of_one_array_and_a_list_of_it_are_the_same() -> None:
    one = np.eye(3)
    expected = {"f": flat({"golden": [one], "hidden": [one]})}
    made = replace(answered({"golden": (one,), "hidden": [one]}), expected=expected)
    assert agrees("f")(made).full
    assert not agrees("f")(replace(answered({"golden": one[0]}), expected=expected)).full


def test_only_the_named_parts_count_and_are_named() -> None:
    rule = agrees("f", ("hidden",), parts={1: Text("the cost")})
    assert rule(answered({**RIGHT, "hidden": (np.zeros((2, 2)), 4.0)})).full
    wrong = rule(answered({**RIGHT, "hidden": (np.eye(3), 4.1)}))
    assert "case hidden, the cost: it returned 4.1; expected 4." in str(wrong.message)
    shape = rule(answered({**RIGHT, "hidden": (np.eye(3), [4.0])}))
    assert "case hidden, the cost: it returned (1,); expected ()." in str(shape.message)
    assert not rule(answered({**RIGHT, "hidden": (np.eye(3), 4.0, 1.0)})).full


@pytest.mark.parametrize("state", [StepState.TODO, StepState.MISSING])
def test_a_function_that_is_not_there_fails(state: StepState) -> None:
    verdict = agrees("f")(answered({}, state))
    assert verdict.status is Status.FAILED
    assert "f" in str(verdict.message)


def test_a_case_before_the_one_that_raised_still_counts() -> None:
    error = {"type": "ValueError", "message": "shapes"}
    made = answered({"golden": RIGHT["golden"]}, StepState.ERROR, error=error)
    assert agrees("f", ("golden",))(made).full
    assert "f raised ValueError" in str(agrees("f", ("hidden",))(made).message)


def test_a_lost_process_could_not_tell() -> None:
    assert agrees("f")(answered({}, StepState.WAITING, outcome="lost")).status is Status.UNKNOWN


def test_an_empty_answer_fails() -> None:
    assert agrees("f")(answered({"golden": RIGHT["golden"]})).status is Status.FAILED


def test_a_condition_is_asked_of_every_answer() -> None:
    rule = holds("f", lambda answer: answer.returned[0].sum() < 3.5, Text("The sum is large."))
    assert rule(answered(RIGHT)).full
    verdict = rule(answered({**RIGHT, "golden": [3.0, 1.0]}))
    assert "case golden: The sum is large." in str(verdict.message)


def test_an_answer_that_a_condition_cannot_read_does_not_meet_it() -> None:
    rule = holds("f", lambda answer: answer.returned[0][2, 2] == 1, Text("No."), ("golden",))
    assert rule(answered(RIGHT)).status is Status.FAILED


@pytest.mark.parametrize(
    ("used", "allowed"),
    [
        (Use("numpy.convolve", 3, "f"), False),
        (Use("numpy.linalg.inv", 3, ""), False),
        (Use("numpy.convolved", 3, "f"), True),
        (Use("numpy.convolve", 3, "model"), True),
    ],
)
def test_what_does_the_work_is_named_kindly(used: Use, allowed: bool) -> None:
    verdict = without("numpy.convolve", "numpy.linalg", besides=("model",))(evidence(uses=(used,)))
    assert verdict.full is allowed
    assert allowed or f"Line 3: {used.name} does what you are to write out" in str(verdict.message)


HELPER = (Use(".helper", 3, "f"), Use("keras.ops.relu", 9, "helper"))
THROUGH = (Use(".with_keras", 3, "f"), Use("keras.ops.relu", 9, "with_keras"))
BESIDE = (Use(".network", 3, "with_keras"), Use("keras.Sequential", 9, "network"))


@pytest.mark.parametrize(
    ("uses", "allowed"),
    [
        (HELPER, False),
        (THROUGH, False),
        (BESIDE, True),
        ((*BESIDE, Use(".network", 4, "f")), False),
        ((*BESIDE, Use(".f", 4, "with_keras"), Use("keras.ops.relu", 9, "f")), False),
        ((*BESIDE, Use(".with_keras", 20, "")), True),  # as in a file that shows what it does
        ((*BESIDE, Use(".f", 3, "f")), True),
        ((Use("keras.ops.relu", 9, "nobody_calls_it"),), False),
    ],
)
def test_a_function_answers_for_what_it_calls(uses: tuple[Use, ...], allowed: bool) -> None:
    made = replace(answered(RIGHT), uses=uses)
    assert without("keras", besides=("with_keras",))(made).full is allowed


def test_only_the_named_functions_and_what_they_call_are_looked_at() -> None:
    made = replace(answered(RIGHT), uses=(*BESIDE, Use("keras.Model", 1, "")))
    assert without("keras", inside=("f",))(made).full
    assert not without("keras", inside=("with_keras",))(made).full
    assert not without("keras", inside=("f",))(replace(made, uses=HELPER)).full


@pytest.mark.parametrize(
    ("uses", "enough"),
    [
        (HELPER, True),
        ((Use("keras.ops.relu", 3, "f"),), True),
        ((Use("keras.*", 3, "f"),), True),
        ((), False),
        ((Use("keras.ops.relu", 3, "g"), Use("keras.ops", 1, "")), False),
    ],
)
def test_what_is_to_be_made_with_a_module_names_it(uses: tuple[Use, ...], enough: bool) -> None:
    verdict = agrees("f", made_with="keras")(replace(answered(RIGHT), uses=uses))
    assert verdict.full is enough
    assert enough or "nothing in it is of keras" in str(verdict.message)
    assert not agrees("f", made_with="keras")(replace(answered({}), uses=HELPER)).full


@pytest.mark.parametrize(
    ("module", "withheld", "allowed"),
    [
        ("numpy", "numpy.convolve", False),
        ("numpy", "numpy.linalg.inv", False),
        ("numpy", "numpy", False),
        ("numpy.linalg", "numpy", False),
        ("numpy.linalg", "numpy.linalg", False),
        ("numpy", "numpydoc.convolve", True),
        ("numpy.linalg", "numpy.convolve", True),
    ],
)
def test_everything_of_a_module_holds_what_does_the_work(
    module: str, withheld: str, allowed: bool
) -> None:
    verdict = without(withheld)(evidence(uses=(Use(f"{module}.*", 3, "", cell=2),)))
    assert verdict.full is allowed
    assert allowed or f"import * from {module} brings" in str(verdict.message)
    assert allowed or "(cell 2, line 3)" in str(verdict.message)


def test_what_does_the_work_in_a_notebook_is_found_by_its_cell() -> None:
    verdict = without("numpy")(evidence(uses=(Use("numpy.convolve", 3, "f", cell=2),)))
    assert "Cell 2, line 3: numpy.convolve does what" in str(verdict.message)


def test_a_model_alone_does_not_show_how_it_was_made() -> None:
    assert not without("numpy")(evidence(outcome="none")).full
