from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import ContentError
from labkit.rubric.starter import starter

SOLUTION = '''\
"""A lab."""

import math


def area(radius: float) -> float:
    """Area of a circle. In a docstring # cut: is no mark."""
    half = radius
    # cut: Return the area.
    square = half**2  # a comment

    return math.pi * square
    # end cut


def given() -> str:
    return "# end cut"
'''


def _source(body: str) -> str:
    return "def f():\n" + textwrap.indent(textwrap.dedent(body), "    ")


def test_a_cut_becomes_a_task_and_an_error():
    made = starter(SOLUTION)
    cut = '    half = radius\n    # TODO: Return the area.\n    raise NotImplementedError("area")\n'
    assert cut in made
    assert "math.pi" not in made


def test_what_is_not_cut_stays():
    made = starter(SOLUTION)
    assert made.startswith(SOLUTION[: SOLUTION.index("    # cut: Return")])
    assert made.endswith('\n\n\ndef given() -> str:\n    return "# end cut"\n')


def test_a_solution_in_which_nothing_is_cut_is_refused():
    with pytest.raises(ContentError, match="the starter would be the solution"):
        starter(starter(SOLUTION))


def test_a_long_task_is_wrapped():
    task = " ".join(f"word{number}" for number in range(40))
    made = starter(_source(f"# cut: {task}\nreturn 1\n# end cut\n"))
    comments = [line for line in made.split("\n") if line.lstrip().startswith("#")]
    assert max(map(len, comments)) <= 100
    assert " ".join(c.strip().lstrip("# ") for c in comments) == f"TODO: {task}"


def test_a_task_goes_on_in_the_comments_that_follow():
    made = starter(_source("# cut: One\n# two\n#   three.\n\n# of the solution\nx = 1\n# end cut\n"))
    assert "# TODO: One two three.\n" in made
    assert "of the solution" not in made


def test_the_innermost_function_is_named():
    made = starter(
        "class Layer:\n    def call(self):\n        def step():\n"
        "            # cut: Do.\n            return 1\n            # end cut\n"
        "        # cut: Go.\n        return step()\n        # end cut\n"
    )
    assert made.index('NotImplementedError("step")') < made.index('NotImplementedError("call")')


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (_source("# cut: A.\nx = 1\n"), "Line 2: a cut begins that never ends"),
        (_source("x = 1\n# end cut\n"), "Line 3: a cut ends that never began"),
        (
            _source("# cut: A.\nx = 1\n# cut: B.\ny = 1\n# end cut\n# end cut\n"),
            "Line 4: a cut begins inside the one of line 2",
        ),
        (
            _source("# cut: A.\nx = 1\n# end cut\n# end cut\ny = 1\n"),
            "Line 5: a cut ends that never began",
        ),
        (_source("# cut: A.\nx = 1\n# end  cut.\n"), "Line 4: a cut mark is misspelt"),
        (_source("#cut: A.\nx = 1\n# end cut\n"), "Line 2: a cut mark is misspelt"),
        (_source("# cut:\nx = 1\n# end cut\n"), "Line 2: a cut does not say what to write"),
        (
            _source("# cut: A.\n# B.\n\n# only this\n# end cut\nx = 1\n"),
            "Line 2: a cut has nothing in",
        ),
        (_source("x = 1  # cut: A.\ny = 1\n# end cut\n"), "Line 2: a cut mark shares its line"),
        ("# cut: A.\nx = 1\n# end cut\n", "Line 1: a cut lies outside every function"),
        ("def f(:\n", "Line 1: not valid Python"),
        (
            _source("# cut: A.\nif x:\n    y = 1\n# end cut\nelse:\n    y = 2\n"),
            "not valid Python",
        ),
    ],
)
def test_a_wrong_mark_is_an_error_that_names_the_line(source: str, message: str):
    with pytest.raises(ContentError, match=message):
        starter(source)


names = st.from_regex(r"[a-z]{1,12}", fullmatch=True).map(lambda word: "f_" + word)
sentences = st.lists(st.from_regex(r"[A-Za-z0-9(),.]{1,20}", fullmatch=True), min_size=1).map(" ".join)
functions = st.lists(
    st.tuples(names, sentences, st.integers(1, 4), st.integers(0, 3)),
    min_size=1,
    max_size=5,
    unique_by=lambda item: item[0],
)


@given(functions)
def test_every_cut_function_says_that_it_is_to_be_written(items: list[tuple[str, str, int, int]]):
    source = "".join(
        f"def {name}():\n"
        + "    given = 1\n" * kept
        + f"    # cut: {task}\n"
        + "    secret = 2\n" * cut
        + "    # end cut\n\n\n"
        for name, task, cut, kept in items
    )
    made = starter(source)
    assert "secret" not in made
    assert made.count("given = 1") == sum(kept for *_, kept in items)
    namespace: dict = {}
    exec(compile(ast.parse(made), "starter", "exec"), namespace)
    for name, *_ in items:
        with pytest.raises(NotImplementedError, match=name):
            namespace[name]()
