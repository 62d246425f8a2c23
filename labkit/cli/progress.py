"""Shows a run as it goes: each step when it ends, and how far the running one is.

Of a training the curves are shown, of anything else the line that was printed last. Where there is no
terminal, a line is printed for every tenth of a training.
"""

from __future__ import annotations

import contextvars
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from labkit.i18n import texts
from labkit.report import training
from labkit.report.outline import clean, clip
from labkit.report.spelling import shows, spelled
from labkit.rubric.epochs import Epoch, Follower
from labkit.rubric.evidence import Step, StepState
from labkit.rubric.reading import steps
from labkit.sandbox.launch import Launcher

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from labkit.report.event_files import EventFiles

__all__ = ["Progress", "last_line"]

_ = texts(__file__)

_TICK = 0.1  # seconds
_TAIL = 400  # bytes of the log that are looked at for its last line
_ROWS = 3  # of each curve
_FRAME = 2  # columns of what turns before the words
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]")


class Progress:
    """A context manager around a run.

    The first Ctrl-C inside the block stops the training, which keeps its best weights and is graded
    with them; the second ends the run. Before the student's file runs, the first one ends it.

    Args:
        console: Where to show it.
        evidence: The run's evidence folder.
        launcher: Runs the processes.
        show: Turns a step that ended into a line of a terminal of that encoding.
        events: What TensorBoard opens, where it is wanted.
    """

    def __init__(
        self,
        console: Console,
        evidence: Path,
        launcher: Launcher,
        show: Callable[[Step, str], Any],
        events: EventFiles | None = None,
    ) -> None:
        self.console = console
        self.evidence = evidence
        self.launcher = launcher
        self.show = show
        self.events = events
        self._shown = 0
        self._told = 0  # epochs that have been looked at for a line of their own
        self._epochs = Follower(evidence / "main" / "progress.jsonl")
        self._over = threading.Event()
        language = contextvars.copy_context()  # which a thread does not take over by itself
        self._thread = threading.Thread(target=language.run, args=(self._follow,), daemon=True)
        self._former: Any = None

    def __enter__(self) -> Progress:
        encoding = self.console.encoding
        spinner = "dots" if shows("⠋", encoding) else "line"
        words = spelled(str(_("starting TensorFlow …")), encoding)
        self._status = self.console.status(words, spinner=spinner)
        self._status.start()
        self._former = signal.signal(signal.SIGINT, self._interrupt)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        signal.signal(signal.SIGINT, self._former)
        self._status.stop()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if all(step.state is StepState.WAITING for step in steps(self.evidence / "main")):
            signal.default_int_handler(number, frame)  # there is no training to stop
        self.console.print(
            str(_("Stopping the training with its best weights; Ctrl-C again ends the run."))
        )
        self.launcher.interrupt()

    def _follow(self) -> None:
        while not self._over.wait(_TICK):
            self._look()
        self._look()

    def _look(self) -> None:
        """Show the steps that ended since the last look, and how far the running one is."""
        known = steps(self.evidence / "main")
        ended = [step for step in known if step.state is StepState.DONE]
        for step in ended[self._shown :]:
            if step.name == "fit":
                self._tell()
            if step.name not in ("import", "export"):
                self.console.print(self.show(step, self.console.encoding))
        self._shown = len(ended)
        if self.events is not None:
            self.events.follow(self.evidence)
        running = next((step for step in known if step.state is StepState.RUNNING), None)
        if running is not None:
            if running.name == "fit":
                self._tell()
            self._status.update(self._running(running))
        elif (folds := self._trained()) > 0:
            self._status.update(str(_("{folds} more trainings done …", folds=folds)))

    def _tell(self) -> None:
        """Without a terminal that can redraw: a line for every tenth of a training."""
        if self.console.is_terminal and not self.console.is_dumb_terminal:
            return
        epochs = self._epochs.epochs()
        for epoch in epochs[self._told :]:
            if _is_tenth(epoch):
                line = spelled(_in_words(epoch), self.console.encoding)
                self.console.print(line, markup=False, highlight=False, soft_wrap=True)
        self._told = len(epochs)

    def _running(self, step: Step) -> RenderableType:
        """The curves of a training, and the last printed line of any other step."""
        from rich.console import Group
        from rich.text import Text

        encoding, columns = self.console.encoding, self.console.width - _FRAME
        epochs = self._epochs.epochs() if step.name == "fit" else ()
        curves = training.lines(epochs, encoding, columns=columns, rows=_ROWS)
        if curves:
            return Group(Text("\n".join(curves), no_wrap=True))
        printed = last_line(self.evidence / "main" / "log.txt", max(10, columns - 18))
        name = spelled(f"{clean(step.name)} … ", encoding)
        return Text.assemble(name, (spelled(printed, encoding), "dim"))

    def _trained(self) -> int:
        return sum(1 for model in self.evidence.glob("*/model.h5") if model.parent.name != "main")


def _is_tenth(epoch: Epoch) -> bool:
    """Whether another tenth of the training is done; of a loop of `fit`, whether its rounds doubled."""
    if epoch.epochs == 1:
        return epoch.fit.bit_count() == 1
    return epoch.epoch * 10 // epoch.epochs > (epoch.epoch - 1) * 10 // epoch.epochs


def _in_words(epoch: Epoch) -> str:
    """An epoch with its loss and validation loss, or the first two values where it has no loss."""
    said = [_("epoch {epoch} of {epochs}", epoch=epoch.epoch, epochs=epoch.epochs)]
    if epoch.epochs == 1:
        said = [_("epoch {epoch}", epoch=epoch.fit)]
    names = [name for name in ("loss", "val_loss") if name in epoch.logs] or list(epoch.logs)[:2]
    values = (f"{clip(clean(name), 30)} {epoch.logs[name]:.4g}" for name in names)
    return "  " + " · ".join([*map(str, said), *values])


def last_line(log: Path, room: int) -> str:
    """The last line of a log, without control characters, cut to so many of them."""
    try:
        with log.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _TAIL))
            tail = stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [line for line in re.split(r"[\r\n\x08]+", _CONTROL.sub("", tail)) if line.strip()]
    return lines[-1].strip()[:room] if lines else ""
