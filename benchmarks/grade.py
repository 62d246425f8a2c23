"""Grading a class with `labkit grade` against nbgrader's `autograde` on the same work, in one run.

    python benchmarks/grade.py [--submissions 40] [--nbgrader 4] [--processes 2]
    python benchmarks/grade.py --scale 500

The work is lab 2: 784-64-10 on 55,000 digits of MNIST, 5 epochs, batch 32, a tenth kept for validation,
saved as .h5 and asked about 10,000 hidden digits. The same steps are a file for labkit and a cell of a
notebook for nbgrader. Both grade two at a time, in processes of one thread each: nbgrader by itself
grades one after another (``--processes 1``), so two of it share the class.

With ``--scale`` labkit grades many small submissions: time and memory by the hundred show how they grow
with the class, and a second run what it costs to find that everything is graded.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grade_nbgrader
from grade_nbgrader import Measured, clock, start

AT_A_TIME = 2
HUNDRED = 100
PROGRESS = re.compile(r"(\d+)/\d+ ")

STEPS = """\
import keras
from keras import layers


def define():
    return keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compile(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def fit(model, x, y):
    return model.fit(x, y, epochs=5, batch_size=32, validation_split=0.1, verbose=2)


def evaluate(model, x, y):
    return model.evaluate(x, y, verbose=0, return_dict=True)


def predict(model, x):
    return model.predict(x, verbose=0).argmax(axis=1)
"""
SMALL = STEPS.replace('            layers.Dense(64, activation="relu"),\n', "").replace(
    "epochs=5, batch_size=32, validation_split=0.1", "epochs=1, batch_size=256"
)


def hand_in(count: int, source: str, folder: Path) -> None:
    """Write ``count`` submissions that differ in a comment."""
    (folder / "submissions").mkdir()
    for number in range(count):
        name = f"student{number:04d}"
        file = folder / "submissions" / f"{name}.py"
        file.write_text(f"# {name}\n{source}", encoding="utf-8")


def start_labkit(folder: Path, isolation: str) -> subprocess.Popen[str]:
    """`labkit grade` of ``folder/submissions`` into ``folder/class``; it says a line a submission."""
    command = [sys.executable, "-m", "labkit", "grade", "lab2", folder / "submissions"]
    options = ["--into", folder / "class", "--workers", AT_A_TIME, "--isolation", isolation]
    return start([*command, *options], env={**os.environ, "PYTHONUNBUFFERED": "1"})


def finished(process: subprocess.Popen[str]) -> Iterator[int]:
    """How many are graded, each time one more is; ends the benchmark if the command fails."""
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if found := PROGRESS.match(line):
            yield int(found[1])
    if process.wait():
        sys.exit(f"labkit grade failed:\n{''.join(said)[-4000:]}")


def left_behind(folder: Path) -> list[tuple[Any, Any]]:
    """Of every attempt its ``grade.json`` and the worker's ``steps.json``, in the order they began."""
    found = []
    for attempt in (folder / "class" / "attempts").glob("lab2/*/*"):
        files = attempt / "grade.json", attempt / "evidence" / "main" / "steps.json"
        record, steps = (json.loads(file.read_text(encoding="utf-8")) for file in files)
        found.append((record, steps))
    return sorted(found, key=lambda pair: pair[0]["provenance"]["started"])


def compare(count: int, peers: int, processes: int, isolation: str, folder: Path) -> None:
    """Grade a class with each of the two and print what it took."""
    hand_in(count, STEPS, folder)
    begun, used = clock()
    moments = [time.perf_counter() for _done in finished(start_labkit(folder, isolation))]
    ended, used_then = clock()
    attempts = left_behind(folder)
    if not len(attempts) == len(moments) == count:
        sys.exit(f"labkit graded {len(attempts)} of {count} submissions.")
    expect_same(attempts)
    grades = [record["points"] / record["maximum"] for record, _steps in attempts]
    ours = Measured(ended - begun, used_then - used, grades)
    theirs = grade_nbgrader.grade(peers, STEPS, folder, processes)

    print("Lab 2, 5 epochs             submissions  seconds  a minute  processor s each  mean grade")
    for name, took in (
        (f"nbgrader autograde, {processes} of it", theirs),
        (f"labkit grade --workers {AT_A_TIME}", ours),
    ):
        number, mean = len(took.grades), statistics.mean(took.grades)
        rate, cpu = 60 * number / took.seconds, took.cpu_seconds / number
        print(f"  {name:<26} {number:10} {took.seconds:8.1f} {rate:9.1f} {cpu:17.2f} {mean:11.0%}")
    times = theirs.seconds / peers / (ours.seconds / count)
    print(f"  labkit grades {times:.1f} times as many a minute")
    if count > AT_A_TIME:  # the first ones waited for the command to get going
        each = (moments[-1] - moments[AT_A_TIME - 1]) / (count - AT_A_TIME) * AT_A_TIME
        print_parts(each, attempts[AT_A_TIME:])


def expect_same(attempts: list[tuple[Any, Any]]) -> None:
    """End the benchmark unless the same code earned the same everywhere, all but early stopping."""
    for record, _steps in attempts:
        lost = {check["name"]: check["message"] for check in record["checks"] if not check["fraction"]}
        if record["points"] != attempts[0][0]["points"] or list(lost) != ["early_stopping"]:
            sys.exit(f"The same code earned {record['points']} points only: {lost}")


def print_parts(each: float, attempts: list[tuple[Any, Any]]) -> None:
    """Print what the ``each`` seconds go into for which a submission takes its place."""
    steps = statistics.mean(sum(step["seconds"] for step in steps) for _record, steps in attempts)
    origins = [record["provenance"] for record, _steps in attempts]
    processes = statistics.mean(origin["seconds"] for origin in origins)
    worker = statistics.mean(origin["cpu_seconds"] for origin in origins)
    for name, duration in (
        (f"A submission of labkit's, in one of {AT_A_TIME} places", each),
        ("  the student's own steps", steps),
        ("  fork, isolation, replay", processes - steps),
        ("  checks, report, gradebook", each - processes),
        ("Beyond the steps", each - steps),
        (f"Beyond the worker's {worker:.2f} s of processor time", each - worker),
    ):
        print(f"{name:<46} {duration:6.2f} s")


def memory_mb(process: int) -> float:
    """Resident memory, MiB; not a number where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
    except (OSError, StopIteration):
        return float("nan")


def first_child(process: int) -> int:
    """The process it started first: of `labkit grade`, the server that forks the workers."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for file in lists for child in file.read_text(encoding="utf-8").split()]
    return min(children, default=0)


def grow(count: int, isolation: str, folder: Path) -> None:
    """Grade many small submissions, print time and memory by the hundred; then grade once more."""
    hand_in(count, SMALL, folder)
    print(f"Small submissions, 1 epoch of softmax, {AT_A_TIME} at a time")
    print("  graded   seconds since the line above   labkit, MB   its fork server, MB", flush=True)
    begun = time.perf_counter()
    process = start_labkit(folder, isolation)
    for done in finished(process):
        if done % HUNDRED and done not in (1, count):
            continue
        now = time.perf_counter()
        sizes = f"{memory_mb(process.pid):12.0f} {memory_mb(first_child(process.pid)):21.0f}"
        print(f"  {done:6} {now - begun:30.1f} {sizes}", flush=True)
        begun = now
    print(f"  class page and end {time.perf_counter() - begun:18.1f}")

    begun = time.perf_counter()
    again = list(finished(start_labkit(folder, isolation)))
    print(f"The finished class of {count} once more: {time.perf_counter() - begun:.2f} s")
    if again:
        sys.exit(f"{len(again)} of them were graded again.")


def main() -> None:
    parser = argparse.ArgumentParser(description="labkit grade against nbgrader autograde")
    parser.add_argument("--submissions", type=int, default=40, help="how many labkit grades")
    parser.add_argument("--nbgrader", type=int, default=4, help="how many nbgrader grades")
    parser.add_argument("--processes", type=int, default=2, help="of nbgrader at the same time")
    parser.add_argument("--scale", type=int, metavar="N", help="grade N small ones with labkit instead")
    parser.add_argument("--isolation", default="strict", help="strict, best or none, see labkit grade")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="labkit-grade-", ignore_cleanup_errors=True) as temporary:
        if chosen.scale:
            grow(chosen.scale, chosen.isolation, Path(temporary))
        else:
            compare(
                chosen.submissions, chosen.nbgrader, chosen.processes, chosen.isolation, Path(temporary)
            )


if __name__ == "__main__":
    main()
