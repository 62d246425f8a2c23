"""Rules about functions that students write by hand: what they returned against what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.i18n import Text, texts
from labkit.rubric.evidence import Answer, Evidence, StepState, Use
from labkit.rubric.rules import step
from labkit.rubric.verdict import Status, Verdict
from labkit.rubric.whereabouts import whereabouts

if TYPE_CHECKING:
    from labkit.rubric.rules import Rule

__all__ = ["agrees", "each", "holds", "without"]

_ = texts(__file__)

_MOST_SHOWN = 6  # numbers of an array that a message lists


def each(function: str, judge: Callable[[Answer], Verdict | None], cases: Sequence[str] = ()) -> Rule:
    """Every answer of a function passes ``judge``, which returns a verdict where one does not.

    Args:
        function: Name of the function.
        judge: From an answer, which has arrays in ``returned``, to a failed verdict or ``None``.
        cases: Names of the cases that are looked at; all of them where none is named.
    """

    def rule(evidence: Evidence) -> Verdict:
        ran = step(function)(evidence)
        missed = evidence.main.step(function).state in (StepState.TODO, StepState.MISSING)
        if missed or (ran.status is not Status.PASSED and not evidence.main.returned.get(function)):
            return ran
        answers = [a for a in evidence.answers(function) if not cases or a.case in cases]
        for answer in answers:
            if answer.returned is None:
                nothing = _(
                    "{function}() returned nothing for {case}.", function=function, case=answer.case
                )
                return ran if ran.status is not Status.PASSED else Verdict.failed(nothing)
            if verdict := judge(answer):
                return verdict
        return Verdict.passed(
            _("{function}() is right in {count} cases.", function=function, count=len(answers))
        )

    return rule


def agrees(
    function: str,
    cases: Sequence[str] = (),
    rtol: float = 1e-5,
    atol: float = 1e-7,
    made_with: str = "",
    parts: Mapping[int, Text] | None = None,
) -> Rule:
    """The function returns what the reference returns.

    Args:
        function: Name of the function.
        cases: Names of the cases that are looked at; all of them where none is named.
        rtol: Relative difference that is let pass, for each number.
        atol: Absolute difference likewise.
        made_with: A module that the function has to use, be it in another one that it calls.
        parts: Place of each array that is looked at -> what it is; where it is ``None``, all are.
    """

    def judge(answer: Answer) -> Verdict | None:
        assert answer.returned is not None and answer.expected is not None
        returned, expected = _like(answer.returned, answer.expected), answer.expected
        if parts is None or len(returned) != len(expected):
            return _unlike(function, answer.case, returned, expected, rtol, atol)
        for place, part in parts.items():
            case = _("{case}, {part}", case=answer.case, part=part)
            one = slice(place, place + 1)
            if verdict := _unlike(function, case, returned[one], expected[one], rtol, atol):
                return verdict
        return None

    right = each(function, judge, cases)

    def rule(evidence: Evidence) -> Verdict:
        verdict = right(evidence)
        if not made_with or verdict.status is not Status.PASSED:
            return verdict
        reached = _reached(evidence.uses, [function])
        if any(use.place in reached and _names(use, made_with) for use in evidence.uses):
            return verdict
        return Verdict.failed(
            _(
                "{function}() is right, but nothing in it is of {module}: it is there to compare "
                "the two.",
                function=function,
                module=made_with,
            )
        )

    return rule


def holds(
    function: str,
    condition: Callable[[Answer], bool],
    otherwise: Text,
    cases: Sequence[str] = (),
) -> Rule:
    """A condition holds for every answer of a function.

    Args:
        function: Name of the function.
        condition: On an answer, which has arrays in ``returned``; an answer it raises `ValueError`,
            `IndexError` or `TypeError` for does not meet it.
        otherwise: What is said of one that does not meet it.
        cases: Names of the cases that are looked at; all of them where none is named.
    """

    def judge(answer: Answer) -> Verdict | None:
        try:
            met = bool(condition(answer))
        except (ValueError, IndexError, TypeError):
            met = False
        if met:
            return None
        said = _(
            "{function}(), case {case}: {what}", function=function, case=answer.case, what=otherwise
        )
        return Verdict.failed(said)

    return each(function, judge, cases)


def without(*names: str, besides: Sequence[str] = (), inside: Sequence[str] = ()) -> Rule:
    """The student's code does not name what would do the work for it.

    A function written by hand answers for everything that it calls in the file.

    Args:
        names: Full names of functions or modules: ``"numpy.convolve"``, ``"scipy"``. ``import *`` of a
            module that they are in names them all.
        besides: Functions and classes of the file that are not looked at, nor what they alone call.
        inside: Functions that are looked at with all that they call; where none is named, everything.
    """

    def rule(evidence: Evidence) -> Verdict:
        loaded = step("import")(evidence)
        if loaded.status is not Status.PASSED:
            return loaded
        looked_at = _reached(evidence.uses, inside) if inside else _answering(evidence, besides)
        for use in evidence.uses:
            if use.place in looked_at and any(_names(use, name) for name in names):
                return Verdict.failed(_done_by(use))
        return Verdict.passed(_("Everything is written out."))

    return rule


def _answering(evidence: Evidence, besides: Sequence[str]) -> set[str]:
    """What has to be the student's own: all but ``besides`` and what only that calls."""
    by_hand = {call.function for call in evidence.calls}.difference(besides)
    spared = _reached(evidence.uses, besides)
    return {use.place for use in evidence.uses} - spared | _reached(evidence.uses, by_hand)


