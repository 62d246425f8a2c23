"""What a submission of an open notebook would hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.grading.intake.notebook import convert
from labkit.grading.notebooks.collected import Executed, Saved, as_notebook, collected, saved

OLD, NEW = "def f(x):\n    return 1", "def f(x):\n    return 2"
G = "def g(x):\n    return 3"


def cells(*executed: Executed, file: Saved | None = None) -> tuple[str, ...]:
    return collected(executed, file).cells


def file(*sources: str, at: float = 0.0) -> Saved:
    return Saved(tuple((f"id{number}", source) for number, source in enumerate(sources)), at)


# Where the front end does not say where the file lies.


def test_without_ids_a_cell_is_known_by_the_functions_it_defines() -> None:
    runs = [Executed(source) for source in ("import os", OLD, G, NEW)]
    assert cells(*runs) == ("import os", NEW, G)


def test_a_cell_that_is_run_again_counts_once() -> None:
    assert cells(Executed("x = 1"), Executed(G), Executed("x = 1\n")) == ("x = 1\n", G)


def test_two_cells_made_one_count_as_it() -> None:
    both = f"{NEW}\n\n{G}"
    assert cells(Executed(OLD), Executed(G), Executed(both)) == (both,)


def test_of_a_cell_made_two_the_half_that_was_not_run_again_is_kept() -> None:
    both = f"{OLD}\n\n{G}"
    assert cells(Executed(both), Executed(NEW)) == (both, NEW)


def test_a_trial_that_failed_counts_as_mended_where_nothing_tells_its_versions_apart() -> None:
    runs = [Executed(OLD), Executed("f(1, 2)", failed=True), Executed("def h(:", failed=True)]
    assert cells(*runs, Executed("f(1)")) == (OLD, "f(1)")


def test_a_definition_that_failed_is_kept() -> None:
    assert cells(Executed(f"{OLD}\nf()", failed=True)) == (f"{OLD}\nf()",)


def test_with_ids_every_cell_is_what_it_was_run_as_last_even_where_that_failed() -> None:
    runs = [Executed("f(1)", cell="b"), Executed(OLD, cell="a"), Executed("f(", cell="b", failed=True)]
    assert cells(*runs) == ("f(", OLD)


def test_with_ids_two_cells_may_define_the_same() -> None:
    assert cells(Executed(OLD, cell="a"), Executed(NEW, cell="b")) == (OLD, NEW)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), min_size=1))
def test_with_ids_only_the_last_version_of_each_cell_is_left(
    runs: list[tuple[str, int]],
) -> None:
    last = {cell: f"{cell} = {value}" for cell, value in runs}
    found = cells(*(Executed(f"{cell} = {value}", cell=cell) for cell, value in runs))
    assert found == tuple(last.values())


# Where it does.


def test_a_saved_cell_that_was_not_run_is_there_and_one_that_was_run_is_as_it_was_run() -> None:
    found = collected([Executed(NEW, cell="id1")], file("import os", OLD, G))
    assert found.cells == ("import os", NEW, G)
    assert found.unsaved == 1


def test_what_was_run_as_it_is_saved_is_nothing_to_remark_on() -> None:
    assert collected([Executed(f"{OLD}\n", 9.0)], file(OLD)).unsaved == 0


def test_where_ids_are_not_the_files_a_cell_is_known_by_its_functions() -> None:
    found = collected([Executed(NEW, cell="vscode-cell:1")], file("import os", OLD))
    assert found.cells == ("import os", NEW)


def test_a_new_cell_that_is_not_saved_yet_is_added() -> None:
    found = collected([Executed("y = 1", at=2.0, cell="new")], file(OLD, at=1.0))
    assert (found.cells, found.unsaved) == ((OLD, "y = 1"), 1)


def test_a_cell_that_was_deleted_before_the_file_was_saved_is_gone() -> None:
    runs = [Executed("y = 1", at=1.0, cell="gone"), Executed(NEW, at=1.0, cell="gone too")]
    found = collected([*runs, Executed(G, at=1.0, cell="id1")], file(OLD, G, at=2.0))
    assert (found.cells, found.unsaved) == ((OLD, G), 0)


# Both.


def test_the_kits_own_magics_are_no_news_to_whoever_takes_the_notebook_in() -> None:
    runs = [Executed("%load_ext labkit\n%labkit use lab2"), Executed(OLD), Executed("%labkit check")]
    taken = convert(as_notebook(cells(*runs)).encode(), "a.ipynb")
    assert not taken.notes
    assert convert(as_notebook(cells(Executed("%pip list"), *runs)).encode(), "a.ipynb").notes


def test_the_functions_of_a_cell_with_other_magics_are_known() -> None:
    assert collected([Executed(f"%matplotlib inline\n{OLD}")]).functions == {"f"}


def test_a_file_is_read_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    notes = {"cell_type": "markdown", "source": "# Notes"}
    code = {"cell_type": "code", "id": "one", "source": ["x = 1\n", "y = 2"]}
    path.write_text(json.dumps({"cells": [notes, code]}))
    assert saved(path) == Saved((("one", "x = 1\ny = 2"),), path.stat().st_mtime)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', "\x00"])
def test_what_is_no_notebook_is_as_good_as_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    assert saved(path) is None
    assert saved(tmp_path / "missing.ipynb") is None
