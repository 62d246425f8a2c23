from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from labkit.errors import SubmissionError
from labkit.grading.intake import take
from labkit.grading.intake.magics import Gone, plain_python
from labkit.grading.intake.notebook import convert
from labkit.grading.notebooks.collected import as_notebook
from labkit.rubric.evidence import Use


def test_cells_become_one_file(handed: Any, make: Any, into: Path) -> None:
    path = handed("mnist.ipynb", make.notebook("x = 1", ["def define():\n", "    return x"]))
    taken = take(path, into)
    assert (taken.path, taken.kind) == (into / "mnist.py", "notebook")
    assert taken.path.read_text() == (
        "# %% cell 1\nx = 1\n\n# %% cell 2\ndef define():\n    return x\n"
    )


def test_a_notebook_in_an_archive_keeps_its_neighbours(handed: Any, make: Any, into: Path) -> None:
    content = make.zip({"lab/a.ipynb": make.notebook("import b"), "lab/data.csv": "1"})
    path = take(handed("a.zip", content), into).path
    assert path.name == "a.py"
    assert (path.parent / "data.csv").exists()


@pytest.mark.parametrize(
    ("cell", "code", "gone"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1", {Gone.MAGIC}),
        ("!pip install \\\n  keras\nx = 1", "# !pip install \\\n#   keras\nx = 1", {Gone.SHELL}),
        ("files = !ls", "# files = !ls", {Gone.SHELL}),
        ("a, b[0] = %who", "# a, b[0] = %who", {Gone.MAGIC}),
        ("keras.Model?", "# keras.Model?", {Gone.HELP}),
        ("??fit", "# ??fit", {Gone.HELP}),
        ("if x:\n    !ls", "if x:\n    pass  # !ls", {Gone.SHELL}),
        ("%%bash\nls\n\necho", "# %%bash\n# ls\n#\n# echo", {Gone.CELL}),
        ("\n%%time\nx = 1", "\n# %%time\nx = 1", {Gone.MAGIC}),
        ("%%timeit -n 3\nf()", "# %%timeit -n 3\nf()", {Gone.MAGIC}),
        ("%%capture out\nf()", "# %%capture out\nf()", {Gone.MAGIC}),
        ("%time h = fit()", "h = fit()", {Gone.MAGIC}),
        ("%timeit fit()", "# %timeit fit()", {Gone.MAGIC}),
        ('!echo "it\'s"\n%who', '# !echo "it\'s"\n# %who', {Gone.SHELL, Gone.MAGIC}),
    ],
)
def test_what_is_not_python_is_commented_out(cell: str, code: str, gone: set[Gone]) -> None:
    assert plain_python(cell) == (code, gone)


@pytest.mark.parametrize(
    "cell",
    [
        "x = (10\n% 3)",
        'x = """\n%who\n!ls\nwhat?\n"""',
        "x = 10 \\\n% 3",
        "x = '\\\n%d' % 3",
        "x = r'\\'\ny = {\n# (\n}\nz = a != b",
        "x = '%d' % 3  # 'what?",
        "x: int = 3 % 2; y = x == 3",
        "f(a=1,\n  b=x\n  %2)",
        "x = '''a\\''' '''\ny = 1",
        "'unclosed\ny = 1",
    ],
)
def test_what_is_python_stays_as_it_is(cell: str) -> None:
    assert plain_python(cell) == (cell, frozenset())


def test_each_kind_of_thing_taken_out_has_one_note_that_names_the_cells(make: Any) -> None:
    content = make.notebook("!ls\n!ls", "x = 1", "!ls\nx?", "%who", "%%html\n<b>")
    assert [str(note) for note in convert(content, "a.ipynb").notes] == [
        "Cells that begin with %% were left out as a whole (cells: 5).",
        "Lines that begin with % were left out, because they are not Python (cells: 4).",
        "Commands for the shell (!) were left out, so nothing is installed (cells: 1, 3).",
        "Questions to the help (?) were left out (cells: 3).",
    ]


def test_cells_that_ask_for_input_are_named(handed: Any, make: Any, into: Path) -> None:
    path = handed("a.ipynb", make.notebook("x = 1", "n = input()\n\nm = input()", "input"))
    notes = take(path, into).notes
    assert [str(note) for note in notes] == [
        "Nobody answers input() here, it returns an empty text (cells: 2)."
    ]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["x = 1", "y = 1\nz = )"], r"cell 2, line 2: unmatched '\)'"),
        (["x = 1", "await x"], "Only a notebook can wait"),
        (["", "  \n"], "no cell with code"),
        ([], "no cell with code"),
        (["x = '\0'"], "null bytes"),
    ],
)
def test_what_cannot_be_run_says_where(
    cells: list[str], said: str, handed: Any, make: Any, into: Path
) -> None:
    with pytest.raises(SubmissionError, match=said):
        take(handed("a.ipynb", make.notebook(*cells)), into)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["x = 1", "def f():", "# note", "y = 2"], "cell 2, line 1: .*on line 1 "),
        (["x = 1\ny = (1,", "def f():\n    pass"], "cell 1, line 2: "),
        (["x = 1", "x = 2\ns = '''abc", "y = 1", "t = '''d'''"], "cell 2, line 2: unterminated"),
        (["%matplotlib inline\nx = 1\ny = [1,\n2)"], "cell 1, line 4: .* on line 3 "),
        (["x = 1", "", "  ", "y = )"], "cell 2, line 1: "),
        (["x = 1", "else:\n    y = 1"], "cell 2, line 1: "),
        (["import os", "from __future__ import annotations"], "cell 2, line 1: "),
    ],
)
def test_a_cell_that_python_cannot_read_is_named_with_lines_of_its_own(
    cells: list[str], said: str, handed: Any, make: Any, into: Path
) -> None:
    with pytest.raises(SubmissionError, match=said):
        take(handed("a.ipynb", make.notebook(*cells)), into)


