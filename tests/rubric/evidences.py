"""Evidence for tests, made without running anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from labkit.rubric.evidence import Evidence, ModelEvidence, Step, StepState, TrainingEvidence

STEPS = ("import", "define", "compile", "fit", "export", "evaluate", "predict")


def evidence(**changes: Any) -> Evidence:
    """A run in which everything went well, for three classes and four rows, but for ``changes``.

    ``state`` maps steps to other states; other names are fields of `Evidence` or of its main
    training.
    """
    answers = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1]])
    labels = np.array([0, 1, 2, 1])
    states = changes.pop("state", {})
    steps = tuple(Step(name, states.get(name, StepState.DONE)) for name in STEPS)
    stopping = {"name": "EarlyStopping", "monitor": "val_loss", "restore_best_weights": True}
    fit = {"loop": "fast", "epochs_run": 5, "callbacks": [stopping], "never_computed": []}
    training: dict[str, Any] = {
        "steps": steps,
        "claims": {"loss": 0.5, "accuracy": 0.75},
        "history": {"loss": [1.0, 0.5]},
        "fits": (fit,),
        "outputs": {"predict": answers.argmax(axis=1)},
    }
    card = {
        "layers": [{"class_name": "Dense", "units": 3, "activation": "softmax"}],
        "parameters": 100,
        "loss": "sparse_categorical_crossentropy",
    }
    whole: dict[str, Any] = {
        "models": {"main": ModelEvidence(card=card)},
        "probe": {"minimum": 0.0, "maximum": 1.0},
        "predictions": {"main:hidden": answers, "main:holdout": answers},
        "truth": {"main:hidden": labels, "main:holdout": labels},
        "replay": "ended",
    }
    for name, value in changes.items():
        (training if name in TrainingEvidence.__dataclass_fields__ else whole)[name] = value
    return Evidence(trainings={"main": TrainingEvidence(**training)}, **whole)


def with_card(**changes: Any) -> Evidence:
    """The good run with another card of its model."""
    card = {**evidence().model.card, **changes}
    return evidence(models={"main": ModelEvidence(card=card)})


def with_fit(**changes: Any) -> Evidence:
    """The good run with another record of its `fit`."""
    return evidence(fits=({**evidence().main.fits[0], **changes},))
