"""What can be said of a run before it has ended: the first check that has failed for certain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from labkit.i18n import LANGUAGES, Verbatim
from labkit.rubric import reading
from labkit.rubric.evidence import Evidence, ModelEvidence, Step, StepState, TrainingEvidence, Use
from labkit.rubric.grade import Result
from labkit.rubric.lab import FIVE_STEPS, Check, Lab
from labkit.rubric.protocol import Trial
from labkit.rubric.verdict import Status, Verdict

__all__ = ["first_failure"]

_OPEN = (StepState.RUNNING, StepState.WAITING)
_OF_STEPS = {"history": "fit", "fits": "fit", "claims": "evaluate", "outputs": "predict"}
"""What a training leaves, and the step that leaves it."""


def first_failure(
    lab: Lab, folder: Path, trial: Trial, uses: tuple[Use, ...] = (), model: ModelEvidence | None = None
) -> Result | None:
    """Judge the evidence of a run that goes on.

    A rule that looks at something that is not there yet could not tell; one that fails without it will
    not pass with it.

    Args:
        lab: The lab.
        folder: The evidence folder.
        trial: What the run was given.
        uses: What the student's code names of other modules.
        model: The model as it was before training, where the screen has read it.

    Returns:
        The first check in the rubric's order that has failed, ``None`` while none has.
    """
    known = reading.read(folder, trial, dict.fromkeys(trial.names, "ended"), "ended", uses)
    growing = _growing(known, model)
    results = (Result(check, _verdict(check, growing)) for check in lab.checks)
    return next((result for result in results if result.verdict.status is Status.FAILED), None)


def _verdict(check: Check, evidence: Evidence) -> Verdict:
    try:
        return check.rule(evidence)
    except Exception as error:  # not yet; or a fault of the rule's, which the whole run will show
        return Verdict.unknown(Verbatim(dict.fromkeys(LANGUAGES, repr(error))))


class _NotYetError(Exception):
    """Nobody knows yet."""


@dataclass(frozen=True, slots=True)
class _Growing(TrainingEvidence):
    """A training that goes on: of a step that may still end well nothing is known."""

    def step(self, name: str) -> Step:
        found = TrainingEvidence.step(self, name)
        if found.state in _OPEN and not self.stuck_before(name):
            raise _NotYetError(name)
        if found.state is StepState.DONE and name in self.returned and not self.returned[name]:
            raise _NotYetError(name)  # it has ended, and what it returned is being written
        return found

    def stuck_before(self, name: str) -> bool:
        """Whether a step that this one needs did not end well, so that this one never runs."""
        needed = ("import", *(FIVE_STEPS if name in (*FIVE_STEPS, "export") else ()))
        before = takewhile(lambda step: step.name != name, self.steps)
        return any(
            step.name in needed and step.state not in (StepState.DONE, *_OPEN) for step in before
        )


class _Unwritten(Mapping[str, Any]):
    """A mapping, or a sequence, that nobody has written yet."""

    def __getitem__(self, key: object) -> Any:
        raise _NotYetError(key)

    def __iter__(self) -> Iterator[str]:
        raise _NotYetError

    def __len__(self) -> int:
        raise _NotYetError

    def __contains__(self, key: object) -> bool:
        raise _NotYetError(key)


def _growing(evidence: Evidence, model: ModelEvidence | None) -> Evidence:
    """The same evidence, where looking at what is missing raises."""
    main, missing = evidence.main, _Unwritten()
    values = {each.name: getattr(main, each.name) for each in fields(main)}
    for name, step in _OF_STEPS.items():
        if main.step(step).state in _OPEN:
            values[name] = missing
    later: dict[str, Any] = dict.fromkeys(("probe", "filters", "attention", "predictions"), missing)
    later["models"] = missing if model is None else {"main": model}
    return replace(evidence, trainings={"main": _Growing(**values)}, **later)
