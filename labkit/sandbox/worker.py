"""Runs one student's file on one training and leaves evidence. Untrusted from the first line on.

The task of a worker's job::

    submission     path of the student's .py file
    notebook       whether it was a notebook, whose code expects names that IPython gives
    steps          names of the functions to run, in order
    train          rows given to fit: two .npy files, x and y, and start and stop
    holdout        rows given to evaluate and predict; absent for further trainings
    seed           of Keras, NumPy and Python
    threads        of TensorFlow; 0 lets it choose
"""

from __future__ import annotations

import linecache
import os
import sys
import time
import traceback
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from labkit.lifecycle import h5
from labkit.lifecycle.fit import accelerated
from labkit.sandbox import integrity, notebook
from labkit.sandbox.job import Job
from labkit.sandbox.seal import Seal

__all__ = ["work"]

_LONGEST_MESSAGE = 2_000
_WATCHED_STEPS = ("import", "define", "compile", "fit")


class _Stop(Exception):
    """A step did not end well; later steps wait."""


class _Diary:
    """Keeps ``steps.json`` true at every moment, so that a process that dies tells where.

    Args:
        folder: The evidence folder.
        names: All steps, in order.
        source: The student's file, whose lines an error shows.
        seal: Writes and announces.
    """

    def __init__(self, folder: Path, names: list[str], source: Path, seal: Seal) -> None:
        self.path = folder / "steps.json"
        self.source = source
        self.seal = seal
        self.steps: dict[str, dict[str, Any]] = {
            name: {"name": name, "state": "waiting", "seconds": 0.0} for name in names
        }
        self._write()

    def run(self, name: str, action: Callable[..., Any], *arguments: Any) -> Any:
        """Run one step, with its time and whatever it raises on record."""
        self._note(name, state="running")
        begun = time.perf_counter()
        try:
            result = action(*arguments)
            if name in _WATCHED_STEPS:
                integrity.expect_unchanged()
        except NotImplementedError as error:
            self._note(name, state="todo", error=_describe(error, self.source, arguments))
            raise _Stop from None
        except _Missing as error:
            self._note(name, state="missing", error={"type": "", "message": str(error)})
            raise _Stop from None
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            self._note(name, state="error", error=_describe(error, self.source, arguments))
            traceback.print_exc()
            raise _Stop from None
        self._note(name, state="done", seconds=round(time.perf_counter() - begun, 3))
        return result

    def _note(self, name: str, **fields: Any) -> None:
        self.steps[name].update(fields)
        self._write()

    def _write(self) -> None:
        self.seal.json(self.path, list(self.steps.values()))


class _Missing(Exception):
    """The file has no function of that name."""


def work(job: Job, seal: Seal) -> None:
    """Run the steps of ``job.task`` and leave evidence in ``job.folder``, announced with ``seal``."""
    task = job.task
    _settle(task["seed"], task["threads"])
    source = Path(task["submission"])
    steps = list(task["steps"])
    diary = _Diary(job.folder, ["import", *steps[:3], "export", *steps[3:]], source, seal)
    try:
        given = notebook.names(notebook=bool(task.get("notebook")))
        module = diary.run("import", lambda path: _load(path, given), source)
        _five_steps(diary, module, job)
    except _Stop:
        return


def _five_steps(diary: _Diary, module: types.ModuleType, job: Job) -> None:
    """Define, compile, fit and export; then, where there is a hold-out, use the model on it."""
    task, folder = job.task, job.folder
    x, y = _arrays(task["train"])
    model = diary.run("define", lambda: _expect_model(_call(module, "define")))
    diary.run("compile", lambda model: _expect_compiled(model, _call(module, "compile", model)), model)
    history = diary.run("fit", lambda *a: _fit(module, job, diary.seal, *a), model, x, y)
    diary.seal.json(folder / "history.json", _history(history, model))
    diary.run("export", h5.save, model, folder / "model.h5")
    diary.seal.file(folder / "model.h5")
    if "holdout" in task:
        _use(diary, module, model, job)


def _fit(module: types.ModuleType, job: Job, seal: Seal, *arguments: Any) -> Any:
    """Call the student's `fit` with the fast loop underneath, and record what it did."""
    with accelerated() as fits:
        try:
            return _call(module, "fit", *arguments)
        finally:
            seal.json(job.folder / "fits.json", [asdict(fit) for fit in fits])


