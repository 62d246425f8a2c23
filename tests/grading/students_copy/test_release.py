"""The students' copy: whole enough to work in, and without a line of a solution."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from labkit.errors import ContentError, UsageError
from labkit.grading.students_copy.handout import makefile, readme
from labkit.grading.students_copy.leaks import leaks
from labkit.grading.students_copy.release import PRISTINE, release, solutions
from labkit.root import root
from labkit.rubric import find
from labkit.rubric.starter import starter


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real release of this checkout; tests leave it as it is."""
    return release(tmp_path_factory.mktemp("release") / "students").path


@pytest.fixture
def small(copy: Path, tmp_path: Path) -> Path:
    """A copy to spoil, without the large data."""
    target = tmp_path / "students"
    shutil.copytree(copy, target, ignore=shutil.ignore_patterns("*.xz", "labkit"))
    return target


def run(copy: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, run by the copy's own code."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("LABKIT_")}
    environ = {**inherited, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "labkit", *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=copy.parent,
        env={**environ, "LABKIT_LANG": "en", "PYTHONUTF8": "1", **environment},
    )


def test_no_three_lines_of_a_solution_are_in_any_file(copy):
    """Looked at by plainer means than those that are to be proved."""

    def triples(lines: list[str]) -> set[tuple[str, ...]]:
        code = [line.strip() for line in lines if len(line.strip()) > 3]
        return {tuple(code[start : start + 3]) for start in range(len(code) - 2)}

    cuts = [cut for source in solutions().values() for cut in source.split("# cut:")[1:]]
    bodies = [cut.split("# end cut")[0].split("\n")[1:] for cut in cuts]
    known = set().union(
        *(triples([line for line in body if not line.strip().startswith("#")]) for body in bodies)
    )
    assert len(known) > 20
    looked_at = 0
    for path in copy.rglob("*"):
        if path.is_file() and path.suffix not in (".xz", ".png", ".mo", ".h5"):
            looked_at += 1
            assert not known & triples(path.read_text(encoding="utf-8").split("\n")), path
    assert looked_at > 50


def test_the_kits_own_models_are_in_it_and_no_others(copy, small):
    assert {path.name for path in copy.rglob("*.h5")} == {"dense.h5", "classifier.h5"}
    shutil.copy(copy / "datasets/mnist/dense.h5", small / "labs/lab02_mnist/model.h5")
    assert [leak.file for leak in leaks(small, solutions())][:1] == ["labs/lab02_mnist/model.h5"]


def test_the_proof_finds_nothing_in_a_release(copy):
    assert list(leaks(copy, solutions())) == []


def test_only_what_students_need_is_there(copy):
    assert {path.name for path in copy.iterdir()} == {
        *(".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.es.md", "README.md"),
        *("datasets", "docs", "examples", "labkit", "labs", "pyproject.toml", "setup.cfg"),
    }
    everything = [path.relative_to(copy).as_posix() for path in copy.rglob("*")]
    assert not [
        name for name in everything if re.search(r"__pycache__|\.git/|mutant.*\.(?!py)|runs/", name)
    ]
    assert not any(path.is_symlink() for path in copy.rglob("*"))


def test_starters_are_fresh_and_kept_to_begin_anew(copy):
    for lab in find.labs():
        fresh = starter(find.solution(lab).read_text(encoding="utf-8"))
        folder = copy / "labs" / lab.folder
        assert (folder / f"{lab.slug}.py").read_text(encoding="utf-8") == fresh
        assert (folder / PRISTINE).read_text(encoding="utf-8") == fresh


def test_an_edited_starter_of_the_checkout_does_not_get_out(tmp_path, monkeypatch):
    checkout = tmp_path / "checkout"
    for part in ("labs", "solutions", "docs", "labkit/locale"):
        shutil.copytree(root() / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "README.es.md", "Makefile", "setup.cfg"):
        shutil.copy(root() / name, checkout / name)
    (checkout / "datasets").mkdir()
    solution = (checkout / "solutions" / "lab02_mnist.py").read_text(encoding="utf-8")
    (checkout / "labs" / "lab02_mnist" / "mnist.py").write_text(solution, encoding="utf-8")
    (checkout / "labs" / "lab02_mnist" / "mnist.backup-1.py").write_text(solution, encoding="utf-8")
    monkeypatch.setenv("LABKIT_ROOT", str(checkout))
    made = release(tmp_path / "out")
    mine = made.path / "labs" / "lab02_mnist"
    assert (mine / "mnist.py").read_text(encoding="utf-8") == starter(solution)
    assert not list(mine.glob("*backup*"))


def test_the_command_works_in_the_copy(copy):
    done = run(copy, "list")
    assert done.returncode == 0, done.stderr
    assert all(lab.name in done.stdout for lab in find.labs())


def test_a_copy_cannot_be_released_again(copy, tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_ROOT", str(copy))
    with pytest.raises(UsageError, match="no solutions"):
        release(tmp_path / "again")


@pytest.mark.parametrize("occupied", ["folder", "file"])
def test_what_is_there_already_is_left_alone(tmp_path, occupied):
    target = tmp_path / "students"
    if occupied == "folder":
        target.mkdir()
        (target / "mine.txt").write_text("mine")
    else:
        target.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        release(target)
    assert [path.name for path in tmp_path.iterdir()] == ["students"]


def test_a_copy_can_be_one_file(tmp_path):
    made = release(tmp_path / "new" / "students.zip", zipped=True)
    assert made.path == tmp_path / "new" / "students.zip"
    assert list(made.path.parent.iterdir()) == [made.path]
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert len(names) == made.files
    assert "students/labs/lab02_mnist/mnist.py" in names


CUT = """\
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
    return model.fit(
        x,
        y,
        epochs=10,
        batch_size=64,
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/notes.md", CUT),
        ("labs/lab03_fashion/mine.py", CUT.replace("    ", "\t\t")),
        ("labs/lab02_mnist/README.md", "\n".join(f"# {line}" for line in CUT.split("\n"))),
        ("labs/old.ipynb", "".join(f'"{line}\\n",\r\n' for line in CUT.split("\n"))),
        ("labs/lab02_mnist/short.py", "return model.predict(x, verbose=0).argmax(axis=1)\n"),
    ],
)
def test_lines_of_a_solution_are_caught_wherever_they_are(small, name, text):
    (small / name).write_text(text, encoding="utf-8")
    (found,) = leaks(small, solutions())
    assert found.file == name
    assert "lines of the solution lab02_mnist" in str(found.what)
    assert found.line == 1


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("labs/lab02_mnist/extra.py", "def f():\n    # cut: Return it.\n", "cut mark"),
        ("labs/lab02_mnist/extra.py", "x = 1\nMUTANTS = ()\n", "wrong answers"),
        ("class.toml", "", "not for students"),
        ("docs/Gradebook.csv", "", "not for students"),
        ("seed.txt", "4711", "not for students"),
        ("docs/gradebook.sqlite", "", "not for students"),
        ("labs/lab02_mnist/model.h5", "", "not for students"),
        ("labs/unknown.bin", "\0", "Nobody can tell"),
        ("solutions/x.py", "", "Such a folder"),
        ("labs/.git/config", "", "Such a folder"),
    ],
)
def test_other_things_not_for_students_are_caught(small, name, text, what):
    (small / name).parent.mkdir(exist_ok=True)
    (small / name).write_text(text, encoding="utf-8")
    assert [what in str(leak.what) for leak in leaks(small, solutions())] == [True]


def test_a_link_is_caught(small):
    try:
        (small / "labs" / "mine").symlink_to(root() / "solutions", target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    assert [str(leak.what) for leak in leaks(small, solutions())] == ["It is a link."]


def test_a_copy_that_would_leak_is_not_left_behind(tmp_path, monkeypatch):
    checkout = tmp_path / "checkout"
    for part in ("labs", "solutions"):
        shutil.copytree(root() / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "README.es.md", "Makefile"):
        shutil.copy(root() / name, checkout / name)
    (checkout / "datasets").mkdir()
    shutil.copy(
        checkout / "solutions" / "lab02_mnist.py", checkout / "labs" / "lab02_mnist" / "answer.py"
    )
    monkeypatch.setenv("LABKIT_ROOT", str(checkout))
    with pytest.raises(ContentError, match=r"labs/lab02_mnist/answer\.py:\d+"):
        release(tmp_path / "out" / "students")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_students_makefile_has_their_targets_only(copy):
    text = (copy / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([\w%]+):", text, re.MULTILINE)
    assert targets == ["help", "install", "lab%", "clean"]
    assert ".PHONY: help install clean\n" in text
    assert "labkit run lab$*" in text


def test_a_makefile_without_a_students_target_is_a_fault():
    with pytest.raises(ContentError, match="lab%"):
        makefile("help:\n\techo\n\ninstall:\n\techo\n")


def test_the_students_readme_speaks_of_nothing_they_lack(copy):
    for name, heading in (("README.md", "## Setting up"), ("README.es.md", "## ")):
        text = (copy / name).read_text(encoding="utf-8")
        assert heading in text
        assert "make lab2" in text
        for lacking in ("make demo", "make test", "make verify", "--solution", "tests/", "solutions/"):
            assert lacking not in text
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert (copy / link).is_file(), link


def test_a_readme_without_a_students_section_is_a_fault():
    with pytest.raises(ContentError, match="The labs"):
        readme("# labkit\n\n## A student's first five minutes\n\nx\n", "en")


def test_the_copy_says_that_it_has_no_solution_to_run(copy):
    done = run(copy, "run", "lab2", "--solution")
    assert done.returncode == 2
    assert "The solutions are not in this copy of the kit." in done.stderr
    assert not (copy / "runs").exists()


def test_a_lab_can_be_begun_anew_in_the_copy(small, copy):
    mine = small / "labs" / "lab02_mnist" / "mnist.py"
    fresh = mine.read_text(encoding="utf-8")
    mine.write_text("# mine\n", encoding="utf-8")
    assert run(copy, "reset", "lab2", LABKIT_ROOT=str(small)).returncode == 0
    assert mine.read_text(encoding="utf-8") == fresh
