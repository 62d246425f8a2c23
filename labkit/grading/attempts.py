"""Attempts at a lab, one after the other and each in the background: a new one ends the one before."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import LabkitError, SandboxError, StorageError
from labkit.faults import written_down
from labkit.grading import jobs, pipeline
from labkit.grading.intake import Submission, take
from labkit.grading.pipeline import Graded
from labkit.grading.running import Conditions
from labkit.grading.so_far import first_failure
from labkit.i18n import texts
from labkit.rubric import reading
from labkit.rubric.epochs import Epoch, Follower
from labkit.rubric.evidence import ModelEvidence, Step
from labkit.rubric.grade import Result
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial
from labkit.sandbox.job import Job, Outcome
from labkit.sandbox.launch import Launcher

__all__ = ["Attempt", "Attempts", "State"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class State:
    """How far an attempt has come.

    Args:
        steps: The student's functions, as far as they ran.
        failure: The first check that has failed, which may be known before the run has ended.
        graded: The grade, once it has ended.
        trouble: What kept it from being run.
        epochs: Of the training that goes on.
    """

    steps: tuple[Step, ...] = ()
    failure: Result | None = None
    graded: Graded | None = None
    trouble: LabkitError | None = None
    epochs: tuple[Epoch, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.graded is not None or self.trouble is not None


class Attempts:
    """Runs a student's file again and again on the same rows; a context manager.

    Args:
        lab: The lab.
        launcher: Its processes stay warm between attempts.
    """

    def __init__(self, lab: Lab, launcher: Launcher) -> None:
        self.lab = lab
        self.launcher = launcher
        self.current: Attempt | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="labkit-"))
        self._trial: Trial | None = None
        self._lock = threading.Lock()
        self._number = 0

    def __enter__(self) -> Attempts:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, path: Path) -> Attempt:
        """Start an attempt; the one that still runs is ended."""
        self.stop()
        self._number += 1
        self.current = Attempt(self, path, self._folder / f"{self._number:04d}")
        return self.current

    def stop(self) -> None:
        """End the attempt that runs, if one does, and wait until its processes are gone."""
        if self.current is not None:
            self.current.stop()

    def trial(self) -> Trial:
        """The rows, and what the reference returns: made once.

        Raises:
            LabkitError: See `pipeline.prepared`.
        """
        with self._lock:
            if self._trial is None:
                data = self._folder / "data"
                shutil.rmtree(data, ignore_errors=True)
                data.mkdir()
                self._trial = pipeline.prepared(self.lab, data, self.launcher, None)
            return self._trial


class Attempt:
    """One run of a file, in a thread of its own.

    Args:
        attempts: Whose it is.
        path: The file.
        folder: For its evidence.
    """

    def __init__(self, attempts: Attempts, path: Path, folder: Path) -> None:
        self.folder = folder
        self._attempts = attempts
        self._path = path
        self._launcher = _Stoppable(attempts.launcher)
        self._epochs = Follower(folder / "evidence" / "main" / "progress.jsonl")
        self._submission: Submission | None = None
        self._peeking: threading.Thread | None = None
        self._early: ModelEvidence | None = None
        self._judged: object = None  # what there was when `_failure` was found
        self._failure: Result | None = None
        self._graded: Graded | None = None
        self._trouble: LabkitError | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, and forget what it left; its grade, if it had one, is lost."""
        if self._thread.is_alive():
            self._launcher.stop()
            self._thread.join()
        if self._peeking is not None:
            self._peeking.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def state(self) -> State:
        """How far it has come."""
        if self._trouble is not None:
            return State(trouble=self._trouble)
        evidence = self.folder / "evidence"
        if self._graded is not None:
            return State(
                self._graded.evidence.main.steps, self._graded.grade.first_failure, self._graded
            )
        steps = reading.steps(evidence / "main")
        if steps and self._submission is not None:
            self._peek(evidence / "main" / "early.h5")
            self._judge(steps, self._submission)
        return State(steps, self._failure, epochs=self._epochs.epochs())

    def _judge(self, steps: tuple[Step, ...], submission: Submission) -> None:
        """Look for a failure again where there is more to look at than the last time."""
        evidence, early = self.folder / "evidence", self._early
        arrays = {path.name: path.stat().st_size for path in (evidence / "main").glob("*.npz")}
        there = (steps, early, arrays)
        if there != self._judged:
            self._judged, lab, trial = there, self._attempts.lab, self._attempts.trial()
            self._failure = first_failure(lab, evidence, trial, submission.uses, early)

    def _peek(self, model: Path) -> None:
        """Let the screen read the untrained model, once, as soon as there is one."""
        if self._peeking is None and model.is_file():
            self._peeking = threading.Thread(target=self._read_early, args=(model,), daemon=True)
            self._peeking.start()

    def _read_early(self, model: Path) -> None:
        lab, folder = self._attempts.lab, self.folder / "early"
        job = jobs.asking(lab, Trial(), {"main": model}, folder / "replay", self._launcher.walls, 1)
        with suppress(_StoppedError, LabkitError):
            self._launcher.run([job])
            self._early = reading.read(folder, Trial(), {}, "ended").model

    def _run(self) -> None:
        attempts = self._attempts
        try:
            trial = attempts.trial()
            self._submission = take(self._path, self.folder / "submission", lab=attempts.lab, copy=True)
            conditions = Conditions(attempts.lab, trial, self._launcher, early=True)
            self._graded = pipeline.examine(self._submission, self.folder, conditions, {"seed": None})
        except _StoppedError:
            return
        except LabkitError as error:
            self._trouble = error
        except OSError as error:
            self._trouble = StorageError(
                _("Your file could not be run: {error}.", error=error),
                fix=_("Make room in the folder for temporary files, or name another one in TMPDIR."),
            )
        except Exception as error:  # the screen would wait for ever
            self._trouble = _own_fault(error)


def _own_fault(error: Exception) -> SandboxError:
    path = written_down(error)
    return SandboxError(_("This is a fault of the kit, not yours. Details are in {path}", path=path))


class _StoppedError(Exception):
    """Another attempt has begun."""


class _Stoppable(Launcher):
    """A launcher's processes for one attempt, until it is stopped."""

    def __init__(self, launcher: Launcher) -> None:
        super().__init__(launcher.width, launcher.walls)
        self._shared = launcher
        self._stopped = threading.Event()

    def run(self, jobs: Iterable[Job]) -> dict[str, Outcome]:
        if self._stopped.is_set():
            raise _StoppedError
        outcomes = self._shared.run(jobs)
        if self._stopped.is_set():
            raise _StoppedError
        return outcomes

    def stop(self) -> None:
        self._stopped.set()
        self._shared.end()