def _reached(uses: Sequence[Use], places: Iterable[str]) -> set[str]:
    """These functions and classes of the file, and those that they name, and so on."""
    named: dict[str, set[str]] = {}
    for use in uses:
        if use.name.startswith("."):
            named.setdefault(use.place, set()).add(use.name.split(".")[1])
    found: set[str] = set()
    ahead = [*places]
    while ahead:
        place = ahead.pop()
        if place not in found:
            found.add(place)
            ahead += named.get(place, ())
    return found


def _names(use: Use, name: str) -> bool:
    """Whether something of ``name`` is used, be it by ``import *`` from where it is."""
    everything = use.name.endswith(".*") and name.startswith(use.name[:-1])
    return everything or f"{use.name}.".startswith(f"{name}.")


def _done_by(use: Use) -> Text:
    """That something of another module does what the student is to write."""
    if use.name.endswith(".*"):
        return _(
            "import * from {module} brings along what you are to write out here ({place}). Import only "
            "the names that you use.",
            module=use.name[:-2],
            place=whereabouts(use.line, use.cell),
        )
    if use.cell:
        return _(
            "Cell {cell}, line {line}: {name} does what you are to write out here. Use it again when "
            "you know what is in it.",
            cell=use.cell,
            line=use.line,
            name=use.name,
        )
    return _(
        "Line {line}: {name} does what you are to write out here. Use it again when you know what is "
        "in it.",
        line=use.line,
        name=use.name,
    )


def _like(returned: tuple[np.ndarray, ...], expected: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """What was returned, taken apart or put together where that is the only difference in shape."""
    if len(returned) == 1 and len(expected) > 1 and returned[0].shape[:1] == (len(expected),):
        return tuple(returned[0])
    if len(expected) == 1 and len(returned) > 1 and len({array.shape for array in returned}) == 1:
        return (np.stack(returned),)
    if len(returned) == len(expected) == 1 and expected[0].shape == (1, *returned[0].shape):
        return (returned[0][None],)  # a tuple of one array, where a list of one was expected
    return returned


def _shapes(arrays: tuple[np.ndarray, ...]) -> str:
    """Shapes in words: ``(3, 2), ()``."""
    return ", ".join(str(array.shape) for array in arrays)


def _close(mine: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> bool:
    return bool(np.all(_same(mine, right, rtol, atol)))


def _same(mine: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> Any:
    """Which numbers are the same; texts have to be equal."""
    if "U" in (mine.dtype.kind, right.dtype.kind):
        return mine.astype(str) == right.astype(str)
    return np.isclose(mine.astype(float), right.astype(float), rtol=rtol, atol=atol, equal_nan=True)


def _unlike(
    function: str,
    case: object,
    returned: tuple[np.ndarray, ...],
    expected: tuple[np.ndarray, ...],
    rtol: float,
    atol: float,
) -> Verdict | None:
    """What is said where arrays are not those that were expected: their shapes, or their numbers."""
    found, wanted = _shapes(returned), _shapes(expected)
    if found != wanted:
        return Verdict.failed(
            _(
                "{function}(), case {case}: it returned {found}; expected {wanted}.",
                function=function,
                case=case,
                found=found,
                wanted=wanted,
            )
        )
    for mine, right in zip(returned, expected):
        if not _close(mine, right, rtol, atol):
            return Verdict.failed(_difference(function, case, mine, right, rtol, atol))
    return None


def _difference(
    function: str, case: object, mine: np.ndarray, right: np.ndarray, rtol: float, atol: float
) -> Text:
    """Where two arrays of one shape differ, in one sentence."""
    if mine.size <= _MOST_SHOWN:
        return _(
            "{function}(), case {case}: it returned {mine}; expected {right}.",
            function=function,
            case=case,
            mine=_spelled(mine),
            right=_spelled(right),
        )
    wrong = ~np.asarray(_same(mine, right, rtol, atol))
    place = tuple(int(index[0]) for index in np.nonzero(wrong))
    return _(
        "{function}(), case {case}: {count} of {size} numbers differ, the first at {place}: "
        "{mine}; expected {right}.",
        function=function,
        case=case,
        count=int(wrong.sum()),
        size=mine.size,
        place=list(place),
        mine=_spelled(mine[place]),
        right=_spelled(right[place]),
    )


def _spelled(value: np.ndarray) -> str:
    if value.dtype.kind == "U":
        return str(value.tolist())
    return np.array2string(np.asarray(value), precision=6, separator=", ").replace("\n", "")
