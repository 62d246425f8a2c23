"""Shows a run as it goes: each step when it ends, and what the running one printed last."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from labkit.i18n import texts
from labkit.rubric.evidence import Step, StepState, steps
from labkit.sandbox.launch import Launcher

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Progress"]

_ = texts(__file__)

_TICK = 0.1  # seconds
_TAIL = 400  # bytes of the log that are looked at for its last line
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]")


class Progress:
    """A context manager around a run.

    The first Ctrl-C inside the block stops the training, which keeps its best weights and is graded
    with them; the second ends the run.

    Args:
        console: Where to show it.
        evidence: The run's evidence folder.
        launcher: Runs the processes.
        show: Turns a step that ended into a line.
    """

    def __init__(
        self, console: Console, evidence: Path, launcher: Launcher, show: Callable[[Step], Any]
    ) -> None:
        self.console = console
        self.evidence = evidence
        self.launcher = launcher
        self.show = show
        self._shown = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._former: Any = None

    def __enter__(self) -> Progress:
        self._status = self.console.status(str(_("starting TensorFlow …")))
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

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.console.print(
            str(_("Stopping the training with its best weights; Ctrl-C again ends the run."))
        )
        self.launcher.interrupt()

    def _follow(self) -> None:
        while not self._over.wait(_TICK):
            self._look()
        self._look()

    def _look(self) -> None:
        """Show the steps that ended since the last look, and what the running one prints."""
        known = steps(self.evidence / "main")
        ended = [step for step in known if step.state is StepState.DONE]
        for step in ended[self._shown :]:
            if step.name not in ("import", "export"):
                self.console.print(self.show(step))
        self._shown = len(ended)
        running = next((step for step in known if step.state is StepState.RUNNING), None)
        if running is not None:
            self._status.update(f"{running.name} … [dim]{self._last_line()}[/]")
        elif (folds := self._trained()) > 0:
            self._status.update(str(_("{folds} more trainings done …", folds=folds)))

    def _trained(self) -> int:
        return sum(1 for model in self.evidence.glob("*/model.h5") if model.parent.name != "main")

    def _last_line(self) -> str:
        """The last line of the log, without control characters, made safe for rich's markup."""
        from rich.markup import escape

        try:
            with (self.evidence / "main" / "log.txt").open("rb") as stream:
                stream.seek(0, 2)
                stream.seek(max(0, stream.tell() - _TAIL))
                tail = stream.read().decode("utf-8", "replace")
        except OSError:
            return ""
        lines = [line for line in re.split(r"[\r\n\x08]+", _CONTROL.sub("", tail)) if line.strip()]
        room = max(10, self.console.width - 20)
        return escape(lines[-1].strip()[:room]) if lines else ""
