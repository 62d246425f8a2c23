"""The notebook of a lab: complete, valid, and worth what its source is worth."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from labkit.errors import StorageError, UsageError
from labkit.grading import pipeline
from labkit.grading.intake.notebook import convert
from labkit.grading.notebooks.making import notebook, write
from labkit.i18n import LANGUAGES, speaking
from labkit.rubric import find
from labkit.rubric.lab import Lab
from labkit.rubric.starter import starter
from labkit.sandbox.launch import Launcher

LABS = [pytest.param(lab, id=lab.name) for lab in find.labs()]


def source(lab: Lab) -> str:
    return find.solution(lab).read_text(encoding="utf-8")


def sources(made: Any, kind: str) -> list[str]:
    return [cell.source for cell in made.cells if cell.cell_type == kind]


def code_of(text: str) -> str:
    """A file's code, whatever its comments and empty lines."""
    return ast.dump(ast.parse(text))


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_labs_notebook_is_valid_and_taken_in_as_its_starter_or_solution(
    lab: Lab, language: str
) -> None:
    with speaking(language):
        made = {solution: notebook(lab, solution=solution) for solution in (False, True)}
    for solution, text in ((False, starter(source(lab))), (True, source(lab))):
        nbformat.validate(made[solution])
        taken = convert(nbformat.writes(made[solution]).encode("utf-8"), "a.ipynb")
        assert code_of(taken.source) == code_of(text)


@pytest.mark.parametrize("lab", LABS)
def test_every_function_of_the_lab_has_a_cell_of_its_own(lab: Lab) -> None:
    cells = [ast.parse(cell).body for cell in sources(notebook(lab), "code")[1:-1]]
    alone = {body[0].name for body in cells if len(body) == 1 and isinstance(body[0], ast.FunctionDef)}
    assert alone >= set(lab.steps)


def test_it_begins_with_the_kit_and_ends_with_the_check() -> None:
    first, *_others, last = notebook(find.lab("lab2")).cells
    assert first.source.endswith("%load_ext labkit\n%labkit use lab2 --lang en")
    assert "pip install" in first.source
    assert all(line.startswith(("#", "%")) for line in first.source.split("\n"))
    assert last.source == "%labkit check"


def test_the_handout_is_there_section_by_section_in_the_language_asked_for() -> None:
    lab = find.lab("lab2")
    with speaking("es"):
        texts = sources(notebook(lab), "markdown")
    handout = (find.folder(lab) / "README.es.md").read_text(encoding="utf-8")
    sections = handout.count("\n## ") + 1
    assert "".join("\n\n".join(texts[:sections]).split()) == "".join(handout.split())
    assert all(text.startswith("## ") for text in texts[1:])


def test_a_starters_trial_fails_without_keeping_the_check_from_running() -> None:
    cells = notebook(find.lab("lab10")).cells
    (trial,) = (cell for cell in cells if "__main__" in cell.source)
    assert trial.metadata.tags == ["raises-exception"]
    assert cells.index(trial) < len(cells) - 1


def test_the_same_lab_makes_the_same_notebook() -> None:
    lab = find.lab("lab2")
    assert nbformat.writes(notebook(lab)) == nbformat.writes(notebook(lab))


@pytest.mark.parametrize("name", ["lab10", "lab12"])
def test_a_made_notebook_earns_nothing_and_a_solved_one_everything(
    name: str, launcher: Launcher, tmp_path: Path
) -> None:
    lab = find.lab(name)
    for solution, points in ((False, 0), (True, lab.maximum)):
        path = tmp_path / f"{solution}.ipynb"
        write(notebook(lab, solution=solution), path)
        graded = pipeline.grade(lab, path, tmp_path / str(solution), launcher)
        lost = [result.check.name for result in graded.grade.results if not result.points]
        assert graded.grade.points - sum(
            result.points for result in graded.grade.results if result.check.bonus
        ) == pytest.approx(points), lost


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.ipynb"
    path.write_text("my work")
    with pytest.raises(UsageError, match="your work may be in it"):
        write(notebook(find.lab("lab10")), path)
    assert path.read_text() == "my work"


@pytest.mark.parametrize(
    ("name", "error"), [("mine.py", UsageError), ("nowhere/mine.ipynb", StorageError)]
)
def test_where_it_cannot_be_written_it_is_said(
    name: str, error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        write(notebook(find.lab("lab10")), tmp_path / name)


def test_a_students_copy_makes_it_from_the_starter_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = find.lab("lab10")
    expected = sources(notebook(lab), "code")
    (tmp_path / "labs" / lab.folder).mkdir(parents=True)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "labs" / lab.folder / ".starter").write_text(starter(source(lab)), encoding="utf-8")
    monkeypatch.setenv("LABKIT_ROOT", str(tmp_path))
    assert sources(notebook(lab), "code") == expected
    with pytest.raises(UsageError, match="solutions are not in this copy"):
        notebook(lab, solution=True)
