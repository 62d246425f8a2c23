"""Grading one submission where another system asks for it: Gradescope, a workflow of GitHub."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.root import root
from labkit.sandbox.protections import survey
from tests.submissions import HONEST, HONEST_POINTS

pytestmark = pytest.mark.xdist_group("elsewhere")


def labkit(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labkit", *arguments],
        cwd=root(),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(survey().walls == "none", reason="no walls hold on this machine")
def test_gradescope_gets_scores_tests_and_no_seed(tmp_path: Path) -> None:
    handed_in = tmp_path / "submission"
    handed_in.mkdir()
    (handed_in / "mi práctica.py").write_text(HONEST, encoding="utf-8")
    seed = tmp_path / "seed.txt"
    seed.write_text("987654321987\n")
    results = tmp_path / "results" / "results.json"
    done = labkit("gradescope", "lab2", str(handed_in), str(results), "--seed-file", str(seed))
    assert done.returncode == 0, done.stderr
    told = json.loads(results.read_text(encoding="utf-8"))
    assert told["score"] == HONEST_POINTS
    assert len(told["tests"]) == 11
    assert "987654321987" not in results.read_text(encoding="utf-8")


def test_gradescope_tells_what_could_not_be_run(tmp_path: Path) -> None:
    (tmp_path / "answer.py").write_text("def define(:\n")
    results = tmp_path / "results.json"
    assert labkit("gradescope", "lab2", str(tmp_path / "answer.py"), str(results)).returncode == 0
    told = json.loads(results.read_text(encoding="utf-8"))
    assert told["score"] == 0
    assert "line 1" in json.dumps(told)


def test_a_workflow_of_github_is_told_every_check(tmp_path: Path) -> None:
    output = tmp_path / "output"
    done = labkit("github", "lab2", GITHUB_OUTPUT=str(output))
    assert done.returncode == 0, done.stderr
    name, _equals, encoded = output.read_text().strip().partition("=")
    told = json.loads(base64.b64decode(encoded))
    assert name == "result"
    assert (told["max_score"], len(told["tests"])) == (10, 11)


def test_outside_of_github_the_command_says_what_to_use_instead() -> None:
    done = labkit("github", "lab2", GITHUB_OUTPUT="")
    assert done.returncode == 2
    assert "labkit run lab2" in done.stderr