def _use(diary: _Diary, module: types.ModuleType, model: keras.Model, job: Job) -> None:
    """Evaluate and predict on the hold-out; one that goes wrong does not stop the other."""
    x, y = _arrays(job.task["holdout"])
    with suppress(_Stop):
        claims = diary.run(
            "evaluate", lambda *a: _expect_metrics(_call(module, "evaluate", *a)), model, x, y
        )
        diary.seal.json(job.folder / "claims.json", claims)
    with suppress(_Stop):
        answer = diary.run(
            "predict", lambda *a: _expect_array(_call(module, "predict", *a), len(x)), model, x
        )
        np.savez(job.folder / "outputs.npz", predict=answer)
        diary.seal.file(job.folder / "outputs.npz")


def _settle(seed: int, threads: int) -> None:
    """Make a run repeat itself."""
    keras.utils.set_random_seed(seed)
    if threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)


def _load(source: Path, given: Mapping[str, Any]) -> types.ModuleType:
    """Import the student's file, its folder first on the path, with the names it is ``given``.

    The module has a name of its own: a student's ``keras.py`` must not stand in for Keras.
    """
    module = types.ModuleType("submission")
    module.__file__ = str(source)
    vars(module).update(given)
    sys.modules[module.__name__] = module
    sys.path.insert(0, str(source.parent))
    code = compile(source.read_bytes(), str(source), "exec")
    exec(code, module.__dict__)
    return module


def _call(module: types.ModuleType, name: str, *arguments: Any) -> Any:
    """Call the student's function of that name."""
    function = getattr(module, name, None)
    if not callable(function):
        raise _Missing(name)
    return function(*arguments)


def _arrays(rows: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Map inputs and labels; the student sees plain, read-only arrays of NumPy."""
    part = slice(rows["start"], rows["stop"])
    x, y = (np.load(rows[name], mmap_mode="r").view(np.ndarray)[part] for name in ("x", "y"))
    return x, y


def _expect_model(model: Any) -> keras.Model:
    if not isinstance(model, keras.Model):
        raise TypeError(f"define() must return a keras.Model. It returned: {_shape(model)}")
    return model


def _expect_compiled(model: keras.Model, _returned: Any) -> None:
    if not model.compiled:
        raise RuntimeError("compile(model) must call model.compile(...). The model is not compiled.")


def _expect_metrics(metrics: Any) -> dict[str, float]:
    if not isinstance(metrics, Mapping):
        raise TypeError(
            "evaluate() must return a dict of metrics, as model.evaluate(x, y, return_dict=True) "
            f"does. It returned: {_shape(metrics)}"
        )
    return {str(name): float(value) for name, value in metrics.items()}


def _expect_array(answer: Any, rows: int) -> np.ndarray:
    answer = np.asarray(answer)
    if answer.dtype.kind not in "biuf" or len(np.atleast_1d(answer)) != rows:
        raise TypeError(
            f"predict() must return one number or row of numbers for each of the {rows} inputs. "
            f"It returned: {_shape(answer)}"
        )
    return answer


def _history(history: Any, model: keras.Model) -> dict[str, list[float]]:
    """The history that `fit` returned, or the model's last one where it returned none."""
    record = history if isinstance(history, keras.callbacks.History) else model.history
    metrics = getattr(record, "history", None) or {}
    return {str(name): [float(value) for value in values] for name, values in metrics.items()}


def _describe(error: BaseException, source: Path, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """An exception in the student's terms: their own lines, and the shapes they were given."""
    return {
        "type": type(error).__name__,
        "message": str(error)[:_LONGEST_MESSAGE],
        "lines": _own_lines(error, source),
        "arguments": [_shape(argument) for argument in arguments],
    }


def _own_lines(error: BaseException, source: Path) -> list[dict[str, Any]]:
    """The frames of ``error`` that lie in the student's file, outermost first."""
    if isinstance(error, SyntaxError) and error.filename == str(source):
        return [{"line": error.lineno, "code": (error.text or "").strip()}]
    frames = traceback.extract_tb(error.__traceback__)
    return [
        {"line": frame.lineno, "code": linecache.getline(frame.filename, frame.lineno or 0).strip()}
        for frame in frames
        if frame.filename == str(source)
    ]


def _shape(value: Any) -> str:
    """A value in a few words: its type, and its shape and dtype where it has them."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{type(value).__name__} {tuple(value.shape)} {value.dtype}"
    if isinstance(value, keras.Model):
        return f"{type(value).__name__} {value.name!r}"
    return type(value).__name__
