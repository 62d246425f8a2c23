"""From a submission to a grade, for a student's own run and for a class alike.

::

    take in -> prepare data -> worker runs the steps -> replay asks the exported models
            -> evidence -> checks -> grade

What happens without the truth at hand, worker and replay, is in `labkit.grading.running`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from labkit.errors import ContentError
from labkit.grading import jobs
from labkit.grading.intake import Submission, take
from labkit.grading.running import Conditions, Ran, carry_out, training_seed
from labkit.i18n import texts
from labkit.rubric import find, reading
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.grade import Grade, judge
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial
from labkit.sandbox.launch import Launcher

__all__ = ["Graded", "examine", "grade", "judged", "prepared", "rubric_digest"]

_ = texts(__file__)


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
    wrong = [step for step in reading.steps(job.folder) if step.state is not StepState.DONE]
    expected = reading.returned(job.folder, job.task["steps"])
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


def judged(lab: Lab, trial: Trial, folder: Path, ran: Ran, facts: Mapping[str, Any]) -> Graded:
    """Judge what a submission left in ``folder``, with the truth at hand.

    Args:
        lab: The lab.
        trial: As it was run with, and the truth.
        folder: The evidence is in its ``evidence/``.
        ran: How it went.
        facts: What else belongs into the grade's provenance.
    """
    evidence = reading.read(folder / "evidence", trial, ran.ends, ran.replay, ran.uses)
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


def rubric_digest(lab: Lab) -> str:
    """SHA-256 of the lab's rubric, as it was when this process first asked."""
    return _digest(find.folder(lab) / "rubric.py")


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
