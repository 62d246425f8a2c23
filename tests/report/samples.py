"""Grades for tests of reports, made by the real rules from evidence made without running anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from labkit.i18n import Text
from labkit.rubric import rules
from labkit.rubric.evidence import Evidence, ModelEvidence, Step, StepState, TrainingEvidence
from labkit.rubric.grade import Grade, judge
from labkit.rubric.lab import Budget, Check, Lab
from labkit.rubric.protocols import HoldOut

STEPS = ("import", "define", "compile", "fit", "export", "evaluate", "predict")
LABELS = np.array([0, 1, 2, 1])
ANSWERS = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1]])
CARD = {
    "layers": [
        {"class_name": "Flatten", "output_shape": [None, 784], "parameters": 0},
        {"class_name": "Dense", "units": 3, "activation": "softmax", "output_shape": [None, 3],
         "parameters": 2355},
    ],
    "parameters": 2355,
    "loss": "sparse_categorical_crossentropy",
    "optimizer": "Adam",
}  # fmt: skip
ERROR = {
    "type": "ValueError",
    "message": "\x1b[1mshapes do not fit\x1b[0m\n\n  • inputs=(32, 28)",
    "lines": [{"line": 40, "code": "history = train(model)"}, {"line": 34, "code": "model.fit(x)"}],
    "arguments": ["Sequential 'sequential'", "ndarray (54000, 28, 28) uint8"],
}
PROVENANCE: Mapping[str, Any] = {
    "submission": "mnist.py",
    "sha256": "ab" * 32,
    "seed": None,
    "started": "2026-11-21T06:21:25+00:00",
    "seconds": 4.45,
    "keras": "3.15.1",
}


def accuracy(answers: np.ndarray, labels: np.ndarray) -> float:
    """Share of rows whose largest answer is the label."""
    return float((answers.argmax(axis=1) == labels).mean())


def text(words: str) -> Text:
    """A text of a lab without a catalogue."""
    return Text(words)


def lab(*, bonus: str = "", full_at: float = 0.75) -> Lab:
    """A small lab with real rules; the check named ``bonus`` is one, ``full_at`` the accuracy asked."""
    metric = rules.metric(text("Accuracy"), accuracy, {0.5: 0, full_at: 1})
    asked: list[tuple[str, rules.Rule, tuple[str, ...]]] = [
        ("define", rules.step("define"), ()),
        ("fit", rules.step("fit"), ("define",)),
        ("export", rules.exports(), ("fit",)),
        ("loss", rules.loss("sparse_categorical_crossentropy"), ("export",)),
        ("evaluate", rules.evaluates("accuracy", accuracy), ("export",)),
        ("accuracy", metric, ("export",)),
    ]
    checks = tuple(
        Check(name, text(f"Title of {name}"), 2, rule, text(f"Hint of {name}?"), needs, name == bonus)
        for name, rule, needs in asked
    )
    return Lab(
        98,
        "toy",
        text("Toy lab"),
        text("Part"),
        1,
        Budget(1),
        checks,
        1,
        1,
        text("Toys"),
        protocol=HoldOut("mnist"),
    )


def run(
    state: Mapping[str, StepState] | None = None,
    error: Mapping[str, Any] = ERROR,
    replay: str = "ended",
    card: Mapping[str, Any] = CARD,
    refusal: Mapping[str, str] | None = None,
    **main: Any,
) -> Evidence:
    """A run in which all went well but for what is named; after a step that did not, none began."""
    steps, alive = [], True
    for name in STEPS:
        now = (state or {}).get(name, StepState.DONE) if alive else StepState.WAITING
        steps.append(Step(name, now, 0.25, error if now is StepState.ERROR else {}))
        alive = now is StepState.DONE
    answered = alive and replay == "ended" and not refusal
    training: dict[str, Any] = {
        "steps": tuple(steps),
        "claims": {"accuracy": 0.75, "loss": 0.5} if alive else {},
        "history": {"loss": [1.0, 0.5]} if alive else {},
        "fits": ({"loop": "fast", "reason": "", "epochs": 9, "epochs_run": 5},) if alive else (),
    }
    keys = ("main:hidden", "main:holdout")
    model = ModelEvidence(refusal=refusal) if refusal else ModelEvidence(card=card)
    return Evidence(
        trainings={"main": TrainingEvidence(**{**training, **main})},
        models={"main": model} if alive and replay == "ended" else {},
        predictions=dict.fromkeys(keys, ANSWERS) if answered else {},
        truth=dict.fromkeys(keys, LABELS),
        replay=replay if alive else "none",
    )


def graded(
    evidence: Evidence, of: Lab | None = None, provenance: Mapping[str, Any] = PROVENANCE
) -> tuple[Grade, Evidence]:
    """The grade of a run, and the run."""
    return judge(of or lab(), evidence, provenance), evidence


FULL = graded(run())
PARTIAL = graded(run(card={**CARD, "loss": "mse"}), lab(full_at=1.0))
STARTER = graded(run({"define": StepState.TODO}))
RAISED = graded(run({"fit": StepState.ERROR}))
UNREADABLE = graded(run({"import": StepState.ERROR}))
TIMED_OUT = graded(run({"fit": StepState.RUNNING}, outcome="time"))
REFUSED = graded(run(refusal={"en": "It holds a Lambda.", "es": "Contiene una Lambda."}))
UNDECIDED = graded(run(replay="lost"))
WITH_BONUS = graded(run(), lab(bonus="loss"))
WITHOUT_BONUS = graded(run(card={**CARD, "loss": "mse"}), lab(bonus="loss"))
ALL = {
    "full": FULL,
    "partial": PARTIAL,
    "starter": STARTER,
    "raised": RAISED,
    "unreadable": UNREADABLE,
    "timed out": TIMED_OUT,
    "refused": REFUSED,
    "undecided": UNDECIDED,
    "with bonus": WITH_BONUS,
    "without bonus": WITHOUT_BONUS,
}
