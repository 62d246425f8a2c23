"""What `labkit watch` shows: one screen of 80 columns and 24 lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.i18n import texts
from labkit.report import training
from labkit.report.outline import clean, clip, mark, points, score, student_error
from labkit.report.spelling import shows, spelled
from labkit.report.terminal import sign_of, step_text
from labkit.rubric.epochs import Epoch
from labkit.rubric.evidence import Step, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.lab import Lab

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.text import Text

__all__ = ["View", "screen"]

_ = texts(__file__)

_MOST_STEPS = 8
_BAR = 30
_ROWS = 2  # of each curve
_LONGEST = 400
_HIDDEN = ("import", "export")


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the screen.

    Args:
        lab: The lab.
        file: Name of the file that is watched.
        steps: The student's functions, as far as they ran.
        epochs: Of the training that goes on.
        printed: What the running one printed last.
        failure: The check that failed first, if one is known to have.
        grade: Of a finished run.
        trouble: What kept it from being run.
        hint: Whether the hint is shown.
        done, labs: Labs of the course with all points, and how many there are.
        note: A line of news: the file was reset, say.
        keys: Whether somebody can press keys.
    """

    lab: Lab
    file: str
    steps: tuple[Step, ...] = ()
    epochs: tuple[Epoch, ...] = ()
    printed: str = ""
    failure: Result | None = None
    grade: Grade | None = None
    trouble: str = ""
    hint: bool = False
    done: int = 0
    labs: int = 0
    note: str = ""
    keys: bool = True


def screen(view: View, encoding: str, columns: int = 80) -> Group:
    """Render a view for a terminal of so many columns with what its encoding can show."""
    from rich.console import Group

    return Group(*_parts(view, encoding, columns))


def _parts(view: View, encoding: str, columns: int) -> Iterator[RenderableType]:
    from rich.text import Text

    def line(words: str, style: str = "", inset: int = 0) -> Text:
        return Text(" " * inset + spelled(words, encoding), style, overflow="fold")

    yield line(f"{view.lab.name} · {view.lab.title}", "bold")
    yield _progress(view, encoding)
    yield line("")
    ended = [s for s in view.steps if s.name not in _HIDDEN and s.state is not StepState.WAITING]
    if len(ended) > _MOST_STEPS:
        yield line(str(_("  … {count} more", count=len(ended) - _MOST_STEPS)), "dim")
    for step in ended[-_MOST_STEPS:]:
        if step.state is StepState.RUNNING and view.grade is None:
            yield from (line(words, inset=2) for words in _running(view, step, encoding, columns - 2))
        else:
            yield step_text(step, encoding)
    if view.trouble:
        yield line(view.trouble, "bold")
    elif view.failure is not None:
        yield line("")
        yield from _failure(view, encoding)
    elif view.grade is not None:
        yield line("")
        yield line(str(_("Every point earned.")), "bold green")
    elif not view.steps:
        yield line(str(_("starting TensorFlow …")), "dim", 2)
    yield line("")
    if view.note:
        yield line(view.note, "italic")
    yield line(str(_("Watching {file}: save it, and it runs again.", file=view.file)), "dim")
    if view.keys:
        yield line(str(_("h hint   r run again   l list   x reset   n next lab   q quit")), "dim")


def _running(view: View, step: Step, encoding: str, columns: int) -> tuple[str, ...]:
    """How far a step is: the curves of a training, or what it printed last.

    A failure leaves less room for curves, a hint none.
    """
    words = f"… {clean(step.name)}  {clip(view.printed, 50)}"
    if step.name != "fit" or not view.epochs:
        return (words,)
    rows = _ROWS if view.failure is None else int(not view.hint)
    curves = training.lines(view.epochs, encoding, columns=columns - 2, rows=rows)
    return (f"… {clean(step.name)}", *("  " + line for line in curves))


def _progress(view: View, encoding: str) -> Text:
    """A bar of the points, with the marks of all checks behind it; and the course's."""
    from rich.text import Text

    full, empty = ("█", "░") if shows("█░", encoding) else ("#", "-")
    if view.grade is None:
        bar, words = empty * _BAR, _("not decided yet")
    else:
        found = score(view.grade)
        length = round(_BAR * min(1.0, found.earned / found.maximum))
        bar = full * length + empty * (_BAR - length)
        words = _(
            "{points} of {maximum} points", points=points(found.earned), maximum=points(found.maximum)
        )
    text = Text.assemble((bar, "green"), "  ", spelled(str(words), encoding))
    if view.grade is not None:
        text.append("  ")
        for result in view.grade.results:
            text.append(*sign_of(mark(result), encoding))
    course = _("course: {done} of {labs} labs done", done=view.done, labs=view.labs)
    return text.append("\n" + spelled(str(course), encoding), style="dim")


def _failure(view: View, encoding: str) -> Iterator[RenderableType]:
    """The first check that failed: what happened, the student's own line, and the hint if asked for."""
    from rich.padding import Padding
    from rich.text import Text

    result = view.failure
    assert result is not None
    place = view.lab.checks.index(result.check) + 1
    symbol, colour = sign_of(mark(result), encoding)
    yield Text.assemble(
        (f"{symbol} ", colour),
        (spelled(f"{place} {clean(result.check.title)}", encoding), "bold"),
        overflow="fold",
    )

    def inset(words: object, style: str = "", by: int = 2) -> Padding:
        return Padding(Text(spelled(str(words), encoding), style, overflow="fold"), (0, 0, 0, by))

    yield inset(clip(clean(result.verdict.message), _LONGEST))
    for step in view.steps:
        if step.state is StepState.ERROR:
            for where, code in student_error(step).lines[-2:]:
                yield inset(f"{where}: {code}", "dim", by=4)
            break
    if view.hint:
        yield inset(_("Hint: {hint}", hint=clean(result.check.hint)), "italic")
