"""Lets pytest collect a lab: ``pytest labs/lab02_mnist`` shows each check as a test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit.errors import LabkitError
from labkit.grading.pipeline import grade
from labkit.i18n import preferred_language, speaking
from labkit.rubric import find
from labkit.rubric.grade import Grade
from labkit.rubric.verdict import Status
from labkit.sandbox.launch import Launcher, sensible_width

__all__ = ["pytest_collect_file", "pytest_ignore_collect"]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave every other file of a lab alone: pytest would import the student's to look for doctests."""
    return True if collection_path.is_file() and collection_path.name != "rubric.py" else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take every ``rubric.py`` of a lab for a file of tests."""
    if file_path.name != "rubric.py":
        return None
    collected: RubricFile = RubricFile.from_parent(parent, path=file_path)
    return collected


class RubricFile(pytest.File):
    """A lab; its submission runs once, when the first of its checks is asked for."""

    _grade: Grade | None = None
    _trouble: LabkitError | None = None  # what kept it from being graded

    def collect(self) -> Iterator[pytest.Item]:
        """One test a check."""
        for check in find.lab(self.path.parent.name).checks:
            yield CheckItem.from_parent(self, name=check.name)

    def grade(self) -> Grade:
        """Grade the student's file, once.

        Raises:
            LabkitError: See `labkit.grading.pipeline.grade`.
        """
        if self._trouble is not None:
            raise self._trouble
        if self._grade is None:
            lab = find.lab(self.path.parent.name)
            try:
                with tempfile.TemporaryDirectory() as folder, Launcher(sensible_width()) as launcher:
                    graded = grade(lab, find.starter(lab), Path(folder) / "run", launcher)
            except LabkitError as error:
                self._trouble = error
                raise
            self._grade = graded.grade
        return self._grade


class CheckItem(pytest.Item):
    """One check."""

    parent: RubricFile

    def runtest(self) -> None:
        """Fail with the verdict's message where points were lost, skip where it was skipped."""
        result = next(r for r in self.parent.grade().results if r.check.name == self.name)
        with speaking(preferred_language()):
            message = str(result.verdict.message)
            if result.verdict.status in (Status.SKIPPED, Status.UNKNOWN):
                pytest.skip(message)
            if not result.verdict.full and not result.check.bonus:
                raise CheckFailed(f"{message}\n{result.check.hint}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> str:
        """The verdict and the hint, or what the kit foresaw, without a traceback of the kit."""
        with speaking(preferred_language()):
            if isinstance(excinfo.value, (CheckFailed, LabkitError)):
                return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the check is, and its title."""
        return self.path, 0, self.name


class CheckFailed(Exception):
    """A check that cost points."""
