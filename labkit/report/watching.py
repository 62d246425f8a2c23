"""What `labkit watch` shows: one screen, of 80 columns and 24 lines mostly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.i18n import texts
from labkit.report import training
from labkit.report.outline import clean, clip, is_about, mark, points, score, student_error
from labkit.report.spelling import shows, spelled
from labkit.report.terminal import sign_of, step_text
from labkit.rubric.epochs import Epoch
from labkit.rubric.evidence import Step, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.lab import Lab

if TYPE_CHECKING:
    from rich.console import Group
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


def screen(view: View, encoding: str, columns: int = 80, rows: int | None = None) -> Group:
    """Render a view for a terminal of so many columns and rows with what its encoding can show.

    Where rows are few, keys and hint are shown whole, and what failed rather than what went well.

    Args:
        view: What to show.
        encoding: Of the terminal, whose signs alone are used.
        columns: Of the terminal.
        rows: Of the terminal; ``None`` where it does not matter how many are taken.
    """
    from rich.console import Group

    head, foot = _head(view, encoding, columns), _foot(view, encoding, columns)
    heading, body, hint = _news(view, encoding, columns)
    steps = [_step(view, step, encoding, columns) for step in _shown(view)]
    room = 10_000 if rows is None else rows - len(head) - len(heading) - len(hint) - len(foot)
    of_steps = _fewer(steps, room - min(len(body), room // 2), encoding)
    of_body = _shorter(body, room - len(of_steps), encoding, columns)
    return Group(*head, *of_steps, *heading, *of_body, *hint, *foot)


def _head(view: View, encoding: str, columns: int) -> list[Text]:
    """The lab, its points and the course's."""
    from rich.text import Text

    title = spelled(f"{view.lab.name} · {view.lab.title}", encoding)
    return [
        *_lines(Text(title, "bold"), columns),
        *_lines(_progress(view, encoding), columns),
        Text(""),
    ]


def _foot(view: View, encoding: str, columns: int) -> list[Text]:
    """The note, the file and the keys."""
    from rich.text import Text

    words = [(_("Watching {file}: save it, and it runs again.", file=view.file), "dim")]
    if view.keys:
        words.append((_("h hint   r run again   l list   x reset   n next lab   q quit"), "dim"))
    found = [Text("")]
    if view.note:
        found += _lines(Text(spelled(view.note, encoding), "italic"), columns)
    for said, style in words:
        found += _lines(Text(spelled(str(said), encoding), style), columns)
    return found


def _news(view: View, encoding: str, columns: int) -> tuple[list[Text], list[Text], list[Text]]:
    """What there is to mend: its heading, what happened, and the hint if asked for."""
    from rich.text import Text

    if view.trouble:
        return [], _lines(Text(spelled(view.trouble, encoding), "bold"), columns), []
    if view.failure is not None:
        return _failure(view, view.failure, encoding, columns)
    if view.grade is not None:
        return [Text(""), Text(spelled(str(_("Every point earned.")), encoding), "bold green")], [], []
    if not view.steps:
        return [], [Text("  " + spelled(str(_("starting TensorFlow …")), encoding), "dim")], []
    return [], [], []


def _shown(view: View) -> list[Step]:
    """The steps that have begun; the loading of the file only while nothing else has."""
    begun = [step for step in view.steps if step.state is not StepState.WAITING]
    if view.grade is None and [(s.name, s.state) for s in begun] == [("import", StepState.RUNNING)]:
        return begun
    return [step for step in begun if step.name not in _HIDDEN]


def _step(view: View, step: Step, encoding: str, columns: int) -> tuple[Step, list[Text]]:
    """A step with its lines: one, or as many as the curves of a training take."""
    from rich.text import Text

    if step.state is not StepState.RUNNING or view.grade is not None:
        return step, _lines(step_text(step, encoding), columns)
    words = "\n".join(_running(view, step, encoding, columns - 2))
    return step, _lines(Text(spelled(words, encoding)), columns, inset=2)


def _fewer(steps: list[tuple[Step, list[Text]]], room: int, encoding: str) -> list[Text]:
    """The lines of as many steps as there is room for: rather what is not done, rather the last."""
    from rich.text import Text

    if len(steps) <= _MOST_STEPS and sum(len(lines) for _step, lines in steps) <= room:
        return [line for _step, lines in steps for line in lines]
    places = sorted(range(len(steps)), key=lambda n: (steps[n][0].state is StepState.DONE, -n))
    kept: dict[int, list[Text]] = {}
    left = room - 1
    for place in places[:_MOST_STEPS]:
        if left > 0:
            kept[place] = steps[place][1][:left]
            left -= len(kept[place])
    more = spelled(str(_("  … {count} more", count=len(steps) - len(kept))), encoding)
    found = [Text(more, "dim")] if len(kept) < len(steps) else []
    return [*found, *(line for place in sorted(kept) for line in kept[place])][: max(0, room)]


def _shorter(lines: list[Text], room: int, encoding: str, columns: int) -> list[Text]:
    """As many lines as there is room for; the last one ends with a sign where there are more."""
    if len(lines) <= room or room < 1:
        return lines[: max(0, room)]
    last, sign = lines[room - 1], spelled(" …", encoding)
    last.rstrip()
    last.truncate(columns - len(sign))
    return [*lines[: room - 1], last.append(sign)]


def _lines(text: Text, columns: int, inset: int = 0) -> list[Text]:
    """A text as it is folded on so many columns, a line each."""
    from rich.console import Console
    from rich.text import Text

    folded = text.wrap(Console(width=columns), columns - inset, overflow="fold")
    return [Text(" " * inset).append_text(line) for line in folded]


def _running(view: View, step: Step, encoding: str, columns: int) -> tuple[str, ...]:
    """How far a step is: the curves of a training, or what it printed last.

    A failure leaves less room for curves, a hint none.
    """
    name = _("load the file") if step.name == "import" else clean(step.name)
    words = f"… {name}  {clip(view.printed, 50)}".rstrip()
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


def _failure(
    view: View, result: Result, encoding: str, columns: int
) -> tuple[list[Text], list[Text], list[Text]]:
    """The first check that failed: what happened, the student's own lines, and the hint."""
    from rich.text import Text

    def lines(words: object, style: str = "", inset: int = 2) -> list[Text]:
        return _lines(Text(spelled(str(words), encoding), style), columns, inset)

    place = view.lab.checks.index(result.check) + 1
    symbol, colour = sign_of(mark(result), encoding)
    title = Text.assemble(
        (f"{symbol} ", colour), (spelled(f"{place} {clean(result.check.title)}", encoding), "bold")
    )
    message = clip(clean(result.verdict.message), _LONGEST)
    body = lines(message)
    for line in _own_lines(view, result):
        if line not in message:
            body += lines(line, "dim", inset=4)
    hint = _("Hint: {hint}", hint=clean(result.check.hint))
    return [Text(""), *_lines(title, columns)], body, lines(hint, "italic") if view.hint else []


def _own_lines(view: View, result: Result) -> Iterable[str]:
    """The student's last lines below an error in the step that the check is about, each once."""
    for step in view.steps:
        if step.state is StepState.ERROR and is_about(result, step.name):
            return dict.fromkeys(f"{where}: {code}" for where, code in student_error(step).lines[-2:])
    return ()
