"""Takes a submission in: finds the one file in it and digests it. Runs nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import SubmissionError
from labkit.i18n import texts

__all__ = ["Submission", "take"]

_ = texts(__file__)

_LARGEST = 5 * 2**20


@dataclass(frozen=True, slots=True)
class Submission:
    """A student's file.

    Args:
        path: Where it lies.
        sha256: Digest of its bytes.
    """

    path: Path
    sha256: str


def take(path: Path) -> Submission:
    """Take in a ``.py`` file, or a folder with just one.

    Raises:
        SubmissionError: There is no such file, not just one, or it cannot be one.
    """
    path = path.absolute()
    if path.is_dir():
        path = _only_file(path)
    if not path.is_file():
        raise SubmissionError(
            _("There is no file {path}.", path=path),
            fix=_("Check the name, or leave it out to run your lab's own file."),
        )
    if path.suffix != ".py":
        raise SubmissionError(
            _("{name} is not a Python file.", name=path.name),
            _("A file whose name ends in .py was expected."),
        )
    content = path.read_bytes()
    if len(content) > _LARGEST:
        raise SubmissionError(
            _("{name} is {size:.0f} MB large.", name=path.name, size=len(content) / 1e6),
            _("A Python file of a few kilobytes was expected."),
        )
    return Submission(path, hashlib.sha256(content).hexdigest())


def _only_file(folder: Path) -> Path:
    files = sorted(folder.glob("*.py"))
    if len(files) == 1:
        return files[0]
    raise SubmissionError(
        _("{folder} holds {count} Python files.", folder=folder.name, count=len(files)),
        _("Just one was expected."),
        _("Name the file itself."),
    )
