"""A grade on the terminal: readable at 80 columns, without colour, and in plain ASCII."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.i18n import texts
from labkit.report.facts import notes
from labkit.report.outline import (
    NO_FAULT,
    Advice,
    Mark,
    StudentError,
    advice,
    blocker,
    clean,
    clip,
    mark,
    points,
    score,
    task,
    unsure,
)
from labkit.report.spelling import shows, spelled
from labkit.rubric.evidence import Evidence, Step, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.verdict import Status

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from labkit.report.files import Paths

__all__ = ["console", "near", "show", "sign_of", "step_text"]

_ = texts(__file__)

_SIGNS = {
    Mark.FULL: ("✓", "+", "green"),
    Mark.PART: ("◐", "~", "yellow"),
    Mark.LOST: ("✗", "x", "bold red"),
    Mark.UNSURE: ("?", "?", "yellow"),
    Mark.SKIPPED: ("·", ".", "dim"),
}
_STEP_SIGNS = {
    StepState.DONE: Mark.FULL,
    StepState.TODO: Mark.SKIPPED,
    StepState.WAITING: Mark.SKIPPED,
}
_STATES = {
    StepState.TODO: _("not written yet"),
    StepState.MISSING: _("missing"),
    StepState.RUNNING: _("did not end"),
}
_HIDDEN_STEPS = ("import", "export")
_STEP_WIDTH = 18
_WIDEST = 100
_LONGEST_MESSAGE = 240
_MOST_LINES = 8


def console() -> Console:
    """A console for people: no wider than reads well."""
    from rich.console import Console

    made = Console(highlight=False)
    return made if made.width <= _WIDEST else Console(highlight=False, width=_WIDEST)


def step_text(step: Step, encoding: str) -> Text:
    """One step on one line: mark, name, time, and how it ended if not well.

    Args:
        step: The step.
        encoding: Of the terminal.
    """
    from rich.text import Text

    sign, colour = sign_of(_STEP_SIGNS.get(step.state, Mark.LOST), encoding)
    line = Text.assemble(
        (f"  {sign} ", colour), f"{spelled(clean(step.name), encoding):<{_STEP_WIDTH}}"
    )
    if step.state is StepState.DONE:
        return line.append(f"{step.seconds:7.2f} s")
    word = step.error.get("type", "") if step.state is StepState.ERROR else ""
    words = spelled(clean(word or _STATES.get(step.state, "")), encoding)
    return line.append(f"  {words}", style="dim")


def show(
    grade: Grade, evidence: Evidence, console: Console, *, paths: Paths, steps: bool = False
) -> None:
    """Show notes, every check, the score, the one thing to do next, and where the files are.

    Args:
        grade: What was earned.
        evidence: What it rests on, for the steps and the student's own lines.
        console: Where to show it.
        paths: The run's files.
        steps: Whether to begin with the lab's title and its steps, where they were not shown live.
    """
    from rich.text import Text

    encoding = console.encoding
    if steps:
        title = f"{grade.lab.name} · {grade.lab.title}"
        console.print(Text(spelled(title, encoding), style="bold"))
        for step in evidence.main.steps:
            if step.name not in _HIDDEN_STEPS or step.state is StepState.ERROR:
                console.print(step_text(step, encoding))
    console.print()
    if found := notes(grade):
        console.print(Text(spelled(str(_("About your file:")), encoding), style="bold"))
        console.print(_notes(found, encoding))
        console.print()
    following = advice(grade, evidence)
    console.print(_checks(grade, following, encoding))
    console.print()
    console.print(Text(spelled(_score(grade), encoding), style="bold"))
    console.print()
    if following is None:
        console.print(Text(spelled(str(_("Every point earned.")), encoding)))
    else:
        for part in _advice(following, clean(grade.provenance.get("submission", "")), encoding):
            console.print(part)
    console.print()
    for path, label in ((paths.model, _("Model")), (paths.report, _("Report"))):
        if path is not None:
            line = f"{label!s:<8} {near(path)}"
            console.print(Text(spelled(line, encoding)), soft_wrap=True)


def _notes(found: list[str], encoding: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1, 0, 0))
    for note in found:
        table.add_row("  -", Text(spelled(note, encoding), overflow="fold"))
    return table


def sign_of(kind: Mark, encoding: str) -> tuple[str, str]:
    """The sign of a mark and its colour; all signs are fancy, or all are plain."""
    fancy, plain, colour = _SIGNS[kind]
    every = "".join(sign for sign, _plain, _colour in _SIGNS.values())
    return (fancy if shows(every, encoding) else plain), colour


def _checks(grade: Grade, following: Advice | None, encoding: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for place, result in enumerate(grade.results, 1):
        kind = mark(result)
        sign, colour = sign_of(kind, encoding)
        words = Text(spelled(clean(result.check.title), encoding))
        if below := _message(result, following):
            words.append("\n" + spelled(below, encoding), style="dim")
        if kind is Mark.SKIPPED:
            words.append(spelled(f"  ({_waiting(grade, result)})", encoding))
            words.stylize("dim")
        table.add_row(Text(sign, style=colour), str(place), words, _earned(grade, result, encoding))
    return table


def _message(result: Result, following: Advice | None) -> str:
    """What a check found, unless its title says it all: a full pass that measured nothing.

    Of an exception that is told below anyway, the beginning is enough.
    """
    kind = mark(result)
    if kind is Mark.SKIPPED or (kind is Mark.FULL and not result.verdict.data):
        return ""
    told = following is not None and following.error and following.result is result
    return clip(clean(result.verdict.message), 80 if told else _LONGEST_MESSAGE)


def _waiting(grade: Grade, result: Result) -> str:
    place = blocker(grade, result)
    if place is None:
        return clip(clean(result.verdict.message), _LONGEST_MESSAGE)
    return str(_("waits for {number}", number=place))


def _earned(grade: Grade, result: Result, encoding: str) -> Text:
    from rich.text import Text

    earned = "?" if unsure(grade, result) else points(result.points)
    bonus = f" {_('bonus')}" if result.check.bonus else ""
    style = "dim" if result.verdict.status is Status.SKIPPED else ""
    line = f"{earned} / {points(result.check.points)}{bonus}"
    return Text(spelled(line, encoding), style=style)


def _score(grade: Grade) -> str:
    found = score(grade)
    line = _(
        "{points} of {maximum} points",
        points=points(found.earned),
        maximum=points(found.maximum),
    )
    if found.bonus:
        line = _("{score}, and {bonus} bonus", score=line, bonus=points(found.bonus))
    if found.undecided:
        line = _("{score}, {open} more could not be decided", score=line, open=points(found.undecided))
    return str(line)


def _advice(following: Advice, file: str, encoding: str) -> Iterator[RenderableType]:
    """What to do next: the check, what happened, the student's own lines, the hint."""
    from rich.padding import Padding
    from rich.text import Text

    def inset(words: str, style: str = "", by: int = 2) -> Padding:
        return Padding(Text(spelled(words, encoding), style, overflow="fold"), (0, 0, 0, by))

    check, verdict = following.result.check, following.result.verdict
    heading = _("For a bonus:") if check.bonus else _("Next:")
    yield Text.assemble(
        (spelled(f"{heading} ", encoding), "bold"),
        spelled(task(following, file), encoding),
        overflow="fold",
    )
    if following.error is not None:
        said, *lines = _error_lines(following.error)
        yield inset(said)
        yield from (inset(line, by=4) for line in lines)
    elif not following.todo:
        yield inset("\n".join(_paragraphs(clean(verdict.message))))
    if verdict.status is Status.UNKNOWN:
        yield inset(str(NO_FAULT))
    elif following.error is None or following.error.step != "import":
        yield inset(str(_("Hint: {hint}", hint=clean(check.hint))), "italic")


def _error_lines(error: StudentError) -> Iterator[str]:
    """The exception, where it happened in the student's own file, and what was given."""
    where = _("Your file") if error.step == "import" else error.step
    said = "\n".join(_paragraphs(error.message))
    yield str(_("{step} raised {type}: {message}", step=where, type=error.kind, message=said))
    yield from (f"{place}: {code}" for place, code in error.lines)
    if error.given:
        yield str(_("given: {arguments}", arguments=", ".join(error.given)))


def _paragraphs(text: str) -> list[str]:
    """The first lines of a long message, empty ones left out."""
    return [clip(line, _LONGEST_MESSAGE) for line in text.splitlines() if line.strip()][:_MOST_LINES]


def near(path: Path) -> str:
    """A path as one would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
