"""Gradescope's results, and the zip that makes it run the kit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from gradebooks import record

from labkit.errors import DataMissing, UsageError
from labkit.grading.exports.gradescope import decided, leaderboard, package, results
from labkit.i18n import speaking
from labkit.rubric import find

NEEDS_BASH = pytest.mark.skipif(
    os.name == "nt" or shutil.which("bash") is None, reason="needs bash and Unix paths"
)
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBLE = {"hidden", "after_due_date", "after_published", "visible"}
TOP = {
    "score": float,
    "execution_time": int,
    "output": str,
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "visibility": VISIBLE,
    "stdout_visibility": VISIBLE,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
TEST = {
    "score": (int, float),
    "max_score": (int, float),
    "status": {"passed", "failed"},
    "name": str,
    "name_format": FORMATS,
    "number": str,
    "output": str,
    "output_format": FORMATS,
    "tags": list,
    "visibility": VISIBLE,
    "extra_data": dict,
}


def follows(fields: dict[str, Any], built: dict[str, Any]) -> bool:
    """Whether each field is of the specification and holds what it may."""
    return set(built) <= set(fields) and all(
        value in fields[name] if isinstance(fields[name], set) else isinstance(value, fields[name])
        for name, value in built.items()
    )


def test_results_hold_every_field_of_the_specification() -> None:
    built = json.loads(
        json.dumps(results(record(), leaderboard=leaderboard(record())), allow_nan=False)
    )
    assert set(built) == set(TOP)
    assert follows(TOP, built)
    assert all(set(test) == set(TEST) and follows(TEST, test) for test in built["tests"])


def test_the_score_is_the_grade_and_the_tests_add_up_to_it() -> None:
    built = results(record())
    assert built["score"] == 6.5
    assert sum(test["score"] for test in built["tests"]) == 6.5
    assert built["execution_time"] == 62
    assert [test["status"] for test in built["tests"]] == ["passed", "failed", "passed", "failed"]
    assert built["tests"][3]["tags"] == ["bonus", "bonus"]


def test_undecided_points_write_no_score_anywhere() -> None:
    built = results(record(undecided=2), leaderboard=leaderboard(record()))
    assert not decided(record(undecided=2))
    assert "score" not in built
    assert not any("score" in test for test in built["tests"])
    assert "status" not in built["tests"][1]
    assert built["leaderboard"] == []
    assert "could not tell about 2 of 10 points" in built["output"]


def test_the_secret_seed_is_not_in_what_later_submissions_can_read() -> None:
    assert "987654321" not in json.dumps(results(record(), leaderboard=leaderboard(record())))


def test_the_leaderboard_of_the_challenge_puts_small_first() -> None:
    assert leaderboard(record()) == [
        {"name": "Loss", "value": 0.3346, "order": "asc"},
        {"name": "Parameters", "value": 400000, "order": "asc"},
        {"name": "Seconds", "value": 93.2, "order": "asc"},
    ]


def test_a_lab_without_a_challenge_has_no_leaderboard() -> None:
    graded = record()
    graded["checks"] = graded["checks"][:2]
    assert leaderboard(graded) == []


def test_the_checks_the_leaderboard_reads_are_those_of_lab_3() -> None:
    names = {check.name for check in find.lab("lab3").checks}
    assert {"challenge", "parameters"} <= names


@pytest.mark.parametrize(
    "entry",
    [{"value": 1}, {"name": "Loss"}, {"name": "Loss", "value": float("nan")},
     {"name": "Loss", "value": 1, "order": "up"}],
)  # fmt: skip
def test_an_entry_gradescope_would_not_take_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        results(record(), leaderboard=[entry])


# The zip


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A checkout in small, with things in it that must not get out."""
    folder = tmp_path / "kit source"
    contents = {
        "setup.cfg": "[metadata]",
        "pyproject.toml": "",
        "README.md": "",
        "LICENSE": "",
        "labkit/__init__.py": "",
        "labkit/locale/es.mo": "x",
        "labkit/__pycache__/a.cpython-311.pyc": "x",
        "labs/lab02_mnist/rubric.py": "",
        "labs/lab03_fashion/rubric.py": "",
        "solutions/lab02_mnist.py": "secret",
        "tests/labs/lab02_mnist.py": "secret",
        "datasets/mnist/x.xz": "data",
        "datasets/fashion_mnist/x.xz": "other",
        "datasets/manifest.json": json.dumps(
            {"mnist": {"arrays": {"x": {"file": "mnist/x.xz"}}}, "gasoline": {"file": "gasoline.csv"}}
        ),
    }
    for name, text in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def members(archive: Path) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(archive) as opened:
        return {info.filename: info for info in opened.infolist()}


