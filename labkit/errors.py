"""Everything that can go wrong in a way the kit foresees.

Each error says what happened, what was expected and how to fix it, and knows the exit code with
which the command line ends. Nobody sees a traceback of the kit for any of these::

    LabkitError                  1   the root; never raised itself
    ├── UsageError               2   a command, lab, language or path that does not exist
    ├── DataError                3   something is wrong with data
    │   ├── DataMissing          3   a file of datasets/ is not there
    │   ├── DataDamaged          3   a digest, shape or archive that does not fit the manifest
    │   ├── TableError           3   a table of the user's own that cannot be used as it is
    │   └── StorageError         3   the disk is full or a folder may not be written
    ├── SubmissionError          4   a student's file that cannot be graded as it is
    ├── ModelFileError           5   an .h5 file that the screen refuses
    │   ├── ModelFileDamaged     5   truncated, not HDF5, no Keras model in it
    │   └── ModelFileUnsafe      5   Lambda, foreign layers, links, sizes beyond the limits
    ├── ContentError             6   a lab of the kit is itself at fault: cut marks, rubric, catalogue
    └── SandboxError             7   the worker could not be started or was lost: nobody's fault
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ContentError",
    "DataDamaged",
    "DataError",
    "DataMissing",
    "LabkitError",
    "ModelFileDamaged",
    "ModelFileError",
    "ModelFileUnsafe",
    "SandboxError",
    "StorageError",
    "SubmissionError",
    "TableError",
    "UsageError",
]


class LabkitError(Exception):
    """Root of the kit's errors.

    Args:
        happened: One sentence on what happened.
        expected: One sentence on what was expected instead; may be empty.
        fix: One sentence on what to do next; may be empty.

    Each may be a ``str`` or a lazily translated `labkit.i18n.Text`.

    Example:
        >>> print(LabkitError("There is no lab 99.", fix="See labkit list."))
        There is no lab 99. See labkit list.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, happened: object, expected: object = "", fix: object = "") -> None:
        super().__init__(happened, expected, fix)
        self.happened = happened
        self.expected = expected
        self.fix = fix

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.happened, self.expected, self.fix) if str(part))


class UsageError(LabkitError):
    """A command, lab, language or path that does not exist."""

    exit_code = 2


class DataError(LabkitError):
    """Something is wrong with data."""

    exit_code = 3


class DataMissing(DataError):
    """A file of ``datasets/`` is not there."""


class DataDamaged(DataError):
    """A digest, shape or archive does not fit the manifest."""


class TableError(DataError):
    """A table of the user's own cannot be used as it is."""


class StorageError(DataError):
    """The disk is full, or a folder may not be written."""


class SubmissionError(LabkitError):
    """A student's file cannot be graded as it is."""

    exit_code = 4


class ModelFileError(LabkitError):
    """An ``.h5`` file is refused."""

    exit_code = 5


class ModelFileDamaged(ModelFileError):
    """Truncated, not HDF5, or without a Keras model in it."""


class ModelFileUnsafe(ModelFileError):
    """Holds something that must not be loaded: code, links, or sizes beyond the limits."""


class ContentError(LabkitError):
    """A lab of the kit is itself at fault: its cut marks, its rubric or its catalogue."""

    exit_code = 6


class SandboxError(LabkitError):
    """The worker could not be started or was lost; nobody's answer is to blame."""

    exit_code = 7
