"""What an archive is made of, and how it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labkit.errors import SubmissionError
from labkit.grading.intake.names import shown
from labkit.grading.intake.place import MOST_FILES
from labkit.i18n import Text, texts

__all__ = ["CHUNK", "MOST_ENTRIES", "Member", "crowded", "damaged", "half", "refused"]

_ = texts(__file__)

CHUNK = 2**16
"""Bytes that are read at a time."""
# Far more than files that are unpacked: a hidden folder of Git holds thousands.
MOST_ENTRIES = 25 * MOST_FILES
"""Entries of an archive, with those that are left out."""


@dataclass(frozen=True, slots=True)
class Member:
    """A plain file or a folder in an archive.

    Args:
        name: As the archive has it; not looked at yet.
        folder: Whether it is a folder.
        chunks: The content, to be read, if at all, before the next member is asked for.
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


def crowded(archive: str) -> SubmissionError:
    """The refusal of an archive of more than `MOST_ENTRIES`."""
    return SubmissionError(
        _("{name} holds too many files.", name=shown(archive)),
        _("Your Python file, and perhaps a few more, were expected."),
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
