"""What a kernel is remembered by: the cells it ran, the lab they are for, warm processes."""

from __future__ import annotations

import atexit
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from labkit.errors import UsageError
from labkit.grading.notebooks.collected import Collected, Executed, collected, saved
from labkit.i18n import preferred_language, texts
from labkit.rubric import find
from labkit.rubric.lab import Lab
from labkit.sandbox.launch import Launcher, sensible_width

__all__ = ["Session"]

_ = texts(__file__)


class Session:
    """One kernel's session, from ``%load_ext labkit`` on.

    Args:
        shell: IPython's shell.
    """

    def __init__(self, shell: Any) -> None:
        self.language = preferred_language()
        self._shell = shell
        self._lab: Lab | None = None
        self._launcher: Launcher | None = None
        now = time.time()
        history = shell.history_manager.input_hist_raw[1:]
        self._executed = [Executed(source, now) for source in history if source.strip()]
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)
        atexit.register(self.close)

    def use(self, name: str, language: str | None) -> Lab:
        """From now on the notebook is for that lab.

        Raises:
            UsageError: There is none of that name.
        """
        self._lab = find.lab(name)
        self.language = language or self.language
        return self._lab

    def lab(self, name: str | None) -> Lab:
        """The lab of that name; without one, the notebook's own.

        Raises:
            UsageError: There is none of that name, or none was named.
        """
        if name:
            return find.lab(name)
        if self._lab is None:
            raise UsageError(
                _("It is not known which lab this notebook is for."),
                fix=_("Run its first cell, or name the lab, as in: %labkit check lab2"),
            )
        return self._lab

    def file(self) -> Path | None:
        """Where the notebook lies, if the front end says: VS Code or Jupyter."""
        named = self._shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
        path = Path(str(named)) if named else None
        return path if path is not None and path.suffix == ".ipynb" and path.is_file() else None

    def cells(self) -> Collected:
        """The notebook's cells as they would be handed in."""
        path = self.file()
        return collected(self._executed, saved(path) if path else None)

    def launcher(self) -> Launcher:
        """The processes that run what is graded; they stay warm from one check to the next."""
        if self._launcher is None:
            self._launcher = Launcher(sensible_width()).__enter__()
        return self._launcher

    def close(self) -> None:
        """End the processes, and forget the kernel."""
        launcher, self._launcher = self._launcher, None
        if launcher is not None:
            launcher.close()
        atexit.unregister(self.close)
        for event, callback in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
            if callback in self._shell.events.callbacks[event]:
                self._shell.events.unregister(event, callback)

    def _before(self, info: Any) -> None:
        """Remember a cell that begins; what a front end runs for itself is none of the student's."""
        if info.store_history and not info.silent and info.raw_cell.strip():
            cell = str(getattr(info, "cell_id", None) or "")
            self._executed.append(Executed(info.raw_cell, time.time(), cell))

    def _after(self, result: Any) -> None:
        """Remember that a cell failed."""
        source = getattr(result.info, "raw_cell", None)
        if not result.success and self._executed and self._executed[-1].source == source:
            self._executed[-1] = replace(self._executed[-1], failed=True)
