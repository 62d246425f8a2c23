"""``labkit watch``: run the lab again whenever its file is saved, and show the first thing to mend.

The file is looked at twenty times a second, which works wherever it lies: on this disk, on one of the
network, in a container, saved in place or put in the place of the old one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from labkit.cli.completion import LabName
from labkit.i18n import texts

if TYPE_CHECKING:
    from rich.console import Console, Group

    from labkit.grading.attempts import Attempts, State
    from labkit.report.watching import View
    from labkit.rubric.lab import Lab

_ = texts(__file__)

_TICK = 0.05  # seconds between two looks at keys, file and run


@click.command("watch", help=str(_("Run your lab whenever you save it; show the first thing to mend.")))
@click.argument("lab", type=LabName())
@click.argument("file", required=False, type=click.Path(path_type=Path))
def command(lab: str, file: Path | None) -> None:
    """Watch one lab's file until ``q``."""
    from labkit.errors import SubmissionError
    from labkit.report import terminal
    from labkit.rubric import find

    chosen: Lab | None = find.lab(lab)
    path = file
    while chosen is not None:
        watched = path or find.starter(chosen)
        if not watched.is_file():
            fix = _("`labkit reset {lab}` puts the starter there.", lab=chosen.name)
            if path is not None:
                fix = _("Look at the name, or leave it out for the lab's own file.")
            raise SubmissionError(_("There is no file {path}.", path=watched), fix=fix)
        chosen, path = _Watch(chosen, watched, terminal.console()).run(), None


