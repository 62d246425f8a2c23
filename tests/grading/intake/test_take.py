from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from labkit.errors import SubmissionError, UsageError
from labkit.grading.intake import digest, take
from labkit.rubric.lab import Lab

CODE = "def define():\n    return 1\n"


def test_a_python_file_is_run_where_it_lies(handed: Any) -> None:
    path = handed("mnist.py")
    taken = take(path)
    assert (taken.path, taken.kind, taken.notes) == (path, "python", ())
    assert taken.sha256 == hashlib.sha256(CODE.encode()).hexdigest()


def test_a_folder_with_one_is_run_where_it_lies(handed: Any) -> None:
    path = handed("mnist.py")
    assert take(path.parent).path == path


@pytest.mark.parametrize("name", ["práctica 2 (1).py", "mi tarea.py", "MNIST.PY", "数字.py"])
def test_names_as_people_give_them_do(name: str, handed: Any, into: Path) -> None:
    assert take(handed(name), into, copy=True).path == into / name


def test_a_copy_is_run_where_one_is_asked_for(handed: Any, into: Path, lab: Lab) -> None:
    handed("task/mnist.py")
    handed("task/parts/layers.py", "x = 1\n")
    taken = take(handed("task/mnist.py").parent, into, copy=True, lab=lab)
    assert taken.path == into / "task" / "mnist.py"
    assert (into / "task" / "parts" / "layers.py").read_text() == "x = 1\n"


def test_a_copy_without_a_folder_for_it_is_a_mistake_of_the_caller(handed: Any) -> None:
    with pytest.raises(UsageError):
        take(handed("a.py"), copy=True)


@pytest.mark.parametrize("name", ["a.zip", "a.ipynb"])
def test_what_must_be_written_somewhere_needs_a_folder(name: str, handed: Any, make: Any) -> None:
    content = make.zip({"a.py": CODE}) if name.endswith("zip") else make.notebook(CODE)
    with pytest.raises(UsageError):
        take(handed(name, content))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_copy_follows_no_link(handed: Any, into: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("password = 1")
    folder = handed("task/mnist.py").parent
    (folder / "other.py").symlink_to(tmp_path / "secret.py")
    (folder / "up").symlink_to(tmp_path)
    taken = take(folder, into, copy=True)
    assert [str(note) for note in taken.notes] == [
        "other.py was left out: it is no plain file.",
        "up was left out: it is no plain file.",
    ]
    assert [path.name for path in (into / "task").iterdir()] == ["mnist.py"]
    (tmp_path / "link.py").symlink_to(tmp_path / "secret.py")
    with pytest.raises(SubmissionError):
        take(tmp_path / "link.py", into, copy=True)
    assert take(tmp_path / "link.py").path.read_text() == "password = 1"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_nobody_waits_for_a_pipe(tmp_path: Path, into: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(SubmissionError):
        take(tmp_path / "a.py", into, copy=True)


def test_an_archive_in_a_folder_is_unpacked(handed: Any, make: Any, into: Path) -> None:
    path = handed("lab2.zip", make.zip({"lab2/mnist.py": CODE}))
    assert take(path.parent, into, copy=True).path == into / "lab2" / "lab2" / "mnist.py"


def test_an_archive_within_an_archive_is_left_packed(handed: Any, make: Any, into: Path) -> None:
    inner = make.zip({"more.py": CODE})
    taken = take(handed("a.zip", make.zip({"mnist.py": CODE, "in.zip": inner})), into)
    assert taken.path.name == "mnist.py"
    assert "in.zip was left packed" in str(taken.notes[0])
    with pytest.raises(SubmissionError, match="an archive within an archive"):
        take(handed("b.zip", make.zip({"in.zip": inner})), into)


def test_several_files_of_one_student_come_to_lie_together(
    handed: Any, make: Any, into: Path, lab: Lab
) -> None:
    sources = [
        handed("1/mnist.py"),
        handed("2/layers.py", "x = 1\n"),
        handed("3/layers.py", "x = 2\n"),
        handed("4/notes.zip", make.zip({"read.me": "?"})),
    ]
    taken = take(sources, into, lab=lab, copy=True)
    assert taken.path == into / "mnist.py"
    assert {path.name for path in into.iterdir()} == {
        "mnist.py",
        "layers.py",
        "layers (2).py",
        "notes",
    }


def test_a_lone_model_is_taken(handed: Any, into: Path) -> None:
    taken = take(handed("model.h5", b"\x89HDF\r\n\x1a\n..."), into, copy=True)
    assert (taken.path, taken.kind) == (into / "model.h5", "model")


def test_code_goes_before_a_model(handed: Any) -> None:
    handed("model.h5", b"\x89HDF\r\n\x1a\n...")
    assert take(handed("a.py").parent).kind == "python"


def test_nothing_is_left_behind_after_a_refusal(handed: Any, make: Any, into: Path) -> None:
    into.mkdir()
    (into / "mine.txt").write_text("mine")
    content = make.zip({"mnist.py": CODE, "../out.py": CODE})
    with pytest.raises(SubmissionError):
        take([handed("a.py"), handed("a.zip", content)], into, copy=True)
    assert [path.name for path in into.iterdir()] == ["mine.txt"]
    assert (into / "mine.txt").read_text() == "mine"


def test_what_lies_there_is_not_written_over(handed: Any, into: Path) -> None:
    into.mkdir()
    (into / "a.py").write_text("mine")
    assert take(handed("a.py"), into, copy=True).path == into / "a (2).py"
    assert (into / "a.py").read_text() == "mine"


def test_a_digest_is_of_content_and_names_alone(handed: Any) -> None:
    def folder(name: str, **files: str) -> Path:
        for file, content in files.items():
            handed(f"{name}/{file}.py", content)
        return handed(f"{name}/.DS_Store", name).parent

    one = folder("one", a="1", b="2")
    assert digest([one]) == digest([folder("two", b="2", a="1")])
    assert digest([one]) == digest([one / "b.py", one / "a.py"])
    for other in (folder("3", a="2", b="1"), folder("4", a="1", c="2"), folder("5", a="1")):
        assert digest([one]) != digest([other])


def test_a_digest_unpacks_nothing(handed: Any, make: Any) -> None:
    content = make.zip({"a.py": CODE})
    assert digest([handed("a.zip", content)]) == hashlib.sha256(content).hexdigest()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_digest_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.py").write_text("1")
    (tmp_path / "in" / "a.py").symlink_to(tmp_path / "out.py")
    before = digest([tmp_path / "in"])
    (tmp_path / "out.py").write_text("2")
    assert digest([tmp_path / "in"]) == before


def test_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="There is no file"):
        take(tmp_path / "none.py")
    with pytest.raises(SubmissionError, match="Nothing was handed in"):
        take([])
