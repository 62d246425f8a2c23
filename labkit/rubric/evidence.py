"""What a run left behind, as rules look at it; `labkit.rubric.reading` makes it of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import count, takewhile
from typing import Any

import numpy as np

from labkit.sandbox.calls import Call

__all__ = ["Answer", "Evidence", "ModelEvidence", "Step", "StepState", "TrainingEvidence", "Use"]


class StepState(str, Enum):
    """How far a step came."""

    DONE = "done"
    TODO = "todo"
    """Still the starter's `NotImplementedError`."""
    MISSING = "missing"
    """The file has no such function."""
    ERROR = "error"
    RUNNING = "running"
    """Begun and never ended: the process died or its time was up."""
    WAITING = "waiting"
    """Never begun, because an earlier step did not end well."""


@dataclass(frozen=True, slots=True)
class Step:
    """One function of the student's file, as it ran.

    Args:
        name: Name of the function; ``"import"`` is the file itself, ``"export"`` the saving of
            the model.
        state: How far it came.
        seconds: Wall time.
        error: ``type``, ``message``, ``lines`` (the student's own: ``line``, ``code``, of a notebook
            ``cell``), ``arguments`` (with shapes).
    """

    name: str
    state: StepState
    seconds: float = 0.0
    error: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrainingEvidence:
    """What one training left.

    Args:
        steps: The steps in order.
        claims: What `evaluate` returned. Shown, never counted.
        history: Metric -> value by epoch.
        fits: The calls of `fit`.
        outputs: Step -> array that it returned.
        watched: What the model answered to the watched inputs, by epoch; before the first one, too.
        returned: Function written by hand -> arrays it returned, see `labkit.sandbox.calls`.
        outcome: How the process ended: ``"ended"``, ``"time"``, ``"memory"``, ``"died"``,
            ``"altered"`` (what the kit wrote there was changed) or ``"lost"`` (the kit's own failure);
            ``"none"`` where a model was handed in and nothing was run.
    """

    steps: tuple[Step, ...] = ()
    claims: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[str, list[float]] = field(default_factory=dict)
    fits: tuple[Mapping[str, Any], ...] = ()
    outputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    watched: np.ndarray | None = None
    returned: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    outcome: str = "ended"

    def step(self, name: str) -> Step:
        """The step of that name; waiting if nothing is known of it."""
        for step in self.steps:
            if step.name == name:
                return step
        return Step(name, StepState.WAITING)


@dataclass(frozen=True, slots=True)
class ModelEvidence:
    """An exported model as the screen read it.

    Args:
        card: Layers, parameters, loss and optimizer; empty where the file was refused.
        refusal: Language -> why the file was refused; empty where it was not.
    """

    card: Mapping[str, Any] = field(default_factory=dict)
    refusal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Use:
    """Something of another module, or a function of its own, that a student's code names.

    Args:
        name: In full, whatever it was imported as: ``"numpy.linalg.inv"``; a function or class of the
            file itself is ``".name"``.
        line: Where it stands for the first time.
        place: Function or class at the top level that it stands in; empty outside of all.
        cell: Of a notebook, whose lines are then the cell's; 0 in a file without cells.
    """

    name: str
    line: int
    place: str
    cell: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call of a function written by hand.

    Args:
        case: Name of the case.
        arguments: What the function was given.
        returned: Arrays it returned, ``None`` where it did not.
        expected: Arrays the reference returned.
    """

    case: str
    arguments: tuple[Any, ...]
    returned: tuple[np.ndarray, ...] | None
    expected: tuple[np.ndarray, ...] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that rules and figures may look at.

    Args:
        trainings: Name -> what it left; ``"main"`` is always there.
        models: Training -> its exported model, where it was replayed.
        probe: What the replay measured inside the main model.
        filters: Of the main model's first layer of convolution: ``kernels``, and ``maps`` of the first
            inputs asked about.
        attention: Question key -> weights of the first layer of attention for the first inputs asked
            about, ``(inputs, steps, keys)``, where the answer came symbol by symbol.
        predictions: Question key -> what the exported model answered.
        truth: Question key -> labels, of the trusted side.
        inputs: Question key -> inputs asked about.
        rows: Training -> inputs and labels it was fitted on.
        calls: What functions written by hand were called with.
        expected: Function -> arrays that the reference returned, of the trusted side.
        uses: What the student's code names of other modules.
        replay: How the replay process ended; ``"none"`` where there was nothing to replay.
    """

    trainings: Mapping[str, TrainingEvidence]
    models: Mapping[str, ModelEvidence] = field(default_factory=dict)
    probe: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, np.ndarray] = field(default_factory=dict)
    attention: Mapping[str, np.ndarray] = field(default_factory=dict)
    predictions: Mapping[str, np.ndarray] = field(default_factory=dict)
    truth: Mapping[str, np.ndarray] = field(default_factory=dict)
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    rows: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    expected: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    replay: str = "none"

    @property
    def main(self) -> TrainingEvidence:
        """The training whose five steps all ran."""
        return self.trainings["main"]

    @property
    def model(self) -> ModelEvidence:
        """The main exported model."""
        return self.models.get("main", ModelEvidence())

    def answers(self, function: str) -> tuple[Answer, ...]:
        """Every call of a function written by hand, with what came of it."""
        returned, expected = (
            arrays.get(function, {}) for arrays in (self.main.returned, self.expected)
        )
        return tuple(
            Answer(call.case, call.arguments, _of(call.case, returned), _of(call.case, expected))
            for call in self.calls
            if call.function == function
        )

    def answer(self, function: str, case: str) -> Answer:
        """One such call.

        Raises:
            KeyError: There is none of that name.
        """
        for answer in self.answers(function):
            if answer.case == case:
                return answer
        raise KeyError(case)


def _of(case: str, arrays: Mapping[str, np.ndarray]) -> tuple[np.ndarray, ...] | None:
    """The arrays of one case, in order; ``None`` where there are none."""
    own = takewhile(lambda key: key in arrays, (f"{case}:{place}" for place in count()))
    return tuple(arrays[key] for key in own) or None
