"""A file cut into what becomes cells."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.grading.notebooks.pieces import Kind, pieces, without_marks
from labkit.rubric import find
from labkit.rubric.starter import starter

STATEMENTS = (
    "import os",
    "LATENT = 16  # numbers",
    "# A comment\n# of two lines.",
    "@staticmethod\ndef f(x):\n    return x\n    # the last word",
    "class A:\n    def g(self):\n        pass",
    "if __name__ == '__main__':\n    print(1)",
    '"""Two\n\ndef lines():\n"""',
    "",
)


def sources() -> list[str]:
    solutions = [find.solution(lab).read_text(encoding="utf-8") for lab in find.labs()]
    return [*map(starter, solutions), *map(without_marks, solutions)]


@given(st.lists(st.sampled_from(STATEMENTS)).map("\n".join))
def test_every_line_that_is_not_empty_is_in_one_piece_and_in_order(source: str) -> None:
    if ast.parse(source).body:
        cut = "\n".join(piece.source for piece in pieces(source))
        assert [line for line in cut.split("\n") if line] == [
            line for line in source.split("\n") if line
        ]


def test_every_labs_file_is_cut_into_pieces_of_one_definition_each() -> None:
    for source in sources():
        found = pieces(source)
        assert ast.dump(ast.parse("\n".join(piece.source for piece in found))) == ast.dump(
            ast.parse(source)
        )
        for piece in found:
            body = ast.parse(piece.source).body
            definitions = [node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
            assert len(definitions) == (piece.kind is Kind.DEFINITION)
            assert not definitions or len(body) == 1


def test_a_comment_above_a_function_stays_with_it_and_one_inside_too() -> None:
    source = "x = 1\n\n# Doubles.\n@cache\ndef f(y):\n    return 2 * y\n    # really\n\n\ny = 2\n"
    assert [piece.source for piece in pieces(source)] == [
        "x = 1",
        "# Doubles.\n@cache\ndef f(y):\n    return 2 * y\n    # really",
        "y = 2",
    ]


def test_what_runs_only_as_a_program_is_a_trial() -> None:
    kinds = [piece.kind for piece in pieces("x = 1\nif __name__ == '__main__':\n    print(x)\n")]
    assert kinds == [Kind.PLAIN, Kind.TRIAL]


def test_an_answer_has_its_task_above_it_and_no_mark() -> None:
    answer = "    # In words.\n    return '# end cut'\n"
    marked = f"def f():\n    # cut: Say it.\n{answer}    # end cut\n    # cutlery\n"
    assert without_marks(marked) == f"def f():\n    # Say it.\n{answer}    # cutlery\n"


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        pieces("def f(:")
