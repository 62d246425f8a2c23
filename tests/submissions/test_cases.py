"""The corpus itself: every case can be made, says what it is, and is what it says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from labkit.root import root
from labkit.rubric import find
from tests.submissions import CASES, FAMILIES, HONEST_POINTS, Hostile, honest
from tests.submissions.base import BEFORE, python, source
from tests.submissions.modelfile import model_file
from tests.submissions.prelude import escaper

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="names and kinds of files that Windows does not know"
)

LARGEST = 6 * 2**20  # bytes; one case is a file too large for an answer, of 6 MB
BY_NAME = pytest.mark.parametrize("case", [honest(), *CASES], ids=lambda case: case.name)
BROKEN_ON_PURPOSE = {case.name for case in FAMILIES["encodings"] + FAMILIES["notebooks"]}


def size(path: Path) -> int:
    """Bytes on disk; links are not followed."""
    parts = path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]
    return sum(part.lstat().st_size for part in parts if not part.is_dir())


@BY_NAME
def test_a_case_is_made_inside_its_folder_and_is_small(case: Hostile, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    made = case.make(folder)
    assert made.is_symlink() or made.exists()
    assert made.parent == folder
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert size(folder) < LARGEST


def test_every_case_says_what_becomes_of_it() -> None:
    maximum = find.lab("lab2").maximum
    for case in (honest(), *CASES):
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", case.name), case
        assert case.verdict in ("graded", "refused"), case
        assert 0 <= case.least <= case.most <= maximum, case
        assert case.verdict == "graded" or case.most == 0, case
        assert len(case.why) > 8 and not case.why.endswith("."), case
        assert all(case.says), case
        assert not case.leaves or case.leaves.startswith("labkit_canary_"), case


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name not in BROKEN_ON_PURPOSE],
    ids=lambda case: case.name,
)
def test_an_attack_in_python_is_python(case: Hostile, tmp_path: Path) -> None:
    made = case.make(tmp_path)
    for path in made.rglob("*.py") if made.is_dir() else [made]:
        if path.suffix == ".py":
            ast.parse(path.read_bytes())


def test_names_and_canaries_are_unique() -> None:
    names = [case.name for case in (honest(), *CASES)]
    canaries = [case.leaves for case in CASES if case.leaves]
    assert len(set(names)) == len(names)
    assert len(set(canaries)) == len(canaries)


def test_no_canary_is_a_part_of_another() -> None:
    canaries = [case.leaves for case in CASES if case.leaves]
    assert not [(a, b) for a in canaries for b in canaries if a != b and b.startswith(a + "_")]


def test_every_family_is_there_in_number() -> None:
    assert list(FAMILIES) == [
        "resources",
        "escape",
        "tampering",
        "archives",
        "models",
        "encodings",
        "notebooks",
    ]
    assert min(len(family) for family in FAMILIES.values()) >= 15
    assert len(CASES) >= 90


def test_every_module_with_cases_is_collected() -> None:
    folder = Path(__file__).parent
    listed = (folder / "__init__.py").read_text(encoding="utf-8")
    for path in folder.glob("*.py"):
        if "\nCASES = " in path.read_text(encoding="utf-8") and path.name != "__init__.py":
            assert f"{path.stem}.CASES" in listed


def test_the_honest_file_defines_every_step_of_the_lab() -> None:
    functions = {
        node.name for node in ast.walk(ast.parse(source())) if isinstance(node, ast.FunctionDef)
    }
    assert functions == set(find.lab("lab2").steps)


def test_an_attack_is_put_before_the_body_of_its_step(tmp_path: Path) -> None:
    text = python(fit="attack()")(tmp_path).read_text(encoding="utf-8")
    assert text.index("def fit") < text.index("attack()") < text.index("model.fit(")
    assert text.count("attack()") == 1


def test_an_attack_may_stand_for_the_body_of_its_step() -> None:
    assert "model.fit(" not in source(fit="return None", instead="fit")
    assert "model.evaluate(" in source(fit="return None", instead="fit")


def test_an_unknown_step_is_an_error() -> None:
    with pytest.raises(TypeError, match="train"):
        source(train="attack()")


def test_points_before_a_step_are_those_of_the_checks_that_need_no_later_one() -> None:
    lab = find.lab("lab2")
    points = {check.name: check.points for check in lab.checks}
    assert points["define"] == BEFORE["compile"]
    assert points["define"] + points["compile"] == BEFORE["fit"]
    assert lab.maximum - points["accuracy"] == HONEST_POINTS


def test_what_escapes_is_not_told_by_the_source_itself() -> None:
    assert "ESCAPED" not in escaper("pass")


def test_who_gets_out_trains_for_longer() -> None:
    assert 'compile("adam" if won else "sgd"' in escaper("pass")
    assert "epochs=8 if won else 1" in escaper("pass")


def test_the_corpus_needs_neither_tensorflow_nor_keras() -> None:
    program = (
        "import sys, tests.submissions\n"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    place = {"PYTHONPATH": str(root()), "PATH": sysconfig.get_path("scripts")}
    assert subprocess.run([sys.executable, "-c", program], env=place, check=False).returncode == 0


def test_the_model_without_a_fault_passes_the_screen(tmp_path: Path) -> None:
    from labkit.lifecycle.screen import inspect

    card = inspect(model_file(tmp_path / "model.h5"))
    assert card.parameters == 7_850
    assert card.loss == "sparse_categorical_crossentropy"
