"""The starter of a lab as it was handed out."""

from __future__ import annotations

from labkit.errors import UsageError
from labkit.grading.students_copy.release import PRISTINE
from labkit.i18n import texts
from labkit.rubric import find
from labkit.rubric.lab import Lab
from labkit.rubric.starter import starter

__all__ = ["untouched"]

_ = texts(__file__)


def untouched(lab: Lab) -> str:
    """The starter's source: made from the solution, or as a students' copy keeps it.

    Raises:
        UsageError: There is nothing to make it from.
    """
    source, kept = find.solution(lab), find.folder(lab) / PRISTINE
    if source.is_file():
        return starter(source.read_text(encoding="utf-8"))
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    raise UsageError(
        _("This copy of the kit has no {path} to make the starter from.", path=source.name),
        fix=_("Take the file from a fresh copy of the kit."),
    )
