"""What ``labkit gradebook`` shows: lines of plain text, to be read and copied."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from labkit.grading.gradebook.compare import Change, Comparison
from labkit.grading.gradebook.policy import Policy
from labkit.grading.gradebook.records import Attempt, Standing, Student
from labkit.i18n import texts
from labkit.report.outline import clean, clip, points
from labkit.rubric.lab import Lab

__all__ = ["difference", "line", "table"]

_ = texts(__file__)

_LONGEST_KEY = 36  # it is what other commands are given
_NARROWEST = 10
_CAUSES = {"submission": _("submission"), "rubric": _("rubric"), "split": _("data split")}


def table(lab: Lab, standings: Sequence[Standing], policy: Policy) -> Iterator[str]:
    """A line for each student below a heading, and the whole in numbers.

    Args:
        lab: The lab.
        standings: Of everybody.
        policy: The rules they come from.
    """
    yield from _wrapped(_heading(lab, policy), "")
    if standings:
        yield from _aligned(_columns(standings))
    yield from _wrapped(_total(standings), "")


def _columns(standings: Sequence[Standing]) -> list[list[str]]:
    """The cells column by column, headings first; no names where nobody has one."""
    heads = (_("Student"), _("Name"), _("Points"), _("Attempts"), _("Remarks"))
    rows = [tuple(map(str, heads)), *map(_row, standings)]
    keys, names, *others = map(list, zip(*rows))
    if not any(standing.student.name for standing in standings):
        return [keys, *others]
    taken = sum(max(map(_width, column)) + 2 for column in (keys, *others[:-1]))
    longest = max(_NARROWEST, _room() - taken - 2 * _NARROWEST)
    return [keys, [_cut(name, longest) for name in names], *others]


def _aligned(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table: words to the left, two columns of numbers to the right, then remarks."""
    widths = [max(map(_width, column)) for column in columns[:-1]]
    taken = sum(widths) + 2 * len(widths)
    for *cells, remark in zip(*columns):
        words = [_padded(cell, width) for cell, width in zip(cells[:-2], widths)]
        numbers = [cell.rjust(width) for cell, width in zip(cells[-2:], widths[-2:])]
        first, *more = textwrap.wrap(remark, max(_NARROWEST, _room() - taken)) or [""]
        yield "  ".join((*words, *numbers, first)).rstrip()
        yield from (" " * taken + part for part in more)


def line(standing: Standing) -> str:
    """One student's standing."""
    remark = f"  {_remark(standing)}"
    return f"{_shown(standing.student)}  {_points(standing)}{remark}".rstrip()


def difference(student: Student, compared: Comparison) -> Iterator[str]:
    """What came out differently in a student's last two attempts, and what it may come from."""
    before, after = map(_earned, (compared.before, compared.after))
    causes = ", ".join(str(_CAUSES.get(cause, cause)) for cause in compared.causes)
    yield f"{_shown(student)}  {before} -> {after}  ({causes or _('no cause known')})"
    for change in compared.changes:
        yield from _changed(change)


def _changed(change: Change) -> Iterator[str]:
    scores = f"{points(change.before)} -> {points(change.after)}"
    yield from _wrapped(f"{clean(change.title)}: {scores}", "  ")
    for sign, said in (("-", change.said_before), ("+", change.said_after)):
        if said:
            yield from _wrapped(f"{sign} {clean(said)}", "    ")


def _heading(lab: Lab, policy: Policy) -> str:
    """Which lab, and by what rules."""
    keep = _("the last attempt counts") if policy.keep == "latest" else _("the best attempt counts")
    parts: list[object] = [keep]
    if policy.due is not None:
        parts.append(_("due {moment}", moment=f"{policy.due:%Y-%m-%d %H:%M}"))
    if policy.due is not None and policy.late:
        parts.append(_("{share} off for each day begun", share=f"{points(100 * policy.late)}%"))
    if policy.due is not None and policy.last_day is not None:
        parts.append(_("nothing after {days:g} days", days=policy.last_day))
    if not policy.bonus:
        parts.append(_("no bonus"))
    return f"{lab.name}, {lab.title}: {', '.join(map(str, parts))}"


def _total(standings: Sequence[Standing]) -> str:
    """The class in numbers."""
    earned = [standing.points for standing in standings if standing.points is not None]
    parts: list[object] = [
        _("{students} students, {graded} with a grade", students=len(standings), graded=len(earned))
    ]
    if earned:
        mean = points(sum(earned) / len(earned))
        parts.append(_("mean {mean} of {maximum}", mean=mean, maximum=points(standings[0].maximum)))
    if untold := sum(_untold(standing) for standing in standings):
        parts.append(_("{untold} could not be told", untold=untold))
    return ", ".join(map(str, parts))


def _row(standing: Standing) -> tuple[str, ...]:
    student = standing.student
    return (
        _cut(clean(student.key), _LONGEST_KEY),
        clean(student.name),
        _points(standing),
        str(standing.attempts),
        _remark(standing),
    )


def _shown(student: Student) -> str:
    return clip(clean(student.shown), 40)


def _points(standing: Standing) -> str:
    earned = "-" if standing.points is None else points(standing.points)
    return f"{earned} / {points(standing.maximum)}"


def _earned(attempt: Attempt) -> str:
    """Points of an attempt; where nobody could tell, that is no zero."""
    return "-" if attempt.verdict == "unknown" else points(attempt.points)


def _untold(standing: Standing) -> bool:
    return standing.attempt is not None and standing.attempt.verdict == "unknown"


def _remark(standing: Standing) -> str:
    parts: list[object] = []
    if standing.attempt is None:
        parts.append(_("nothing handed in"))
    elif _untold(standing):
        parts.append(_("could not tell"))
    elif standing.attempt.verdict == "refused":
        parts.append(_("refused"))
    if standing.penalty:
        parts.append(_("late: -{penalty}", penalty=points(standing.penalty)))
    parts += [
        f"{'+' if each.points >= 0 else ''}{points(each.points)} ({clean(each.reason)})"
        for each in standing.adjustments
    ]
    return ", ".join(map(str, parts))


def _room() -> int:
    """Columns there are to write in."""
    return max(40, shutil.get_terminal_size().columns)


def _wrapped(text: str, indent: str) -> list[str]:
    hanging = indent + ("  " if indent else "")
    return textwrap.wrap(text, _room(), initial_indent=indent, subsequent_indent=hanging)


def _width(text: str) -> int:
    """Columns a text takes: two for each wide letter, none for an accent of its own."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _cut(text: str, longest: int) -> str:
    """Text on one line of at most so many columns."""
    shown = clip(text, longest)
    while _width(shown) > longest:
        shown = clip(text, len(shown) - 1)
    return shown


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
