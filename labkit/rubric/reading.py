"""Reads what a run left behind, once, into a record.

The evidence folder holds one folder a training and one of the replay::

    main/steps.json       each step: state, seconds, error
    main/claims.json      what the student's `evaluate` returned
    main/fits.json        each call of `fit`: the loop, epochs, callbacks
    main/history.json     metric -> value by epoch
    main/outputs.npz      what `predict` returned
    main/returned.….npz   what each function written by hand returned, by case
    main/watched.npz      what the model answered to the same inputs, before and after every epoch
    main/model.h5         the exported model
    main/log.txt          everything printed
    fold01/…              the same for every further training, without evaluate and predict
    replay/models.json    each exported model as the screen read it, or why it was refused
    replay/probe.json     what was measured inside the main model
    replay/attention.npz  weights of the main model's first layer of attention, by question
    replay/filters.npz    kernels and maps of the main model's first layer of convolution
    replay/predictions.npz

All of it comes from processes that ran foreign code or read foreign files, so sizes are bounded,
arrays are never unpickled, and nothing is believed: what counts is recomputed from the predictions
and the truth, which was never in those processes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from labkit.rubric.evidence import Evidence, ModelEvidence, Step, StepState, TrainingEvidence, Use
from labkit.rubric.protocol import Trial
from labkit.sandbox import calls

__all__ = ["read", "returned", "steps"]

_JSON_BYTES = 16 * 2**20
_ARRAY_BYTES = 2**30


def read(
    folder: Path,
    trial: Trial,
    outcomes: Mapping[str, str],
    replay: str,
    uses: tuple[Use, ...] = (),
) -> Evidence:
    """Read the evidence of one run.

    Args:
        folder: The evidence folder.
        trial: What was asked, with the truth.
        outcomes: Training -> how its process ended.
        replay: How the replay process ended.
        uses: What the student's code names of other modules.
    """
    models = _json(folder / "replay" / "models.json")
    return Evidence(
        trainings={
            name: _training(folder / name, outcomes.get(name, "lost"), tuple(trial.expected))
            for name in trial.names
        },
        models={
            name: ModelEvidence(_mapping(entry.get("card")), _mapping(entry.get("refusal")))
            for name, entry in _mapping(models).items()
            if isinstance(entry, Mapping)
        },
        probe=_mapping(_json(folder / "replay" / "probe.json")),
        filters=_arrays(folder / "replay" / "filters.npz"),
        attention=_arrays(folder / "replay" / "attention.npz"),
        predictions=_arrays(folder / "replay" / "predictions.npz"),
        truth=trial.truth,
        inputs={q.key: np.load(q.x, mmap_mode="r")[q.start : q.stop] for q in trial.questions if q.x},
        rows={
            training.name: (
                np.load(training.x, mmap_mode="r")[training.start : training.stop],
                np.load(training.y, mmap_mode="r")[training.start : training.stop],
            )
            for training in trial.trainings
        },
        calls=tuple(calls.read(trial.calls)) if trial.calls else (),
        expected=trial.expected,
        uses=uses,
        replay=replay,
    )


def returned(folder: Path, functions: Iterable[str]) -> dict[str, dict[str, np.ndarray]]:
    """Read what functions written by hand returned."""
    return {name: _arrays(folder / calls.returned_file(name)) for name in functions}


def steps(folder: Path) -> tuple[Step, ...]:
    """Read the steps of one training, also while it runs; none where nothing is written yet."""
    rows = _json(folder / "steps.json")
    found = []
    for row in rows if isinstance(rows, list) else []:
        try:
            seconds = float(row.get("seconds", 0.0)) if _is_number(row.get("seconds")) else 0.0
            state = StepState(row["state"])
            found.append(Step(str(row["name"]), state, seconds, _mapping(row.get("error"))))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return tuple(found)


def _training(folder: Path, outcome: str, functions: tuple[str, ...]) -> TrainingEvidence:
    fits = _json(folder / "fits.json")
    return TrainingEvidence(
        steps=steps(folder),
        claims={
            str(name): float(value)
            for name, value in _mapping(_json(folder / "claims.json")).items()
            if _is_number(value)
        },
        history={
            str(name): [float(value) for value in values]
            for name, values in _mapping(_json(folder / "history.json")).items()
            if isinstance(values, list) and all(map(_is_number, values))
        },
        fits=tuple(fit for fit in fits if isinstance(fit, Mapping)) if isinstance(fits, list) else (),
        outputs=_arrays(folder / "outputs.npz"),
        watched=_arrays(folder / "watched.npz").get("answers"),
        returned=returned(folder, functions),
        outcome=outcome,
    )


def _is_number(value: Any) -> bool:
    """Whether it fits a float: JSON's whole numbers may be of any length."""
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**1000)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _json(path: Path) -> Any:
    """Read a JSON file, ``None`` where it is absent, too large or not JSON."""
    try:
        if path.is_symlink() or path.stat().st_size > _JSON_BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """Read an ``.npz`` file without unpickling; nothing where it is absent, too large or odd."""
    try:
        if path.is_symlink():
            return {}
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _ARRAY_BYTES:
                return {}
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, MemoryError):
        return {}
