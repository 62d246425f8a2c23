"""GitHub: a workflow that grades every push of a student's repository and reports the points.

It speaks to the actions that GitHub Classroom used,
https://github.com/classroom-resources/autograding-grading-reporter, which read results as base64 JSON
from ``<RUNNER>_RESULTS`` and write the points as a notice of the run. GitHub retired the Classroom
service itself on 28 August 2026 (https://github.com/orgs/community/discussions/205975): nobody collects
the points there any more, while workflow and reporter run on plain GitHub Actions as before.

A student can change every file of the repository, this workflow too. What counts is what the instructor
grades; this is feedback.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.grading.exports.cells import save
from labkit.i18n import current_language
from labkit.rubric.lab import Lab

__all__ = ["announce", "encoded", "results", "write"]

_REPORTER = "classroom-resources/autograding-grading-reporter@v1"
_MINUTES = 30
_STATUS = {"passed": "pass", "unknown": "error"}

# Name of workflow and job are what the reporter and Classroom look for: they may not be changed.
_WORKFLOW = """\
name: Autograding Tests
on:
  - push
  - workflow_dispatch
  - repository_dispatch
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    timeout-minutes: {minutes}
    if: github.actor != 'github-classroom[bot]'
    steps:
      - name: Checkout code
        uses: actions/checkout@v4
      - name: Set up Python
        uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: setup.cfg
      - name: Install the kit
        run: python -m pip install --quiet .
      - name: {title}
        id: labkit
        env:
          LABKIT_ROOT: ${{{{ github.workspace }}}}
          LABKIT_LANG: {language}
        run: python -m labkit github {lab}
      - name: Autograding Reporter
        uses: {reporter}
        env:
          LABKIT_RESULTS: "${{{{ steps.labkit.outputs.result }}}}"
        with:
          runners: labkit
"""


def write(lab: Lab, folder: Path) -> Path:
    """Write the workflow into a repository of the kit, and return where it is.

    It runs the lab once and reports every check as a test with its points.

    Raises:
        StorageError: They cannot be written.
    """
    workflow = folder / ".github" / "workflows" / "classroom.yml"
    text = _WORKFLOW.format(
        minutes=_MINUTES,
        title=json.dumps(f"{lab.name}: {lab.title}", ensure_ascii=False),
        language=current_language(),
        lab=lab.name,
        reporter=_REPORTER,
    )
    save(workflow, text)
    return workflow


def results(record: Mapping[str, Any]) -> dict[str, Any]:
    """Build what the reporter reads from what ``grade.json`` holds: one test a check.

    Bonus points count on top of ``max_score``. Where the kit could not tell, the status is
    ``"error"`` and there is no ``max_score``, so that the reporter announces no points at all.
    """
    tests = [_test(check) for check in record["checks"]]
    undecided = bool(record["undecided"])
    lost = any(check["fraction"] < 1 and not check["bonus"] for check in record["checks"])
    built: dict[str, Any] = {} if undecided else {"max_score": record["maximum"]}
    status = "error" if undecided else "fail" if lost else "pass"
    return {"version": 1, "status": status, **built, "tests": tests}


def encoded(record: Mapping[str, Any]) -> str:
    """The results as the reporter takes them: JSON in base64, on one line."""
    return base64.b64encode(json.dumps(results(record)).encode("utf-8")).decode("ascii")


def announce(record: Mapping[str, Any], output: Path) -> None:
    """Append the results to the file that ``GITHUB_OUTPUT`` names, as the output ``result``."""
    with output.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"result={encoded(record)}\n")


def _test(check: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": check["title"],
        "status": _STATUS.get(check["status"], "fail"),
        "score": check["points"],
        "max_score": 0 if check["bonus"] else check["possible"],
        "message": check["message"],
    }
