"""From a submission to a grade, for a student's own run and for a class alike.

::

    take in -> prepare data -> worker runs the steps -> replay asks the exported models
            -> evidence -> checks -> grade
"""

from __future__ import annotations

import hashlib
import platform
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

from labkit.grading.intake import Submission, take
from labkit.rubric import evidence as evidences
from labkit.rubric import find
from labkit.rubric.evidence import Evidence
from labkit.rubric.grade import Grade, judge
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Training, Trial
from labkit.sandbox.job import Job, Outcome
from labkit.sandbox.launch import Launcher

__all__ = ["Graded", "grade"]

_REPLAY_SECONDS = 120
_WALL_PER_CPU = 4  # a loaded machine may take that much longer before a run counts as stuck


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade and what it rests on."""

    grade: Grade
    evidence: Evidence


def grade(
    lab: Lab,
    path: Path,
    folder: Path,
    launcher: Launcher,
    *,
    seed: int | None = None,
    table: Path | None = None,
) -> Graded:
    """Grade one submission.

    Args:
        lab: The lab.
        path: The submission.
        folder: A new folder of this run's own; evidence goes to ``evidence/``, rows to ``data/``.
        launcher: Starts the untrusted processes.
        seed: Of the secret split and of the training; ``None`` for the public one.
        table: A table of the user's own in place of the lab's data.

    Raises:
        SubmissionError: The submission cannot be taken in.
        DataError: The data are missing or damaged, or the table cannot be used.
        SandboxError: The processes could not be started.
    """
    started, begun = datetime.now(timezone.utc), time.monotonic()
    submission = take(path)
    data = folder / "data"
    data.mkdir(parents=True)
    trial = lab.protocol.prepare(data, seed, table)
    evidence_folder = folder / "evidence"
    outcomes = _train(lab, submission, trial, evidence_folder, launcher, seed or 0)
    replay = _ask(lab, trial, evidence_folder, launcher)
    evidence = evidences.read(
        evidence_folder,
        trial,
        {name: outcome.end for name, outcome in outcomes.items()},
        replay.end if replay else "none",
    )
    provenance = {
        "submission": submission.path.name,
        "sha256": submission.sha256,
        "rubric_sha256": _digest(find.folder(lab) / "rubric.py"),
        "seed": seed,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - begun, 2),
        "cpu_seconds": round(sum(outcome.cpu_seconds for outcome in outcomes.values()), 2),
        "peak_mb": round(max(outcome.peak_mb for outcome in outcomes.values())),
        **_versions(),
    }
    return Graded(judge(lab, evidence, provenance), evidence)


def _train(
    lab: Lab,
    submission: Submission,
    trial: Trial,
    folder: Path,
    launcher: Launcher,
    seed: int,
) -> dict[str, Outcome]:
    """Run the main training, and the others once it has left a model."""
    main, *others = trial.trainings

    def job(number: int, training: Training) -> Job:
        task: dict[str, Any] = {
            "submission": str(submission.path),
            "steps": lab.steps,
            "train": _rows(training),
            "seed": seed + number,
            "threads": 1 if others else 0,
        }
        if training is main:
            task["holdout"] = _rows(trial.holdout)
        seconds = lab.budget.cpu_seconds
        return Job(
            name=training.name,
            role="worker",
            folder=folder / training.name,
            task=task,
            cpu_seconds=seconds,
            wall_seconds=seconds * _WALL_PER_CPU,
            memory_mb=lab.budget.memory_mb,
        )

    outcomes = launcher.run([job(0, main)])
    if others and (folder / main.name / "model.h5").exists():
        outcomes |= launcher.run(job(number, other) for number, other in enumerate(others, 1))
    return outcomes


def _ask(lab: Lab, trial: Trial, folder: Path, launcher: Launcher) -> Outcome | None:
    """Replay every exported model; ``None`` where there is none."""
    models = {
        training.name: str(folder / training.name / "model.h5")
        for training in trial.trainings
        if (folder / training.name / "model.h5").exists()
    }
    if not models:
        return None
    job = Job(
        name="replay",
        role="replay",
        folder=folder / "replay",
        task={
            "models": models,
            "questions": [(q.key, q.training, str(q.x), q.start) for q in trial.questions],
            "parameters": max(lab.budget.parameters, 10_000_000),
        },
        cpu_seconds=_REPLAY_SECONDS,
        wall_seconds=_REPLAY_SECONDS * _WALL_PER_CPU,
        memory_mb=lab.budget.memory_mb,
    )
    return launcher.run([job])["replay"]


def _rows(training: Training) -> dict[str, Any]:
    return {
        "x": str(training.x),
        "y": str(training.y),
        "start": training.start,
        "stop": training.stop,
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("labkit", "tensorflow", "keras", "numpy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
