"""A notebook whose code raises, from its file to everything that is said of it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from nbformat import v4, writes
from rich.console import Console

from labkit.grading.intake.notebook import convert
from labkit.grading.pipeline import Graded, grade
from labkit.i18n import speaking
from labkit.report import files, in_notebook, terminal, watching
from labkit.report.files import Paths
from labkit.rubric import find
from labkit.sandbox.launch import Launcher

CELLS = (
    "%matplotlib inline\nimport numpy as np",
    "def helper(x):\n    # a note\n    return x[7]",
    "",
    "%%bash\nls",
    "%time answer = 42\n\n\ndef step(net):\n    return helper(\n        np.zeros(3)\n    )",
)
"""With one of Markdown before and between; the one without code counts for nothing."""


def handed_in(folder: Path, *cells: str) -> Path:
    made = v4.new_notebook()
    for number, cell in enumerate(cells):
        made.cells += [v4.new_markdown_cell(f"## Part {number}\n\ntext"), v4.new_code_cell(cell)]
    path = folder / "mine.ipynb"
    path.write_text(writes(made), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def raised(launcher: Launcher, tmp_path_factory: pytest.TempPathFactory) -> tuple[Graded, Paths]:
    """What became of the notebook, and the files of its run."""
    folder = tmp_path_factory.mktemp("raised")
    path = handed_in(folder, *CELLS)
    graded = grade(find.lab("lab10"), path, folder / "run", launcher)
    return graded, files.write(graded.grade, graded.evidence, folder / "run")


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_verdict_names_the_cell_of_the_helper_that_raised(raised: tuple[Graded, Paths]) -> None:
    message = raised[0].grade.results[0].verdict.message
    assert "step raised IndexError" in str(message)
    assert str(message).endswith("(cell 2, line 3: return x[7])")
    with speaking("es"):
        assert str(message).endswith("(celda 2, línea 3: return x[7])")


def test_the_evidence_has_every_frame_with_its_cell(raised: tuple[Graded, Paths]) -> None:
    lines = raised[0].evidence.main.step("step").error["lines"]
    assert [(frame["cell"], frame["line"]) for frame in lines] == [(4, 5), (2, 3)]
    assert [frame["code"] for frame in lines] == ["return helper(", "return x[7]"]


def test_terminal_page_and_notebook_show_the_frames_by_their_cells(
    raised: tuple[Graded, Paths],
) -> None:
    (graded, paths), out = raised, io.StringIO()
    terminal.show(graded.grade, graded.evidence, Console(file=out, width=80), paths=paths)
    shown = in_notebook.verdict(graded.grade, graded.evidence, paths, file="mine.ipynb")
    page = paths.report.read_text(encoding="utf-8")
    for said in (out.getvalue(), shown["text/plain"], shown["text/html"], page):
        assert "cell 4, line 5: return helper( cell 2, line 3: return x[7]" in one_line(said)
    assert "mine.ipynb" in page
    assert "mine.py" not in page  # which the student never saw


def test_the_log_names_cells_as_well(raised: tuple[Graded, Paths]) -> None:
    log = (raised[1].folder / "log.txt").read_text(encoding="utf-8")
    assert "Cell 4, line 5, in step" in log
    assert "Cell 2, line 3, in helper" in log
    assert "mine.py" not in log


def test_the_record_that_class_reports_are_made_of_names_the_cell(
    raised: tuple[Graded, Paths],
) -> None:
    record = json.loads(raised[1].grade.read_text(encoding="utf-8"))
    assert "(cell 2, line 3: return x[7])" in record["checks"][0]["message"]
    assert record["provenance"]["submission"] == "mine.ipynb"


def test_watch_shows_the_cells_too(raised: tuple[Graded, Paths]) -> None:
    graded, out = raised[0], io.StringIO()
    view = watching.View(
        graded.grade.lab,
        "mine.ipynb",
        steps=graded.evidence.main.steps,
        failure=graded.grade.results[0],
        grade=graded.grade,
    )
    Console(file=out, width=80).print(watching.screen(view, "utf-8"))
    assert "cell 2, line 3: return x[7]" in one_line(out.getvalue())


def test_an_error_at_the_top_of_a_cell_is_the_imports(launcher: Launcher, tmp_path: Path) -> None:
    path = handed_in(tmp_path, "%load_ext autoreload\nx = 1", "y = 2\n!ls\nz = y / 0")
    graded = grade(find.lab("lab10"), path, tmp_path / "run", launcher)
    assert "(cell 2, line 3: z = y / 0)" in str(graded.grade.results[0].verdict.message)


def test_a_plain_file_that_looks_like_a_converted_notebook_keeps_its_lines(
    launcher: Launcher, tmp_path: Path
) -> None:
    path = tmp_path / "neuron.py"
    path.write_text(convert(handed_in(tmp_path, *CELLS).read_bytes(), "a").source, encoding="utf-8")
    graded = grade(find.lab("lab10"), path, tmp_path / "run", launcher)
    assert "(line 8: return x[7])" in str(graded.grade.results[0].verdict.message)
