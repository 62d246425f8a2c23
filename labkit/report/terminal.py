"""A grade on the terminal: readable at 80 columns and without colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.i18n import texts
from labkit.rubric.evidence import Evidence, Step, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.verdict import Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from labkit.report.files import Paths

__all__ = ["console", "points", "show", "step_text"]

_ = texts(__file__)

_MARKS = {
    Status.PASSED: ("✓", "+", "green"),
    Status.FAILED: ("✗", "x", "red"),
    Status.UNKNOWN: ("?", "?", "yellow"),
    Status.SKIPPED: ("·", ".", "dim"),
}
_PARTIAL = ("◐", "~", "yellow")
_WIDEST = 100


def console() -> Console:
    """A console for people: no wider than reads well."""
    from rich.console import Console

    made = Console(highlight=False)
    return made if made.width <= _WIDEST else Console(highlight=False, width=_WIDEST)


def step_text(step: Step) -> Text:
    """One step that ended, with its time."""
    from rich.text import Text

    mark, plain, colour = _MARKS[Status.PASSED if step.state is StepState.DONE else Status.FAILED]
    return Text.assemble(
        (f"  {mark if _unicode() else plain} ", colour),
        f"{step.name:<10}",
        f"{step.seconds:7.2f} s",
    )


def points(number: float) -> str:
    """Points without needless zeros: 3, 2.5."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def show(grade: Grade, evidence: Evidence, console: Console, *, paths: Paths) -> None:
    """Show every check, the score, what to do next, and where the files are.

    Args:
        grade: What was earned.
        evidence: What it rests on, for the student's own lines.
        console: Where to show it.
        paths: The run's files.
    """
    from rich.text import Text

    console.print()
    console.print(_checks(grade))
    console.print()
    console.print(Text(_score(grade), style="bold"))
    following = grade.first_failure
    if following is not None:
        console.print()
        for line in _advice(following, evidence):
            console.print(line)
    console.print()
    for path in (paths.model, paths.report):
        if path is not None:
            console.print(Text(_near(path)), soft_wrap=True)


def _checks(grade: Grade) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for result in grade.results:
        mark, plain, colour = _mark(result)
        status = result.verdict.status
        words = Text(str(result.check.title), style="dim" if status is Status.SKIPPED else "")
        if not result.verdict.full:
            words.append(f"\n{result.verdict.message}", style="dim")
        earned = f"{points(result.points)} / {points(result.check.points)}"
        if status is Status.UNKNOWN:
            earned = f"? / {points(result.check.points)}"
        bonus = f" {_('bonus')}" if result.check.bonus else ""
        table.add_row(Text(mark if _unicode() else plain, style=colour), words, earned + bonus)
    return table


def _mark(result: Result) -> tuple[str, str, str]:
    if result.verdict.status is Status.PASSED and not result.verdict.full:
        return _PARTIAL
    return _MARKS[result.verdict.status]


def _score(grade: Grade) -> str:
    score = _(
        "{points} of {maximum} points", points=points(grade.points), maximum=points(grade.maximum)
    )
    if grade.undecided:
        return str(
            _(
                "{score}, {open} more could not be decided",
                score=score,
                open=points(grade.undecided),
            )
        )
    return str(score)


def _advice(result: Result, evidence: Evidence) -> list[Text]:
    """What to do next: the check, the student's own lines where there are some, the hint."""
    from rich.text import Text

    heading = _("For a bonus:") if result.check.bonus else _("Next:")
    lines = [Text.assemble((f"{heading} ", "bold"), str(result.check.title))]
    broken = next((s for s in evidence.main.steps if s.state is StepState.ERROR), None)
    if broken is not None:
        lines += [Text(line) for line in _own_lines(broken.error)]
    hint = Text(f"  {result.check.hint}", style="italic")
    return [*lines, hint]


def _own_lines(error: Mapping[str, Any]) -> list[str]:
    lines = [
        f"  {_('line')} {entry.get('line')}: {entry.get('code', '')}"
        for entry in error.get("lines", [])[:5]
        if isinstance(entry, Mapping)
    ]
    given = ", ".join(str(argument) for argument in error.get("arguments", []))
    if given:
        lines.append(f"  {_('given:')} {given}")
    return lines


def _near(path: Path) -> str:
    """A path as one would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)


def _unicode() -> bool:
    """Whether the terminal can show more than ASCII."""
    return "utf" in (getattr(sys.stdout, "encoding", "") or "").lower()
