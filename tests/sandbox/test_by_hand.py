"""Functions written by hand, called in a worker; and the files that carry calls and answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labkit.rubric.evidence import StepState
from labkit.rubric.reading import returned, steps
from labkit.sandbox import calls
from labkit.sandbox.calls import Call, arrays_of
from labkit.sandbox.job import Job
from labkit.sandbox.launch import Launcher

Run = Callable[..., Path]
TWO = ("double", "tell")


@pytest.fixture
def run(launcher: Launcher, tmp_path: Path) -> Run:
    def run(source: str, *asked: Call, functions: Sequence[str] = TWO, **task: Any) -> Path:
        path = tmp_path / "práctica.py"
        path.write_text(source, encoding="utf-8")
        file = calls.write(tmp_path, asked)
        job = Job(
            "main",
            "worker",
            tmp_path / "evidence",
            {"submission": str(path), "steps": functions, "calls": str(file), "seed": 0, "threads": 1}
            | task,
        )
        assert launcher.run([job])["main"].end == "ended"
        return job.folder

    return run


def states(folder: Path) -> dict[str, StepState]:
    return {step.name: step.state for step in steps(folder)}


ASKED = (
    Call("double", "a", (np.arange(3.0),)),
    Call("tell", "a", ([np.eye(2), np.ones(3)], 0.1, "no")),
    Call("double", "b", (np.float32(4),)),
)
GOOD = "def double(x): return 2 * x\ndef tell(parts, number, word): return len(parts), parts[1], word"


def test_each_call_reaches_its_function_and_comes_back(run: Run) -> None:
    folder = run(GOOD, *ASKED)
    assert states(folder) == dict.fromkeys(("import", *TWO), StepState.DONE)
    found = returned(folder, TWO)
    assert found["double"]["a:0"].tolist() == [0, 2, 4]
    assert found["double"]["b:0"] == 8
    assert [found["tell"][f"a:{place}"].tolist() for place in range(3)] == [2, [1, 1, 1], "no"]


def test_arguments_changed_in_one_call_are_whole_in_the_next(run: Run) -> None:
    shared = np.zeros(2)
    source = "def double(x):\n    x += 1\n    return x"
    asked = [Call("double", case, (shared,)) for case in "ab"]
    found = returned(run(source, *asked, functions=["double"]), ["double"])["double"]
    assert found["a:0"].tolist() == found["b:0"].tolist() == [1, 1]


def test_what_goes_wrong_in_one_function_stops_no_other(run: Run) -> None:
    folder = run("def double(x): raise KeyError(x.size)\n" + GOOD.splitlines()[1], *ASKED)
    assert states(folder) == {
        "import": StepState.DONE,
        "double": StepState.ERROR,
        "tell": StepState.DONE,
    }
    step = next(step for step in steps(folder) if step.name == "double")
    assert step.error["lines"][0]["line"] == 1
    assert step.error["arguments"] == ["ndarray (3,) float64"]
    assert len(returned(folder, TWO)["tell"]) == 3


def test_cases_before_the_one_that_fails_are_kept(run: Run) -> None:
    folder = run("def double(x): return 1 / (x.ndim - 0)", *ASKED[::2], functions=["double"])
    assert states(folder)["double"] is StepState.ERROR
    assert list(returned(folder, ["double"])["double"]) == ["a:0"]


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("x = 1", StepState.MISSING),
        ("def double(x): raise NotImplementedError('double')", StepState.TODO),
        ("def double(x): pass", StepState.ERROR),
        ("def double(x): return object()", StepState.ERROR),
        ("import numpy\ndef double(x): return numpy.zeros(9_000_000)", StepState.ERROR),
    ],
)
def test_a_function_that_does_not_answer_is_on_record(run: Run, source: str, state: StepState) -> None:
    folder = run(source, ASKED[0], functions=["double"])
    assert states(folder)["double"] is state
    assert returned(folder, ["double"]) == {"double": {}}


def test_what_is_to_be_written_by_hand_cannot_be_imported(run: Run) -> None:
    source = "def double(x):\n    from labkit.layers import Maxout\n    return x"
    folder = run(source, ASKED[0], functions=["double"], withheld=["labkit.layers"])
    step = next(step for step in steps(folder) if step.name == "double")
    assert step.state is StepState.ERROR
    assert "by hand" in step.error["message"]


@pytest.mark.parametrize(
    ("value", "shapes"),
    [
        (3, [()]),
        (True, [()]),
        ("yes", [()]),
        ([1, 2.5], [(2,)]),
        ([[1, 2], [3, 4]], [(2, 2)]),
        ((1, [2, 3]), [(), (2,)]),
        ([np.ones(2), np.ones(3)], [(2,), (3,)]),
        ({"b": np.ones(3), "a": 0}, [(), (3,)]),
        (([np.ones((2, 1)), np.ones(1)], 5), [(2, 1), (1,), ()]),
    ],
)
def test_what_a_function_returns_becomes_arrays(value: Any, shapes: list[tuple[int, ...]]) -> None:
    assert [array.shape for array in arrays_of(value)] == shapes


@pytest.mark.parametrize("value", [None, object(), 1j, [None], iter([1]), {1, 2}, [1, "x", None]])
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="must return numbers or arrays"):
        arrays_of(value)


def test_calls_are_read_as_they_were_written(tmp_path: Path) -> None:
    given = (np.arange(4).reshape(2, 2), [np.ones(1), [True, None]], -math.inf, "ñ", np.str_("á"))
    (call,) = calls.read(calls.write(tmp_path, [Call("f", "case", given)]))
    assert (call.function, call.case) == ("f", "case")
    array, (ones, plain), number, word, other = call.arguments
    assert array.tolist() == [[0, 1], [2, 3]]
    assert (ones.tolist(), plain, number, word, str(other)) == (
        [1.0],
        [True, None],
        -math.inf,
        "ñ",
        "á",
    )


def test_what_a_library_has_not_implemented_is_the_students_to_mend(run: Run) -> None:
    source = "import numbers\ndef double(x):\n    return numbers.Complex.conjugate(x)"
    step = next(s for s in steps(run(source, ASKED[0], functions=["double"])) if s.name == "double")
    assert (step.state, step.error["type"]) == (StepState.ERROR, "NotImplementedError")