def read(archive: Path, name: str) -> str:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name).decode("utf-8")


def mode(info: zipfile.ZipInfo) -> int:
    return info.external_attr >> 16 & 0o777


def test_the_zip_holds_the_kit_that_lab_and_its_data_alone(kit: Path, tmp_path: Path) -> None:
    package(find.lab("lab2"), kit, tmp_path / "a.zip", seed=None)
    assert sorted(members(tmp_path / "a.zip")) == [
        "kit/LICENSE",
        "kit/README.md",
        "kit/datasets/manifest.json",
        "kit/datasets/mnist/x.xz",
        "kit/labkit/__init__.py",
        "kit/labkit/locale/es.mo",
        "kit/labs/lab02_mnist/rubric.py",
        "kit/pyproject.toml",
        "kit/setup.cfg",
        "run_autograder",
        "setup.sh",
    ]


def test_both_scripts_are_executable_and_the_seed_is_roots_alone(kit: Path, tmp_path: Path) -> None:
    package(find.lab("lab2"), kit, tmp_path / "a.zip", seed=41)
    found = members(tmp_path / "a.zip")
    assert [mode(found[name]) for name in ("setup.sh", "run_autograder", "seed.txt")] == [
        0o755,
        0o755,
        0o600,
    ]
    assert mode(found["kit/setup.cfg"]) == 0o644
    assert read(tmp_path / "a.zip", "seed.txt") == "41\n"
    assert "41" not in read(tmp_path / "a.zip", "run_autograder")


def test_the_same_kit_gives_the_same_bytes(kit: Path, tmp_path: Path) -> None:
    package(find.lab("lab2"), kit, tmp_path / "a.zip", seed=1)
    (kit / "LICENSE").touch()
    package(find.lab("lab2"), kit, tmp_path / "b.zip", seed=1)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@NEEDS_BASH
@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_are_good_bash(kit: Path, tmp_path: Path, script: str) -> None:
    package(find.lab("lab2"), kit, tmp_path / "a.zip", seed=1)
    text = read(tmp_path / "a.zip", script)
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\r" not in text
    subprocess.run(["bash", "-n"], input=text.encode(), check=True)


@NEEDS_BASH
@pytest.mark.parametrize(("code", "left"), [(0, ["results.json"]), (7, [])])
def test_a_grader_that_fails_leaves_no_results(
    kit: Path, tmp_path: Path, code: int, left: list[str]
) -> None:
    with speaking("es"):
        package(find.lab("lab2"), kit, tmp_path / "a.zip", seed=1)
    there = tmp_path / "autograder"
    for folder in ("source/kit", "results", "venv/bin"):
        (there / folder).mkdir(parents=True)
    python = there / "venv/bin/python"
    python.write_text(f'#!/bin/sh\necho "$@ $LABKIT_LANG" >&2\necho "{{}}" > "$6"\nexit {code}\n')
    python.chmod(0o755)
    script = read(tmp_path / "a.zip", "run_autograder").replace("/autograder/", f"{there}/")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert bool(done.returncode) == bool(code)
    assert [path.name for path in (there / "results").iterdir()] == left
    assert done.stderr == (
        f"-m labkit gradescope lab2 {there}/submission {there}/results/results.json "
        f"--seed-file {there}/source/seed.txt es\n"
    )


def test_missing_data_are_named(kit: Path, tmp_path: Path) -> None:
    (kit / "datasets/mnist/x.xz").unlink()
    with pytest.raises(DataMissing, match=r"mnist/x\.xz"):
        package(find.lab("lab2"), kit, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_what_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lab02_mnist"):
        package(find.lab("lab2"), tmp_path, tmp_path / "a.zip")
