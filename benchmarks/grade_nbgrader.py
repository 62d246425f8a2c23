"""The same class graded with nbgrader, for `grade.py`.

nbgrader brings Jupyter: it lives in an environment of its own, made once in the cache folder, which
borrows TensorFlow from this one. It grades one submission after another; where several processes of it
share a class, their kernels get one thread each, as labkit's workers do; that is faster for them, too.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labkit import data
from labkit.data.cache import cache_folder

PACKAGES = ("nbgrader==0.9.6", "ipykernel==7.4.0")
PATIENCE = 600  # seconds for a cell; the 30 that nbgrader gives are too few on a loaded machine
HOLDOUT = 5_000  # of the training rows, for evaluate and predict, as the lab's protocol has it

LOAD = f"""\
import numpy as np

x, y = np.load("ROWS/x.npy"), np.load("ROWS/y.npy")
x_holdout, y_holdout = x[-{HOLDOUT}:], y[-{HOLDOUT}:]
x, y = x[:-{HOLDOUT}], y[:-{HOLDOUT}]
"""
RUN = """\
model = define()
compile(model)
history = fit(model, x, y)
model.save("model.h5")
claims = evaluate(model, x_holdout, y_holdout)
answers = predict(model, x_holdout)
"""
# A graded cell that prints to stderr earns nothing, so no test may provoke a warning of Keras'.
SHAPE = """\
exported = keras.models.load_model("model.h5", compile=False)
assert exported.output_shape == (None, 10)
assert exported.layers[-1].activation.__name__ == "softmax"
"""
CLAIMS = """\
assert abs(claims["accuracy"] - (answers == y_holdout).mean()) < 0.001
"""
HIDDEN = """\
labels = exported.predict(np.load("ROWS/hidden_x.npy"), verbose=0).argmax(axis=1)
assert (labels == np.load("ROWS/hidden_y.npy")).mean() > 0.9
"""


@dataclass(frozen=True)
class Measured:
    """What grading a class took, and the grades it gave, 0 to 1."""

    seconds: float
    cpu_seconds: float
    grades: list[float]


def clock() -> tuple[float, float]:
    """The time, and the processor time of every process that was started here and has ended."""
    used = os.times()
    return time.perf_counter(), used.children_user + used.children_system


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a process and return what it said; one that failed ends the benchmark."""
    said, _nothing = process.communicate()
    if process.returncode:
        sys.exit(f"{process.args} failed:\n{said[-4000:]}")
    return said


def start(command: list[Any], **where: Any) -> subprocess.Popen[str]:
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    command = [str(part) for part in command]
    return subprocess.Popen(command, text=True, encoding="utf-8", errors="replace", **streams, **where)


def environment() -> Path:
    """Python of an environment with nbgrader, which finds the packages of this one behind its own."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache_folder() / "benchmarks" / "-".join([*PACKAGES, version]).replace("==", "-")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed"
    if not done.exists():
        print(f"Installing nbgrader in {folder}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        finish(start([*pip, *PACKAGES]))
        done.touch()
    place = finish(start([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]))
    borrowed = [entry for entry in sys.path if entry.endswith("-packages")]
    (Path(place.strip()) / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return python


def cell(name: str, source: str, points: int = 0) -> dict[str, Any]:
    """A cell of code: the student's own, or one with points, the instructor's test."""
    about: dict[str, Any] = {"schema_version": 3, "grade_id": name, "task": False}
    about |= {"grade": points > 0, "solution": points == 0, "locked": points > 0}
    if points:
        about["points"] = points
    return {
        "id": name,
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"nbgrader": about},
        "outputs": [],
        "source": source,
    }


def notebook(steps: str, rows: Path) -> str:
    """A submission: the steps and their run in a cell of the student's, then three graded cells."""
    load, hidden = (source.replace("ROWS", rows.as_posix()) for source in (LOAD, HIDDEN))
    cells = [
        cell("steps", f"{load}\n{steps}\n{RUN}"),
        cell("shape", SHAPE, 1),
        cell("claims", CLAIMS, 1),
        cell("hidden", hidden, 3),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells})


def write_rows(folder: Path) -> None:
    """Deal MNIST as a class gets it, into the arrays that the notebook loads."""
    folder.mkdir()
    dealt = data.split("mnist", seed=1, folder=folder)
    dealt.hidden_x.rename(folder / "hidden_x.npy")
    np.save(folder / "hidden_y.npy", dealt.hidden_y)


def start_nbgrader(
    python: Path, course: Path, *arguments: str, single: bool = False
) -> subprocess.Popen[str]:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables["PATH"] = os.pathsep.join([str(python.parent), variables.get("PATH", "")])
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):  # nobody's own settings
        variables[name] = str(course / "jupyter")
    if single:
        variables |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    variables |= {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
    return start([python, "-m", "nbgrader", *arguments], cwd=course, env=variables)


def grade(count: int, steps: str, folder: Path, processes: int) -> Measured:
    """Grade a class with `nbgrader autograde`.

    Args:
        count: Of submissions.
        steps: Source of the five steps, the same in each.
        folder: For everything that is written.
        processes: Of `nbgrader autograde` at the same time, each with its share of the class.
    """
    python, course = environment(), folder / "course"
    write_rows(folder / "rows")
    content = notebook(steps, folder / "rows")
    students = [f"group{number % processes}-{number:04d}" for number in range(count)]
    for place in (course / "source", *(course / "submitted" / student for student in students)):
        (place / "lab2").mkdir(parents=True)
        (place / "lab2" / "mnist.ipynb").write_text(content, encoding="utf-8")
    finish(start_nbgrader(python, course, "generate_assignment", "lab2"))

    command = ["autograde", "lab2", f"--Execute.timeout={PATIENCE}"]
    groups = [f"--student=group{number}-*" for number in range(min(processes, count))]
    single = processes > 1
    begun, used = clock()
    running = [start_nbgrader(python, course, *command, group, single=single) for group in groups]
    try:
        for process in running:
            finish(process)
    finally:
        for process in running:
            process.terminate()  # the other one, where one failed
    ended, used_then = clock()

    finish(start_nbgrader(python, course, "export"))
    with (course / "grades.csv").open(newline="", encoding="utf-8") as lines:
        grades = [float(row["score"]) / float(row["max_score"]) for row in csv.DictReader(lines)]
    if len(grades) != count or min(grades) < 1:
        sys.exit(f"nbgrader was meant to give {count} full grades, but gave {grades}.")
    return Measured(ended - begun, used_then - used, grades)