def test_what_a_notebook_uses_is_told_by_its_cells(handed: Any, make: Any, into: Path) -> None:
    cells = ("import numpy as np", "", "%matplotlib inline\n\ndef f(x):\n    return np.convolve(x, x)")
    taken = take(handed("a.ipynb", make.notebook(*cells)), into)
    assert Use("numpy.convolve", 4, "f", cell=2) in taken.uses
    assert taken.name == "a.ipynb"


_CELLS = st.lists(st.lists(st.sampled_from(["x = 1", "", "# y", "f(", "%who", "\x0c"]), max_size=4))


@given(_CELLS)
def test_every_cell_can_be_read_back_by_itself(cells: list[list[str]]) -> None:
    written = [cell for cell in map("\n".join, cells) if cell.strip()]
    assume(written)
    converted = convert(as_notebook(written).encode(), "a.ipynb")
    found = [converted.cell(number).rstrip() for number in range(1, len(written) + 1)]
    assert found == [plain_python(cell)[0].rstrip() for cell in written]
    lines = converted.source.split("\n")
    for number, (start, cell) in enumerate(zip(converted.starts, found), 1):
        for line, text in enumerate(cell.split("\n"), 1):
            assert lines[start + line - 2].rstrip() == text.rstrip()
            assert str(converted.where(start + line - 1)) == f"cell {number}, line {line}"


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"language_info": {"name": "julia"}},
        {"kernelspec": {"name": "julia-1.9"}},
    ],
)
def test_another_language_is_refused(metadata: dict[str, Any], make: Any) -> None:
    with pytest.raises(SubmissionError, match="another language"):
        convert(make.notebook("x <- 1", **metadata), "a.ipynb")


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": {"name": "python3", "language": "python"}}, {"kernelspec": 3}, {"kernelspec": {}}],
)
def test_python_and_nothing_said_are_taken(metadata: dict[str, Any], make: Any) -> None:
    assert "x = 1" in convert(make.notebook("x = 1", **metadata), "a.ipynb").source


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"cells": [{"cell_type": "co', "half a download"),
        (b"x = 1", "is no notebook"),
        (b"%PDF-1.7", "a PDF document"),
        (b"[1, 2]", "is no notebook"),
        (b'{"nbformat": 4}', "is no notebook"),
        (b'{"cells": ' + b"[" * 100_000, "is no notebook"),
        (b'{"cells": [' + b"1," * 3_000_001 + b"1]}", "too much besides code"),
        (b'{"cells": {"a": 1}}', "no cell with code"),
        (
            b'{"cells": [1, {"cell_type": []}, {"cell_type": "code", "source": {}}]}',
            "no cell with code",
        ),
    ],
)
def test_what_is_no_notebook_says_why(content: bytes, said: str) -> None:
    with pytest.raises(SubmissionError, match=said):
        convert(content, "a.ipynb")


def test_format_3_is_read() -> None:
    sheet = {"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python"}]}
    content = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [sheet]}).encode()
    assert convert(content, "a.ipynb").source == "# %% cell 1\nx = 1\ny = 2\n"


def test_too_much_code_is_refused_before_any_of_it_is_converted(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labkit.grading.intake.notebook.plain_python", None)
    with pytest.raises(SubmissionError, match="more than 5 MB of code"):
        convert(make.notebook("x = 1\n" * 500_000, "y = 1\n" * 500_000), "a.ipynb")


def test_pictures_in_outputs_do_not_matter(handed: Any, make: Any, into: Path) -> None:
    content = json.loads(make.notebook("x = 1"))
    content["cells"][0]["outputs"] = [{"data": {"image/png": "A" * 20_000_000}}]
    assert take(handed("a.ipynb", json.dumps(content)), into).path.stat().st_size < 100


@pytest.mark.parametrize("version", [3, 4])
def test_what_nbformat_writes_is_read(version: int) -> None:
    nbformat = pytest.importorskip("nbformat")
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Título"),
            nbformat.v4.new_code_cell("x = '%'\n%who"),
            nbformat.v4.new_code_cell("y = 2"),
        ]
    )
    text = nbformat.writes(made, version=version) if version == 4 else _third(nbformat, made)
    source = convert(text.encode("utf-8"), "a.ipynb").source
    assert source == "# %% cell 1\nx = '%'\n# %who\n\n# %% cell 2\ny = 2\n"


def _third(nbformat: Any, made: Any) -> str:
    from nbformat.v4 import downgrade  # to 3

    return json.dumps(downgrade(made))


def test_halves_of_characters_are_replaced(make: Any) -> None:
    source = convert(make.notebook("x = '\ud800'"), "a.ipynb").source
    assert ast.parse(source.encode("utf-8"))


@pytest.mark.parametrize(
    "line", ["%labkit check", "%load_ext labkit", "%reload_ext  labkit", "%labkit use lab2 --lang es"]
)
def test_the_kits_own_magics_are_taken_out_without_a_word(line: str) -> None:
    assert plain_python(f"{line}\nx = 1") == (f"# {line}\nx = 1", frozenset())


@pytest.mark.parametrize("line", ["%labkitten", "%load_ext labkitten", "%load_ext autoreload"])
def test_other_magics_are_told(line: str) -> None:
    assert plain_python(line) == (f"# {line}", frozenset({Gone.MAGIC}))