class _Watch:
    """The loop around one lab: what is pressed, saved and found changes the view."""

    def __init__(self, lab: Lab, path: Path, console: Console) -> None:
        from labkit.report.watching import View

        self.lab = lab
        self.path = path
        self.console = console
        self.following: Lab | None = None  # the lab to go on with
        self.over = False
        self.view: View = View(lab, path.name)
        self.ended = False  # whether a run has ended that is not kept yet
        self._content = b""

    def run(self) -> Lab | None:
        """Watch until a key ends it; return the lab to go on with, if one was asked for."""
        from rich.live import Live

        from labkit.cli.keys import keys
        from labkit.grading.attempts import Attempts
        from labkit.sandbox.launch import Launcher, sensible_width

        self._count()
        with Launcher(sensible_width()) as launcher, Attempts(self.lab, launcher) as attempts:
            if not self.console.is_terminal or self.console.is_dumb_terminal:
                self._plainly(attempts)
            with keys() as typed, Live(console=self.console, screen=True, auto_refresh=False) as live:
                shown: object = None
                while not self.over:
                    self._press(typed.pressed(), attempts)
                    self._step(attempts)
                    if shown != (self.view, self.console.size):
                        shown = (self.view, self.console.size)
                        live.update(self._drawn(), refresh=True)
                    if self.ended:  # and shown
                        self._keep(attempts)
                    time.sleep(_TICK)
        self.console.print(self._drawn())
        return self.following

    def _plainly(self, attempts: Attempts) -> NoReturn:
        """Without a terminal: what was found of every save, one after the other, until Ctrl-C."""
        self.view = replace(self.view, keys=False)
        while True:
            self._step(attempts)
            if self.ended:
                self.console.print(self._drawn())
                self._keep(attempts)
            time.sleep(_TICK)

    def _drawn(self) -> Group:
        from labkit.report.watching import screen

        rows = self.console.size.height if self.view.keys else None
        return screen(self.view, self.console.encoding, self.console.width, rows)

    def _step(self, attempts: Attempts) -> None:
        """See whether the file was saved, and how far the run has come."""
        content = self._read()
        if content != self._content:
            self._content = content
            self._begin(attempts)
        elif attempts.current is not None:
            self._take(attempts.current.state(), attempts)

    def _read(self) -> bytes:
        """A digest of the file; the one before while it cannot be read, as in the middle of a save."""
        try:
            return hashlib.sha256(self.path.read_bytes()).digest()
        except OSError:
            return self._content

    def _begin(self, attempts: Attempts) -> None:
        attempts.begin(self.path)
        self.ended = False
        self.view = replace(
            self.view,
            steps=(),
            epochs=(),
            printed="",
            failure=None,
            grade=None,
            trouble="",
            hint=False,
            note="",
        )

    def _take(self, state: State, attempts: Attempts) -> None:
        """Show how far a run has come; one that has ended is kept if none was better."""
        from labkit.cli.progress import last_line

        assert attempts.current is not None
        graded = state.graded
        self.view = replace(
            self.view,
            steps=state.steps,
            epochs=state.epochs,
            failure=state.failure,
            printed=last_line(attempts.current.folder / "evidence" / "main" / "log.txt", 60),
            grade=graded.grade if graded else None,
            trouble=str(state.trouble) if state.trouble else "",
        )
        self.ended = state.over

    def _keep(self, attempts: Attempts) -> None:
        """Write the report of a run that is the best so far; then forget the run."""
        import shutil

        from labkit.grading import runs
        from labkit.report import files

        attempt, attempts.current, self.ended = attempts.current, None, False
        assert attempt is not None
        graded, best = attempt.state().graded, runs.best(self.lab)
        if graded is not None and (best is None or graded.grade.points > best):
            folder = runs.new_folder(self.lab)
            shutil.copytree(attempt.folder / "evidence", folder / "evidence")
            files.write(graded.grade, graded.evidence, folder)
            self._count()
        attempt.stop()

    def _count(self) -> None:
        """Count the labs of the course, and those with all points."""
        from labkit.grading import runs
        from labkit.rubric import find

        labs = find.labs()
        done = sum((runs.best(lab) or 0.0) >= lab.maximum for lab in labs)
        self.view = replace(self.view, done=done, labs=len(labs))

    def _press(self, key: str, attempts: Attempts) -> None:
        actions: dict[str, Callable[[Attempts], None]] = {
            "q": self._quit,
            "h": self._hint,
            "r": self._begin,
            "l": self._list,
            "x": self._reset,
            "n": self._next,
        }
        if key in actions:
            actions[key](attempts)

    def _quit(self, _attempts: Attempts) -> None:
        self.over = True

    def _hint(self, _attempts: Attempts) -> None:
        self.view = replace(self.view, hint=not self.view.hint)

    def _list(self, _attempts: Attempts) -> None:
        """Show where the course stands in a line, or take it away again."""
        from labkit.grading import runs
        from labkit.report.outline import points
        from labkit.rubric import find

        if self.view.note:
            self.view = replace(self.view, note="")
            return
        best = {lab.name: runs.best(lab) for lab in find.labs()}
        words = [f"{name} {'-' if earned is None else points(earned)}" for name, earned in best.items()]
        self.view = replace(self.view, note=" · ".join(words))

    def _reset(self, attempts: Attempts) -> None:
        """Put the starter back; the file as it was is kept beside it."""
        from labkit.cli.reset import reset
        from labkit.errors import LabkitError
        from labkit.rubric import find

        if self.path.resolve() != find.starter(self.lab).resolve():
            note = str(_("x resets the lab's own file, which is not the one watched."))
            self.view = replace(self.view, note=note)
            return
        try:
            note = reset(self.lab)
        except LabkitError as error:
            self.view = replace(self.view, note=str(error))
            return
        self._content = self._read()
        self._begin(attempts)  # which takes the note away
        self.view = replace(self.view, note=note)

    def _next(self, _attempts: Attempts) -> None:
        """Go on with the next lab of the course, once this one is done."""
        from labkit.rubric import find

        labs = find.labs()
        place = labs.index(self.lab) + 1
        if self.view.grade is None or self.view.grade.points < self.lab.maximum:
            self.view = replace(self.view, note=str(_("First things first: this lab has points left.")))
        elif place < len(labs):
            self.following, self.over = labs[place], True
        else:
            self.view = replace(self.view, note=str(_("This was the last lab of the course.")))
