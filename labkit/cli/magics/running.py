"""Grades what a notebook holds, and shows how far it is while it runs."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labkit.cli.progress import last_line
from labkit.errors import StorageError
from labkit.grading import pipeline, runs
from labkit.grading.notebooks.collected import Collected, as_notebook
from labkit.grading.pipeline import Graded
from labkit.i18n import speaking, texts
from labkit.report import files, training
from labkit.report.files import Paths
from labkit.report.outline import clean
from labkit.rubric.epochs import Follower
from labkit.rubric.evidence import StepState
from labkit.rubric.lab import Lab
from labkit.rubric.reading import steps
from labkit.sandbox.launch import Launcher, can_fork

__all__ = ["Run", "grade"]

_ = texts(__file__)

_TICK = 0.3  # seconds
_COLUMNS = 72
_ROWS = 3  # of each curve


@dataclass(frozen=True, slots=True)
class Run:
    """A graded run and its files."""

    graded: Graded
    paths: Paths


def grade(
    lab: Lab,
    cells: Collected,
    name: str,
    launcher: Launcher,
    language: str,
    show: Callable[[str], None],
) -> Run:
    """Grade cells as a notebook that was handed in, by the pipeline of ``labkit run``.

    It happens in a thread, where nothing that the kernel was told of numbers or languages holds, and
    what the student wrote runs in processes of its own. An interrupt stops the training, which is then
    graded with its best weights; a second one ends the run.

    Args:
        lab: The lab.
        cells: See `labkit.grading.notebooks.collected`.
        name: Of the notebook.
        launcher: Starts the processes.
        language: For the report.
        show: Shows how far the run is, in one line or several.

    Raises:
        LabkitError: It cannot be graded.
        KeyboardInterrupt: It was interrupted twice.
    """
    folder = runs.new_folder(lab)
    path = folder / name
    try:
        path.write_text(as_notebook(cells.cells), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            _("{path} cannot be written: {error}", path=path, error=error),
            fix=_("Make room, or name another folder in LABKIT_RUNS."),
        ) from error
    progress = _Progress(folder / "evidence" / "main")
    work = _Work(lab, path, folder, launcher, language)
    interrupted = False
    while True:
        try:
            if work.over(_TICK):
                return work.result()
            show(str(_STOPPING) if interrupted else progress.now())
        except KeyboardInterrupt:
            if interrupted or not can_fork():
                work.give_up()
                launcher.end()
                raise
            interrupted = True
            launcher.interrupt()


_STOPPING = _("Stopping the training with its best weights; another interrupt ends the run.")


class _Work:
    """A run in a thread of its own."""

    def __init__(self, lab: Lab, path: Path, folder: Path, launcher: Launcher, language: str) -> None:
        self._arguments = (lab, path, folder, launcher)
        self._language = language
        self._run: Run | None = None
        self._error: Exception | None = None
        self._given_up = threading.Event()
        self._over = threading.Event()  # an interrupted join() takes a thread that runs for dead
        threading.Thread(target=self._work, daemon=True).start()

    def over(self, seconds: float) -> bool:
        """Wait so long at most, and say whether it has ended."""
        return self._over.wait(seconds)

    def give_up(self) -> None:
        """Keep nothing of it; whatever it still does is for nobody."""
        self._given_up.set()

    def result(self) -> Run:
        """What came of it, or what went wrong."""
        if self._run is None:
            raise self._error or RuntimeError("the run was lost")
        return self._run

    def _work(self) -> None:
        lab, path, folder, launcher = self._arguments
        try:
            with speaking(self._language):
                graded = pipeline.grade(lab, path, folder, launcher)
                if self._given_up.is_set():
                    shutil.rmtree(folder, ignore_errors=True)
                    return
                paths = files.write(graded.grade, graded.evidence, folder)
            self._run = Run(graded, paths)
        except Exception as error:  # raised again where somebody waits for it
            self._error = error
        finally:
            self._over.set()


class _Progress:
    """How far a run is.

    Args:
        evidence: The folder of its main training.
    """

    def __init__(self, evidence: Path) -> None:
        self._evidence = evidence
        self._epochs = Follower(evidence / "progress.jsonl")

    def now(self) -> str:
        """The curves of a training; of anything else what runs now and printed last."""
        known = steps(self._evidence)
        running = next((step.name for step in known if step.state is StepState.RUNNING), "import")
        if running == "import":
            return str(_("Grading …"))
        epochs = self._epochs.epochs() if running == "fit" else ()
        if curves := training.lines(epochs, "utf-8", columns=_COLUMNS, rows=_ROWS):
            return "\n".join(curves)
        said = last_line(self._evidence / "log.txt", _COLUMNS)
        return str(_("Grading: {step} … {said}", step=clean(running), said=clean(said)))
