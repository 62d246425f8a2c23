"""What every report says, whatever it looks like: marks, score, what to do next, safe words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from labkit.i18n import texts
from labkit.rubric.evidence import Evidence, Step, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.verdict import Status
from labkit.rubric.whereabouts import whereabouts

__all__ = [
    "LEFT_OUT",
    "NO_FAULT",
    "Advice",
    "Mark",
    "Score",
    "StudentError",
    "advice",
    "blocker",
    "clean",
    "clip",
    "is_about",
    "mark",
    "points",
    "score",
    "student_error",
    "task",
    "unsure",
]

_ = texts(__file__)

NO_FAULT = _(
    "That is no fault of yours and costs no points. If it happens again, tell your instructor."
)

LEFT_OUT = _("[Part of the log is left out here.]")

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
# Control characters, bidirectional overrides that can make code read as other code, and halves of
# surrogate pairs, which cannot be written as UTF-8.
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_MOST_LINES = 6


class Mark(str, Enum):
    """How a check is marked."""

    FULL = "passed"
    PART = "partial"
    """Passed with some of its points."""
    LOST = "failed"
    UNSURE = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Score:
    """What a grade comes to, bonus apart.

    Args:
        earned: Points earned, without bonus.
        maximum: Points to be had, without bonus.
        bonus: Bonus points earned.
        bonus_maximum: Bonus points to be had.
        undecided: Points that nobody could decide on.
    """

    earned: float
    maximum: float
    bonus: float
    bonus_maximum: float
    undecided: float


@dataclass(frozen=True, slots=True)
class StudentError:
    """An exception in the student's own terms.

    Args:
        step: The function it happened in; ``"import"`` is the file itself.
        kind: Name of its class.
        message: What it says, cleaned.
        lines: Place (line, or cell and line) and code of the student's own frames, outermost first.
        given: What the function was given, with shapes.
    """

    step: str
    kind: str
    message: str
    lines: tuple[tuple[str, str], ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """The one thing to do next.

    Args:
        result: The check that asks for it.
        todo: Name of the function that is still to be written, or empty.
        error: The exception behind it, if there was one.
    """

    result: Result
    todo: str = ""
    error: StudentError | None = None


def clean(text: object) -> str:
    r"""Text of unknown origin without what a terminal or a page must not be given.

    Example:
        >>> clean("\x1b[31mred\x1b[0m\x07 and plain")
        'red and plain'
    """
    return _UNSHOWN.sub("", _ESCAPES.sub("", str(text).replace("\r\n", "\n")))


def clip(text: str, longest: int) -> str:
    """Text on one line, cut to so many characters.

    Example:
        >>> clip("a long  tale", 7)
        'a long…'
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def points(number: float) -> str:
    """Points without needless zeros.

    Example:
        >>> points(2.50), points(3.0)
        ('2.5', '3')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")


def mark(result: Result) -> Mark:
    """The mark of one check."""
    status = result.verdict.status
    if status is Status.PASSED:
        return Mark.FULL if result.verdict.full else Mark.PART
    return Mark(status.value)


def score(grade: Grade) -> Score:
    """Add a grade up, bonus apart."""
    bonus = [result for result in grade.results if result.check.bonus]
    earned = sum(result.points for result in grade.results if not result.check.bonus)
    return Score(
        earned=round(earned, 2),
        maximum=grade.maximum,
        bonus=round(sum(result.points for result in bonus), 2),
        bonus_maximum=sum(result.check.points for result in bonus),
        undecided=grade.undecided,
    )


def blocker(grade: Grade, result: Result) -> int | None:
    """Place (from 1) of the check that a skipped one waits for; ``None`` where it was not skipped."""
    if result.verdict.status is not Status.SKIPPED:
        return None
    for place, other in enumerate(grade.results, 1):
        if other.check.name in result.check.needs and other.verdict.status is not Status.PASSED:
            return place
    return None


def unsure(grade: Grade, result: Result) -> bool:
    """Whether nobody could tell, of this check or of one it waits for."""
    place = blocker(grade, result)
    if place is not None:
        return unsure(grade, grade.results[place - 1])
    return result.verdict.status is Status.UNKNOWN


def advice(grade: Grade, evidence: Evidence) -> Advice | None:
    """What to do about the first check that cost points; ``None`` with full points.

    An exception is told with the check that names its step. One that no check names is told with
    the first check that failed, so that it is not lost.
    """
    result = grade.first_failure
    if result is None:
        return None
    lost = [other for other in grade.results if not other.verdict.full]
    raised = next((s for s in evidence.main.steps if s.state is StepState.ERROR), None)
    owner = next((r for r in lost if raised is not None and is_about(r, raised.name)), result)
    unwritten = (s.name for s in evidence.main.steps if s.state is StepState.TODO)
    return Advice(
        result,
        todo=next((clean(name) for name in unwritten if is_about(result, name)), ""),
        error=student_error(raised) if raised is not None and owner is result else None,
    )


def task(following: Advice, file: str) -> str:
    """What is to be done, in a few words.

    Args:
        following: The advice.
        file: Name of the student's file, or empty.
    """
    if following.error is not None and following.error.step == "import" and file:
        return str(_("Mend {file}: it cannot be imported", file=file))
    if following.todo and file:
        return str(_("Write {step} in {file}", step=following.todo, file=file))
    if following.todo:
        return str(_("Write {step}", step=following.todo))
    return clean(following.result.check.title)


def student_error(step: Step) -> StudentError:
    """Read an exception off a step; whatever is not as it should be is left out."""
    error = step.error
    frames = [frame for frame in _listed(error.get("lines")) if isinstance(frame, Mapping)]
    return StudentError(
        step=clean(step.name),
        kind=clean(error.get("type", "")),
        message=clean(error.get("message", "")).strip(),
        lines=tuple(
            (
                clean(whereabouts(frame.get("line", ""), frame.get("cell"))),
                clip(clean(frame.get("code", "")), 200),
            )
            for frame in frames[-_MOST_LINES:]
        ),
        given=tuple(clip(clean(value), 120) for value in _listed(error.get("arguments"))),
    )


def is_about(result: Result, step: str) -> bool:
    """Whether a check is about that step: by its own name, or by the step its message speaks of."""
    params = getattr(result.verdict.message, "params", {})
    return step in (result.check.name, params.get("step"))


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else ()
