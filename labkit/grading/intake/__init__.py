"""Takes a submission in: unpacks it safely, finds the one file in it, digests it. Runs nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from labkit.errors import SubmissionError, UsageError
from labkit.grading.intake.choose import Chosen, choose
from labkit.grading.intake.gather import gather
from labkit.grading.intake.names import shown
from labkit.grading.intake.place import Place
from labkit.grading.intake.walk import digest
from labkit.i18n import Text, texts
from labkit.rubric.evidence import Use
from labkit.rubric.lab import Lab

__all__ = ["Submission", "digest", "take"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in, ready to be run.

    Args:
        path: The file to run: a ``.py`` (of a notebook, the converted one), or a lone ``.h5``.
        sha256: Digest of what was handed in, as `digest` makes it.
        kind: What it was.
        notes: What the student should know: lines taken out, files left out.
        uses: What its code names of other modules.
        cells: Of a notebook, the first line of each cell in the file to run.
    """

    path: Path
    sha256: str
    kind: Literal["python", "notebook", "model"] = "python"
    notes: tuple[Text, ...] = ()
    uses: tuple[Use, ...] = ()
    cells: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Name of the student's own file."""
        return f"{self.path.stem}.ipynb" if self.kind == "notebook" else self.path.name


def take(
    sources: Path | Sequence[Path],
    into: Path | None = None,
    *,
    lab: Lab | None = None,
    copy: bool = False,
) -> Submission:
    """Take in a submission.

    Args:
        sources: A ``.py``, notebook, model, archive or folder, or several of them by one student.
        into: Folder that archives are unpacked in, notebooks converted in, and files copied in.
        lab: The lab it is for; it decides between several files.
        copy: Whether plain files are copied as well, so that nothing is run where it was handed in.

    Raises:
        SubmissionError: There is no file to run, not just one, or it cannot be read.
        UsageError: ``into`` is needed and not given.
        StorageError: A file could not be read or written.
        SandboxError: The process that reads Python files could not be started.
    """
    given = [_named(path, copy) for path in ([sources] if isinstance(sources, Path) else sources)]
    if not given:
        raise SubmissionError(_("Nothing was handed in."))
    if copy and into is None:
        raise UsageError(_("To copy a submission, a folder to copy it in is needed."))
    place = Place(into.absolute() if into is not None else None)
    sha256 = digest(given)
    try:
        found, notes = gather(given, place, copy=copy)
        chosen = choose(found, lab, given[0].name)
        return _submission(chosen, place, sha256, tuple(notes))
    except BaseException:
        place.clear()
        raise


def _named(path: Path, copy: bool) -> Path:
    """What was named; a link to it counts as it, but not where somebody else may have made the link."""
    if not (os.path.lexists(path) if copy else path.exists()):
        raise SubmissionError(
            _("There is no file {path}.", path=shown(path)),
            fix=_("Check the name, or leave it out to run your lab's own file."),
        )
    return Path(os.path.realpath(path)) if path.is_symlink() and not copy else path.absolute()


def _submission(chosen: Chosen, place: Place, sha256: str, notes: tuple[Text, ...]) -> Submission:
    path, notes = chosen.found.path, notes + chosen.notes
    if chosen.looked is None:
        return Submission(path, sha256, "model", notes)
    if chosen.converted is None:
        return Submission(path, sha256, "python", notes, chosen.looked.uses)
    name = f"{PurePosixPath(chosen.found.name).stem}.py"
    path = place.add(name, [chosen.converted.source.encode("utf-8")], beside=path)
    cells = chosen.converted.starts
    return Submission(path, sha256, "notebook", notes, chosen.looked.uses, cells)
