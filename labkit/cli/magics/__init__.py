"""``%labkit`` in a notebook: ``check``, ``run`` and ``hint``, as on the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labkit.cli.magics.running import Run, grade
from labkit.cli.magics.session import Session
from labkit.errors import LabkitError, UsageError
from labkit.faults import written_down
from labkit.grading import runs
from labkit.i18n import LANGUAGES, Text, speaking, texts
from labkit.report import in_notebook
from labkit.report.in_notebook import Shown
from labkit.rubric.lab import Lab

__all__ = ["load", "unload"]

_ = texts(__file__)

_VERBS = ("check", "run", "hint", "use")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A line behind ``%labkit``, taken apart."""

    verb: str
    lab: str | None
    language: str | None


def load(shell: Any) -> None:
    """Bring ``%labkit`` to a kernel, and let TensorFlow say less when it is imported there."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    shell.register_magic_function(_Magic(Session(shell)).labkit, "line", "labkit")


def unload(shell: Any) -> None:
    """Take ``%labkit`` away again, and end the processes it left warm."""
    magic = shell.magics_manager.magics["line"].pop("labkit", None)
    if magic is not None:
        magic.__self__.session.close()


class _Magic:
    """The magic of one kernel."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def labkit(self, line: str) -> None:
        """Grade this notebook: check for a verdict, run for the whole report, hint for a pointer."""
        session = self.session
        with speaking(session.language):
            try:
                asked = _asked(line.split())
                if asked.verb == "use":
                    self._use(asked)
                    return
                lab = session.lab(asked.lab)
                with speaking(asked.language or session.language):
                    if asked.verb == "hint":
                        _display(_hint(lab))
                    else:
                        self._grade(lab, asked)
            except LabkitError as error:
                _display(in_notebook.trouble(error))

    def _use(self, asked: _Asked) -> None:
        if asked.lab is None:
            raise _usage(_("Which lab?"))
        lab = self.session.use(asked.lab, asked.language)
        with speaking(self.session.language):
            _display(in_notebook.note(_("{lab} · {title}", lab=lab.name, title=lab.title)))

    def _grade(self, lab: Lab, asked: _Asked) -> None:
        """Grade the notebook and show the verdict where its progress was shown."""
        session = self.session
        language = asked.language or session.language
        cells, path = session.cells(), session.file()
        name = path.name if path else f"{lab.folder}.ipynb"
        place = _Place()
        try:
            run = grade(
                lab,
                cells,
                name,
                session.launcher(),
                language,
                lambda words: place.show(in_notebook.note(words)),
            )
        except LabkitError as error:
            place.show(in_notebook.trouble(error))
        except KeyboardInterrupt:
            place.show(in_notebook.note(_("Stopped.")))
        except Exception as error:  # a fault of the kit's own: no traceback, but nothing lost either
            place.show(in_notebook.trouble(_own_fault(error)))
        else:
            left = [name for name in lab.steps if name not in cells.functions]
            notes = _notes(cells.unsaved, left, known=path is not None)
            place.show(_verdict(run, name, notes, whole=asked.verb == "run"))


class _Place:
    """A place below a cell, shown anew as often as something else is to be seen there."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._shown: Shown = {}

    def show(self, shown: Shown) -> None:
        from IPython.display import display

        if shown == self._shown:
            return
        self._shown = shown
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)


def _asked(words: Sequence[str]) -> _Asked:
    """Read what was typed behind ``%labkit``.

    Raises:
        UsageError: It cannot be understood.
    """
    rest = list(words)
    language = None
    if "--lang" in rest:
        place = rest.index("--lang")
        language = next(iter(rest[place + 1 : place + 2]), "")
        if language not in LANGUAGES:
            raise _usage(_("{option} is followed by en or es.", option="--lang"))
        del rest[place : place + 2]
    verb, *names = rest or [""]
    if verb not in _VERBS or len(names) > 1:
        raise _usage(_("`%labkit {line}` is not known.", line=" ".join(words)))
    return _Asked(verb, names[0] if names else None, language)


def _usage(happened: Text) -> UsageError:
    return UsageError(
        happened, fix=_("Type %labkit check, %labkit run or %labkit hint, and a lab if you like.")
    )


def _notes(unsaved: int, left: Sequence[str], *, known: bool) -> list[Text]:
    """What the student should know of how the notebook was read.

    Args:
        unsaved: How many cells the file does not have as they were run.
        left: Functions of the lab that are in no cell.
        known: Whether the file was there to be read.
    """
    notes = []
    if unsaved:
        notes.append(
            _(
                "Cells that are not saved as you ran them: {number}. What you ran was graded; save the "
                "notebook before you hand it in.",
                number=unsaved,
            )
        )
    if left and not known:
        notes.append(
            _("In no cell that was run since the kernel started: {names}.", names=", ".join(left))
        )
    return notes


def _verdict(run: Run, name: str, notes: Sequence[Text], *, whole: bool) -> Shown:
    """The verdict; with the ``whole`` report below it."""
    graded, paths = run.graded, run.paths
    shown = in_notebook.verdict(graded.grade, graded.evidence, paths, file=name, notes=notes)
    if whole:
        page = paths.report.read_text(encoding="utf-8")
        shown["text/html"] += in_notebook.framed(page)
    return shown


def _hint(lab: Lab) -> Shown:
    """A pointer for what the last run stumbled over."""
    said, check = runs.pointer(lab)
    return in_notebook.hint(said or "", check)


def _own_fault(error: Exception) -> LabkitError:
    path = written_down(error)
    return LabkitError(_("This is a fault of the kit, not yours. Details are in {path}", path=path))


def _display(shown: Shown) -> None:
    from IPython.display import display

    display(shown, raw=True)
