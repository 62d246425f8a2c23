"""Runs one student's file and leaves evidence. Untrusted from the first line on.

The task of a worker's job::

    submission     path of the student's .py file
    cells          where it was a notebook, the first line of each cell in it: its code expects names
                   that IPython gives, and errors name cells
    steps          names of the functions to run, in order
    calls          calls of functions written by hand; absent where there are none
    withheld       modules that the file may not import
    train          rows given to fit: two .npy files, x and y, and start and stop; absent where
                   there is no model
    holdout        rows given to evaluate and predict; absent for further trainings
    asked          .npy file of what predict is given in place of those rows
    watched        .npy file of inputs that the model answers after every epoch
    early          whether the model is saved before it is trained, too
    part           attribute of the model that is exported; the model itself where it is empty
    seed           of Keras, NumPy and Python
    threads        of TensorFlow; 0 lets it choose
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

from labkit.sandbox import by_hand, five_steps, notebook
from labkit.sandbox.diary import Diary, Stop
from labkit.sandbox.job import Job
from labkit.sandbox.seal import Seal

__all__ = ["work"]


def work(job: Job, seal: Seal) -> None:
    """Run the steps of ``job.task`` and leave evidence in ``job.folder``, announced with ``seal``."""
    task = job.task
    _settle(task["seed"], task["threads"])
    by_hand.withhold(task.get("withheld", ()))
    source, cells = Path(task["submission"]), task.get("cells", ())
    diary = Diary(job.folder, _with_own(task["steps"]), source, seal, cells)
    with suppress(Stop):
        given = notebook.names(notebook=bool(cells))
        module = diary.run("import", lambda path: _load(path, given), source)
        if "calls" in task:
            by_hand.run(diary, module, job)
        if "train" in task:
            five_steps.run(diary, module, job)


def _with_own(steps: list[str]) -> list[str]:
    """The student's steps with the worker's own: the file is loaded first, a fitted model saved."""
    named = ["import", *steps]
    if "fit" in steps:
        named.insert(named.index("fit") + 1, "export")
    return named


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
