"""What an archive is made of, and how it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labkit.errors import SubmissionError
from labkit.grading.intake.names import shown
from labkit.i18n import Text, texts

__all__ = ["CHUNK", "Member", "damaged", "half", "refused"]

_ = texts(__file__)

CHUNK = 2**16
"""Bytes that are read at a time."""


@dataclass(frozen=True, slots=True)
class Member:
    """A plain file or a folder in an archive.

    Args:
        name: As the archive has it; not looked at yet.
        folder: Whether it is a folder.
        chunks: The content, to be read before the next member is asked for.
    """

    name: str
    folder: bool
    chunks: Iterator[bytes]


def refused(archive: str, fault: Text, name: str) -> SubmissionError:
    """The refusal of an archive for one of its members."""
    return SubmissionError(
        _(
            "{archive} is not unpacked: {fault} ({name}).",
            archive=shown(archive),
            fault=fault,
            name=shown(name),
        ),
        _("Only plain files and folders are unpacked."),
        _("Pack your files again, or hand in the Python file itself."),
    )


def half(archive: str) -> SubmissionError:
    """The refusal of an archive whose end is missing."""
    return SubmissionError(
        _("{archive} ends in the middle: it looks like half a download.", archive=shown(archive)),
        fix=_("Hand it in again, and wait until the upload is done."),
    )


def damaged(archive: str) -> SubmissionError:
    """The refusal of an archive that cannot be read."""
    return SubmissionError(
        _("{archive} is damaged and cannot be unpacked.", archive=shown(archive)),
        fix=_("Pack your files again, or hand in the Python file itself."),
    )
