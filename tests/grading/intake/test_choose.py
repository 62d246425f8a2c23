from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labkit.errors import SubmissionError
from labkit.grading.intake import take
from labkit.rubric.lab import Lab

CODE = "def define():\n    return 1\n"


def test_of_several_the_one_that_defines_a_step_is_run(handed: Any, lab: Lab) -> None:
    handed("a.py", "x = 1\n")
    path = handed("b.py", "def fit(model, x, y): ...\n")
    taken = take(path.parent, lab=lab)
    assert taken.path == path
    assert [str(note) for note in taken.notes] == ["b.py is the file that was run; not these: a.py."]


def test_a_step_inside_a_class_is_none(handed: Any, lab: Lab) -> None:
    handed("a.py", "class Model:\n    def fit(self): ...\n")
    path = handed("b.py", "def fit(model, x, y): ...\n")
    assert take(path.parent, lab=lab).path == path


@pytest.mark.parametrize("name", ["mnist.py", "MNIST.py", "mnist (1).py", "mnist-2.py"])
def test_where_several_do_the_name_decides(name: str, handed: Any, lab: Lab) -> None:
    handed("old.py", "def define(): return 2\n")
    path = handed(name)
    assert take(path.parent, lab=lab).path == path


def test_the_exact_name_goes_before_a_later_download(handed: Any, lab: Lab) -> None:
    handed("mnist (1).py", "def define(): return 2\n")
    path = handed("mnist.py")
    assert take(path.parent, lab=lab).path == path


def test_a_file_that_cannot_be_read_still_counts_for_what_it_defines(handed: Any, lab: Lab) -> None:
    handed("a.py", "x = 1\n")
    path = handed("b.py", "def define():\n    return (\n")
    with pytest.raises(SubmissionError, match=r"b\.py, line 2"):
        take(path.parent, lab=lab)


def test_what_is_wrong_with_a_file_not_run_does_not_matter(handed: Any, lab: Lab) -> None:
    handed("a.py", "x = (\n")
    path = handed("b.py")
    assert take(path.parent, lab=lab).path == path


def test_several_are_listed_where_nothing_decides(handed: Any, lab: Lab) -> None:
    for number in range(7):
        path = handed(f"{number}.py", f"x = {number}\n")
    with pytest.raises(SubmissionError, match=r"7 files .*: 0\.py, 1\.py, 2\.py, 3\.py, 4\.py…\."):
        take(path.parent, lab=lab)
    with pytest.raises(SubmissionError, match="7 files"):
        take(path.parent)


def test_the_same_file_twice_is_one(handed: Any) -> None:
    assert take(handed("a.py").parent).path == take([handed("a.py"), handed("b/a.py")]).path


def test_a_script_goes_before_the_notebook_it_was_made_from(
    handed: Any, make: Any, lab: Lab, into: Path
) -> None:
    handed("mnist.ipynb", make.notebook(CODE))
    path = handed("mnist.py")
    assert take(path.parent, into, lab=lab).path == path


@pytest.mark.parametrize(
    "name",
    [".hidden.py", "__MACOSX/._a.py", "__pycache__/a.py", ".ipynb_checkpoints/a.ipynb", "venv/a.py"],
)
def test_what_programs_leave_is_ignored(name: str, handed: Any, tmp_path: Path) -> None:
    handed(name, "x = 1\n")
    path = handed("b.py")
    assert take(tmp_path / "handed").path == path


def test_an_environment_is_ignored_whatever_its_name(handed: Any, tmp_path: Path) -> None:
    handed("entorno/pyvenv.cfg", "home = /usr/bin\n")
    handed("entorno/lib/a.py", "x = 1\n")
    path = handed("b.py")
    assert take(tmp_path / "handed").path == path


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["informe.docx"], r"it is a \.docx file"),
        (["tarea"], "has no ending"),
        (["a.docx", "b.png"], r"only a\.docx, b\.png"),
        (["a.keras"], r"save.*model\.h5"),
        (["a.rar"], r"A \.zip was expected"),
        (["a.7z", "b.txt"], r"A \.zip was expected"),
        (["a.h5", "b.h5"], "2 files that could be meant"),
        ([".DS_Store"], "There is nothing in"),
    ],
)
def test_what_was_found_instead_is_said(
    files: list[str], said: str, handed: Any, tmp_path: Path
) -> None:
    for name in files:
        handed(name, f"{name}")
    with pytest.raises(SubmissionError, match=said):
        take(tmp_path / "handed")


def test_an_empty_model_is_none(handed: Any) -> None:
    with pytest.raises(SubmissionError, match="is empty"):
        take(handed("a.h5", b""))


def test_too_many_files_in_a_folder_are_not_looked_through(tmp_path: Path) -> None:
    for number in range(2_001):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(SubmissionError, match="more than 2000 files"):
        take(tmp_path)
