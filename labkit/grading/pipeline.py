"""From a submission to a grade, for a student's own run and for a class alike.

::

    take in -> prepare data -> worker runs the steps -> replay asks the exported models
            -> evidence -> checks -> grade
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from labkit.errors import ContentError
from labkit.grading import jobs
from labkit.grading.intake import Submission, take
from labkit.i18n import Verbatim, in_every_language, texts
from labkit.rubric import evidence as evidences
from labkit.rubric import find
from labkit.rubric.evidence import Evidence, StepState, Use
from labkit.rubric.grade import Grade, judge
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial
from labkit.sandbox.job import End, Job, Outcome
from labkit.sandbox.launch import Launcher

__all__ = ["Conditions", "Graded", "Ran", "carry_out", "examine", "grade", "judged", "prepared"]
__all__ += ["rubric_digest", "training_seed", "versions"]

_ = texts(__file__)

_REPEATED = ("time", "killed", "lost")
"""Ends that may be the machine's doing: such a run is repeated alone before it costs points."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade and what it rests on."""

    grade: Grade
    evidence: Evidence


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


def grade(
    lab: Lab,
    path: Path,
    folder: Path,
    launcher: Launcher,
    *,
    seed: int | None = None,
    table: Path | None = None,
) -> Graded:
    """Grade one submission by itself, on rows prepared for it alone.

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
    submission = take(path, folder / "submission", lab=lab)
    data = folder / "data"
    data.mkdir(parents=True)
    trial = prepared(lab, data, launcher, seed, table)
    conditions = Conditions(lab, trial, launcher, training_seed(seed))
    return examine(submission, folder, conditions, {"seed": seed})


def prepared(
    lab: Lab, folder: Path, launcher: Launcher, seed: int | None, table: Path | None = None
) -> Trial:
    """Everything a run needs, with what the reference says where functions are written by hand.

    See `Lab.prepare` for rows and files.

    Raises:
        ContentError: The reference does not answer.
        SandboxError: Its process could not be started.
    """
    trial = lab.prepare(folder, seed, table)
    if trial.calls is None:
        return trial
    job = jobs.reference(
        lab, trial.calls, folder / "reference", launcher.walls, seed=training_seed(seed), threads=1
    )
    end = launcher.run([job])[job.name].end
    wrong = [step for step in evidences.steps(job.folder) if step.state is not StepState.DONE]
    expected = evidences.returned(job.folder, job.task["steps"])
    shutil.rmtree(job.folder, ignore_errors=True)
    if end != "ended" or wrong or not all(expected.values()):
        said = f"{wrong[0].name}: {dict(wrong[0].error)}" if wrong else end
        raise ContentError(
            _("The reference of {lab} did not answer ({reason}).", lab=lab.name, reason=said),
            _("This is not your file's fault."),
            _("Run it again; if it goes on, tell whoever looks after the kit."),
        )
    return replace(trial, expected=expected)


def examine(
    submission: Submission, folder: Path, conditions: Conditions, facts: Mapping[str, Any]
) -> Graded:
    """Run a submission that has been taken in, ask its models, and judge what came of it.

    Args:
        submission: See `labkit.grading.intake.take`.
        folder: Of this submission's own; evidence goes to ``evidence/``.
        conditions: The same for everyone.
        facts: What else belongs into the grade's provenance.
    """
    ran = carry_out(submission, folder, conditions)
    return judged(conditions.lab, conditions.trial, folder, ran, facts)


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


def judged(lab: Lab, trial: Trial, folder: Path, ran: Ran, facts: Mapping[str, Any]) -> Graded:
    """Judge what a submission left in ``folder``, with the truth at hand.

    Args:
        lab: The lab.
        trial: As it was run with, and the truth.
        folder: The evidence is in its ``evidence/``.
        ran: How it went.
        facts: What else belongs into the grade's provenance.
    """
    evidence = evidences.read(folder / "evidence", trial, ran.ends, ran.replay, ran.uses)
    provenance = {
        "submission": ran.name,
        "sha256": ran.sha256,
        "rubric_sha256": rubric_digest(lab),
        **facts,
        "started": ran.started.isoformat(timespec="seconds"),
        **ran.facts,
        "notes": [str(note) for note in ran.notes],
    }
    return Graded(judge(lab, evidence, provenance), evidence)


def training_seed(seed: int | None) -> int:
    """Seed of a student's trainings; their process knows it, and cannot read the split's off it."""
    if seed is None:
        return 0
    return int.from_bytes(hashlib.sha256(f"training {seed}".encode()).digest()[:4], "big") // 2


def rubric_digest(lab: Lab) -> str:
    """SHA-256 of the lab's rubric, as it was when this process first asked."""
    return _digest(find.folder(lab) / "rubric.py")


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


def versions() -> dict[str, str]:
    """Versions of what a grade depends on."""
    found = {"python": platform.python_version()}
    for package in ("labkit", "tensorflow", "keras", "numpy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
