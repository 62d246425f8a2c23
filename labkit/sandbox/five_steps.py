"""The five steps in the life of a student's model: define, compile, fit, evaluate, predict."""

from __future__ import annotations

import types
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import keras
import numpy as np

from labkit.lifecycle import h5
from labkit.lifecycle.fit import accelerated
from labkit.sandbox.diary import Diary, Stop, call, kind_of
from labkit.sandbox.epochs import EpochLog
from labkit.sandbox.job import Job
from labkit.sandbox.seal import Seal

__all__ = ["run"]

_MOST_WATCHED = 200  # epochs


def run(diary: Diary, module: types.ModuleType, job: Job) -> None:
    """Define, compile, fit and export; then, where there is a hold-out, use the model on it."""
    task, folder = job.task, job.folder
    x, y = _arrays(task["train"])
    model = diary.run("define", lambda: _expect_model(call(module, "define")))
    diary.run("compile", lambda model: _expect_compiled(model, call(module, "compile", model)), model)
    if task.get("early"):
        _save_early(model, job)
    history = diary.run("fit", lambda *a: _fit(module, job, diary.seal, *a), model, x, y)
    diary.seal.json(folder / "history.json", _history(history, model))
    diary.run("export", lambda model: h5.save(_part(model, task), folder / "model.h5"), model)
    diary.seal.file(folder / "model.h5")
    if "holdout" in task:
        _use(diary, module, model, job)


def _fit(module: types.ModuleType, job: Job, seal: Seal, *arguments: Any) -> Any:
    """Call the student's `fit` with the fast loop underneath, and record what it did."""
    watcher = _Watcher(job.task) if "watched" in job.task else None
    log = EpochLog(job.folder / "progress.jsonl")
    with accelerated(watcher=watcher, beside=log.beside) as fits:
        try:
            return call(module, "fit", *arguments)
        finally:
            seal.json(job.folder / "fits.json", [asdict(fit) for fit in fits])
            if watcher is not None:
                np.savez(job.folder / "watched.npz", answers=np.array(watcher.answers))
                seal.file(job.folder / "watched.npz")


class _Watcher(keras.callbacks.Callback):
    """Keeps what the model answers to the same inputs before training and after every epoch."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        super().__init__()
        self.answers: list[np.ndarray] = []
        self._task = task
        self._inputs = np.load(task["watched"])

    def on_train_begin(self, logs: Any = None) -> None:
        if not self.answers:
            self._ask()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._ask()

    def _ask(self) -> None:
        if len(self.answers) < _MOST_WATCHED:
            part = _part(self.model, self._task)
            self.answers.append(np.asarray(part(self._inputs, training=False), "float16"))


def _part(model: Any, task: Mapping[str, Any]) -> Any:
    """The part of a model that is exported."""
    name = task.get("part")
    if not name:
        return model
    part = getattr(model, name, None)
    if not isinstance(part, keras.Model):
        raise TypeError(f"The model has no keras.Model called {name}, which is to be exported.")
    return part


def _save_early(model: keras.Model, job: Job) -> None:
    """Save the model as it is before training, for those who look at a run that goes on."""
    path = job.folder / "early.part.h5"
    with suppress(Exception):  # what cannot be saved is told when it has been trained
        h5.save(_part(model, job.task), path)
        path.rename(job.folder / "early.h5")


def _use(diary: Diary, module: types.ModuleType, model: keras.Model, job: Job) -> None:
    """Evaluate and predict on the hold-out; one that goes wrong does not stop the other."""
    x, y = _arrays(job.task["holdout"])
    asked = np.load(job.task["asked"]) if "asked" in job.task else x
    with suppress(Stop):
        claims = diary.run(
            "evaluate", lambda *a: _expect_metrics(call(module, "evaluate", *a)), model, x, y
        )
        diary.seal.json(job.folder / "claims.json", claims)
    with suppress(Stop):
        answer = diary.run(
            "predict", lambda *a: _expect_array(call(module, "predict", *a), len(asked)), model, asked
        )
        np.savez(job.folder / "outputs.npz", predict=answer)
        diary.seal.file(job.folder / "outputs.npz")


def _arrays(rows: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Map inputs and labels; the student sees plain, read-only arrays of NumPy."""
    part = slice(rows["start"], rows["stop"])
    x, y = (np.load(rows[name], mmap_mode="r").view(np.ndarray)[part] for name in ("x", "y"))
    return x, y


def _expect_model(model: Any) -> keras.Model:
    if not isinstance(model, keras.Model):
        raise TypeError(f"define() must return a keras.Model. It returned: {kind_of(model)}")
    return model


def _expect_compiled(model: keras.Model, _returned: Any) -> None:
    if not model.compiled:
        raise RuntimeError("compile(model) must call model.compile(...). The model is not compiled.")


def _expect_metrics(metrics: Any) -> dict[str, float]:
    if not isinstance(metrics, Mapping):
        raise TypeError(
            "evaluate() must return a dict of metrics, as model.evaluate(x, y, return_dict=True) "
            f"does. It returned: {kind_of(metrics)}"
        )
    return {str(name): float(value) for name, value in metrics.items()}


def _expect_array(answer: Any, rows: int) -> np.ndarray:
    answer = np.asarray(answer)
    if answer.dtype.kind not in "biuf" or len(np.atleast_1d(answer)) != rows:
        raise TypeError(
            f"predict() must return one number or row of numbers for each of the {rows} inputs. "
            f"It returned: {kind_of(answer)}"
        )
    return answer


def _history(history: Any, model: keras.Model) -> dict[str, list[float]]:
    """The history that `fit` returned, or the model's last one where it returned none."""
    record = history if isinstance(history, keras.callbacks.History) else model.history
    metrics = getattr(record, "history", None) or {}
    return {str(name): [float(value) for value in values] for name, values in metrics.items()}
