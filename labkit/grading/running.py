"""Runs a submission and asks what it left: no truth is at hand here, and nothing is judged."""

from __future__ import annotations

import hashlib
import platform
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

from labkit.grading import jobs
from labkit.grading.intake import Submission
from labkit.i18n import Verbatim, in_every_language
from labkit.rubric.evidence import Use
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial
from labkit.sandbox.job import End, Job, Outcome
from labkit.sandbox.launch import Launcher

__all__ = ["Conditions", "Ran", "carry_out", "training_seed", "versions"]

_REPEATED = ("time", "killed", "lost")
"""Ends that may be the machine's doing: such a run is repeated alone before it costs points."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a submission was run; what it left is in files beside.

    Args:
        ends: Process -> how it ended.
        replay: How the asking of its models ended; ``"none"`` where there was none to ask.
        name: Of the file that was run.
        sha256: Digest of what was handed in.
        uses: What its code names of other modules.
        notes: What the student should know of how it was taken in.
        started: When that began, with time zone.
        facts: Times, memory, versions.
    """

    ends: Mapping[str, End]
    replay: End
    name: str
    sha256: str
    uses: tuple[Use, ...]
    notes: tuple[Verbatim, ...]
    started: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is the same for everyone who is graded together.

    Args:
        lab: The lab.
        trial: What is trained on and asked about, with the truth.
        launcher: Starts the untrusted processes, behind its walls.
        training_seed: Of the students' own trainings; says nothing about the split.
        threads: Of TensorFlow in each process; 0 lets it choose where one process runs at a time.
        repeat: Whether a run that may have been stopped by the machine is repeated alone.
        early: Whether the model is saved before it is trained, too, for those who look on.
    """

    lab: Lab
    trial: Trial
    launcher: Launcher
    training_seed: int = 0
    threads: int = 0
    repeat: bool = False
    early: bool = False


def carry_out(submission: Submission, folder: Path, conditions: Conditions) -> Ran:
    """Run a submission that has been taken in and ask its models; nothing is judged.

    Needs no truth: it may happen on another machine than `judged`.
    """
    started, begun = datetime.now(timezone.utc), time.monotonic()
    evidence_folder = folder / "evidence"
    outcomes = _train(submission, evidence_folder, conditions)
    replay = _ask(evidence_folder, conditions)
    facts = {
        "seconds": round(time.monotonic() - begun, 2),
        "cpu_seconds": round(sum(outcome.cpu_seconds for outcome in outcomes.values()), 2),
        "peak_mb": round(max(outcome.peak_mb for outcome in outcomes.values())),
    }
    return Ran(
        ends={name: outcome.end for name, outcome in outcomes.items()},
        replay=replay.end if replay else "none",
        name=submission.name,
        sha256=submission.sha256,
        uses=submission.uses,
        notes=tuple(Verbatim(in_every_language(note)) for note in submission.notes),
        started=started,
        facts={**facts, **versions()},
    )


def training_seed(seed: int | None) -> int:
    """Seed of a student's trainings; their process knows it, and cannot read the split's off it."""
    if seed is None:
        return 0
    return int.from_bytes(hashlib.sha256(f"training {seed}".encode()).digest()[:4], "big") // 2


def versions() -> dict[str, str]:
    """Versions of what a grade depends on."""
    found = {"python": platform.python_version()}
    for package in ("labkit", "tensorflow", "keras", "numpy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _train(submission: Submission, folder: Path, conditions: Conditions) -> dict[str, Outcome]:
    """Run the main training, and the others once it has left a model; a lone model runs nothing."""
    main, *others = conditions.trial.names
    if submission.kind == "model":
        _hand_over(submission.path, folder / main)
        return {main: Outcome(main, "none")}

    outcomes = _run([_job(submission, folder, conditions, 0)], conditions)
    if others and _model(folder, main) is not None:
        more = [_job(submission, folder, conditions, number) for number in range(1, 1 + len(others))]
        outcomes |= _run(more, conditions)
    return outcomes


def _job(submission: Submission, folder: Path, conditions: Conditions, number: int) -> Job:
    trial = conditions.trial
    return jobs.training(
        conditions.lab,
        trial,
        number,
        submission.path,
        folder,
        conditions.launcher.walls,
        seed=conditions.training_seed + number,
        threads=conditions.threads if len(trial.names) == 1 else 1,
        cells=submission.cells,
        early=conditions.early and number == 0,
    )


def _run(jobs: Sequence[Job], conditions: Conditions) -> dict[str, Outcome]:
    """Run jobs, and again alone those that the machine may have stopped.

    One that is killed a second time was killed by itself.
    """
    outcomes = conditions.launcher.run(jobs)
    again = [job for job in jobs if outcomes[job.name].end in _REPEATED] if conditions.repeat else []
    for job in again:
        shutil.rmtree(job.folder, ignore_errors=True)
        outcomes |= conditions.launcher.run([replace(job, alone=True)])
    return {
        name: replace(outcome, end="died") if outcome.end == "killed" else outcome
        for name, outcome in outcomes.items()
    }


def _ask(folder: Path, conditions: Conditions) -> Outcome | None:
    """Replay every exported model; ``None`` where there is none."""
    trial = conditions.trial
    models = {name: path for name in trial.names if (path := _model(folder, name)) is not None}
    if not models:
        return None
    launcher = conditions.launcher
    job = jobs.asking(
        conditions.lab, trial, models, folder / "replay", launcher.walls, conditions.threads
    )
    return _run([job], conditions)[job.name]


def _model(folder: Path, training: str) -> Path | None:
    """The model that a training exported, if it is a plain file."""
    path = folder / training / "model.h5"
    return path if path.is_file() and not path.is_symlink() else None


def _hand_over(model: Path, folder: Path) -> None:
    """Put a model that was handed in where a training would have left it."""
    folder.mkdir(parents=True)
    shutil.copyfile(model, folder / "model.h5")
