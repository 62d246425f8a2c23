"""Shows the grading of a class as it goes: done, refused, could not tell, rate, time left."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from labkit.grading.gradebook.records import Attempt
from labkit.i18n import texts
from labkit.report.outline import clean, clip, points

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Tally"]

_ = texts(__file__)

_LONGEST_NAME = 30
_BAR = 8  # columns; the line has to fit into 80 in either language
_VERDICTS = {"graded": _("graded"), "refused": _("refused"), "unknown": _("could not tell")}


class Tally:
    """A context manager; on a terminal one line that changes, elsewhere a line for each attempt.

    Args:
        console: Where to show it.
        total: How many submissions there are to grade.
    """

    def __init__(self, console: Console, total: int) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.console = console
        self.counts = {"graded": 0, "refused": 0, "unknown": 0}
        self.begun = time.monotonic()
        columns = (BarColumn(_BAR), MofNCompleteColumn(), TextColumn("{task.description}"))
        self.progress = Progress(
            *columns, TimeRemainingColumn(compact=True), console=console, transient=True
        )
        self.task = self.progress.add_task("", total=total)
        self.total = total

    def __enter__(self) -> Tally:
        if self.console.is_terminal:
            self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.console.is_terminal:
            self.progress.stop()
        self.console.print(self._summary(), markup=False, highlight=False)

    def add(self, attempt: Attempt, name: str) -> None:
        """Count an attempt that has been written down."""
        self.counts[attempt.verdict] += 1
        if self.console.is_terminal:
            counts = _("{graded} graded, {refused} refused, {unknown} not told", **self.counts)
            self.progress.update(self.task, advance=1, description=f"{counts}, {self._rate():.0f}/min")
            return
        known = attempt.verdict != "unknown"
        earned = f"{points(attempt.points) if known else '-'}/{points(attempt.maximum)}"
        number = f"{sum(self.counts.values())}/{self.total}"
        verdict = _VERDICTS[attempt.verdict]
        line = f"{number} {clip(clean(name), _LONGEST_NAME)} {earned} {verdict}"
        self.console.print(line, markup=False, highlight=False)

    def _rate(self) -> float:
        """Submissions a minute."""
        minutes = (time.monotonic() - self.begun) / 60
        return sum(self.counts.values()) / minutes if minutes else 0.0

    def _summary(self) -> str:
        return str(
            _(
                "{graded} graded, {refused} refused, {unknown} not told, {rate:.0f} a minute",
                rate=self._rate(),
                **self.counts,
            )
        )
