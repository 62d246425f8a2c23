"""What ``labkit gradebook export`` writes for each target, and what it says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labkit.cli.classroom import Classroom
from labkit.errors import UsageError
from labkit.grading.exports import canvas, github, gradescope, moodle, table
from labkit.grading.exports.matching import Report
from labkit.i18n import texts
from labkit.root import root
from labkit.rubric.lab import Lab

__all__ = ["hand_on"]

_ = texts(__file__)


def hand_on(
    target: str,
    lab: Lab,
    classroom: Classroom,
    output: Path,
    fill: Path | None,
    assignment: str | None,
    *,
    public: bool,
) -> Iterator[str]:
    """Write ``output`` and yield what there is to say, line by line.

    Args:
        target: ``"csv"``, ``"canvas"``, ``"moodle"``, ``"gradescope"`` or ``"github"``.
        lab: The lab.
        classroom: The class.
        output: File to write; for GitHub the folder of the repository.
        fill: Canvas' gradebook or Moodle's worksheet.
        assignment: Canvas' assignment.
        public: Whether Gradescope grades on the public split.
    """
    if target == "gradescope":
        gradescope.package(lab, root(), output, seed=None if public else classroom.settings.seed)
    elif target == "github":
        output = github.write(lab, output)
    elif target == "csv":
        table.write(classroom.standings(lab), output)
    else:
        report = _fill(target, lab, classroom, output, fill, assignment)
        yield from _said(report, given=fill is not None)
    yield str(_("Written: {path}", path=output))


def _fill(
    target: str,
    lab: Lab,
    classroom: Classroom,
    output: Path,
    fill: Path | None,
    assignment: str | None,
) -> Report:
    standings = classroom.standings(lab)
    if target == "moodle":
        if fill is None:
            raise UsageError(
                _("Moodle's worksheet is missing."),
                _("Moodle takes grades only in the worksheet it gave out."),
                _("Download it under “Grading actions” and name it with --fill."),
            )
        return moodle.fill(fill, standings, output)
    if fill is not None:
        return canvas.fill(fill, standings, assignment or str(lab.title), output)
    title, _bracket, number = (assignment or "").rpartition("(")
    if not number.rstrip(")").isdecimal() or not title:
        raise UsageError(
            _("Canvas' assignment is missing."),
            _("Canvas knows an assignment by its title and number, as in “Lab 2 (12345)”."),
            _("Name it with --assignment, or Canvas' exported gradebook with --fill."),
        )
    return canvas.write(standings, title.strip(), number.rstrip(")"), output)


def _said(report: Report, *, given: bool) -> Iterator[str]:
    """What became of everybody; ``given`` where there was a file to be found in."""
    yield str(_("{filled} grades filled in", filled=len(report.filled)))
    for left in report.left:
        yield "  " + str(_("left as it was: {name} ({why})", name=left.student.shown, why=left.why))
    for student in report.not_in_file:
        if given:
            yield "  " + str(_("not in the file: {name}", name=student.shown))
        else:
            yield "  " + str(_("without ID, SIS ID or login of Canvas: {name}", name=student.shown))
    for name in report.not_in_gradebook:
        yield "  " + str(_("not in the gradebook: {name}", name=name))
    for note in report.notes:
        yield f"  {note}"
