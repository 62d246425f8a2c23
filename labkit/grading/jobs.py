"""The jobs of a run: what each untrusted process does, what it may use, and what it may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labkit.rubric import find
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Question, Training, Trial
from labkit.sandbox.job import Job, Walls

__all__ = ["asking", "reference", "training"]

_REPLAY_SECONDS = 120
_WALL_PER_CPU = 4  # a loaded machine may take that much longer before a run counts as stuck
_WITHHELD = ("labkit.layers",)
"""What functions written by hand are compared with."""


def training(
    lab: Lab,
    trial: Trial,
    number: int,
    source: Path,
    folder: Path,
    walls: Walls,
    **task: Any,
) -> Job:
    """The job that runs a student's file on one training; the first runs everything in it.

    Args:
        lab: The lab.
        trial: Its rows and calls.
        number: Of the training, from 0.
        source: The student's file.
        folder: The evidence folder.
        walls: Around it.
        task: What else the worker is told: ``seed``, ``threads``, ``cells``.
    """
    name = trial.names[number]
    rows: dict[str, Training] = {"train": trial.trainings[number]} if trial.trainings else {}
    if number == 0 and trial.holdout:
        rows["holdout"] = trial.holdout
    task |= {kind: _spelled(part) for kind, part in rows.items()}
    readable = [file for part in rows.values() for file in (part.x, part.y)]
    task |= {name: str(file) for name, file in _more(trial, number).items()}
    readable += _more(trial, number).values()
    task["part"] = trial.part
    if number == 0 and trial.calls:
        task |= {"calls": str(trial.calls), "withheld": _WITHHELD}
        readable += _call_files(trial.calls)
    task["steps"] = lab.steps
    return _worker(lab, name, source, folder / name, walls, tuple(readable), task)


def reference(lab: Lab, calls: Path, folder: Path, walls: Walls, **task: Any) -> Job:
    """The job that asks the lab's reference what the functions written by hand should return."""
    source = find.folder(lab) / "reference.py"
    task |= {"calls": str(calls), "steps": lab.by_hand.functions if lab.by_hand else ()}
    return _worker(lab, "reference", source, folder, walls, _call_files(calls), task)


def asking(
    lab: Lab, trial: Trial, models: Mapping[str, Path], folder: Path, walls: Walls, threads: int
) -> Job:
    """The job that loads exported models, by training, and asks them."""
    models = {**trial.models, **models}
    questions = [question for question in trial.questions if question.training in models]
    files = [question.x for question in questions if question.x is not None]
    return Job(
        name="replay",
        role="replay",
        folder=folder,
        task={
            "models": {name: str(path) for name, path in models.items()},
            "questions": [_asked(question) for question in questions],
            "parameters": max(lab.budget.parameters, 10_000_000),
            "threads": threads,
        },
        cpu_seconds=_REPLAY_SECONDS,
        wall_seconds=_REPLAY_SECONDS * _WALL_PER_CPU,
        memory_mb=lab.budget.memory_mb,
        walls=walls,
        readable=(*models.values(), *files),
    )


def _worker(
    lab: Lab,
    name: str,
    source: Path,
    folder: Path,
    walls: Walls,
    readable: tuple[Path, ...],
    task: Mapping[str, Any],
) -> Job:
    seconds = lab.budget.cpu_seconds
    return Job(
        name=name,
        role="worker",
        folder=folder,
        task={"submission": str(source), **task},
        cpu_seconds=seconds,
        wall_seconds=seconds * _WALL_PER_CPU,
        memory_mb=lab.budget.memory_mb,
        walls=walls,
        readable=(*readable, source.parent),
    )


def _more(trial: Trial, number: int) -> dict[str, Path]:
    """What the first process of a run is given besides."""
    files = {"asked": trial.asked, "watched": trial.watched} if number == 0 else {}
    return {name: file for name, file in files.items() if file is not None}


def _asked(question: Question) -> dict[str, Any]:
    """A question as a task names it."""
    rows = {"x": str(question.x), "start": question.start, "stop": question.stop}
    return {
        "key": question.key,
        "model": question.training,
        **({"after": question.after} if question.after else rows),
        **({"unrolled": asdict(question.unrolled)} if question.unrolled else {}),
    }


def _spelled(rows: Training) -> dict[str, Any]:
    """Rows as a task names them."""
    return {name: value for name, value in asdict(rows).items() if name != "name"}


def _call_files(calls: Path) -> tuple[Path, ...]:
    return (calls, calls.with_name("arguments.npz"))
