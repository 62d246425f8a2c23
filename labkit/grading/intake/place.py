"""The folder a submission is unpacked, copied and converted in, and how much fits."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path, PurePosixPath

from labkit.errors import StorageError, SubmissionError, UsageError
from labkit.grading.intake.names import shown
from labkit.i18n import texts

__all__ = ["LARGEST", "MOST_FILES", "Place", "too_large"]

_ = texts(__file__)

LARGEST = 200 * 2**20
"""Bytes of all files of a submission together."""
MOST_FILES = 2_000
"""Files and folders of a submission."""
_RATIO = 200
_RATIO_FROM = 2**20  # bytes; before, nothing is too well packed


class Place:
    """Writes files into one folder and nowhere else, and counts what it writes.

    Args:
        into: The folder; it is made when it is first needed. ``None``: nothing may be written.
    """

    def __init__(self, into: Path | None) -> None:
        self._into = into
        self._made: list[Path] = []
        self._bytes = 0
        self._files = 0

    @property
    def into(self) -> Path:
        """The folder, made.

        Raises:
            UsageError: There is none.
            StorageError: It cannot be made.
        """
        if self._into is None:
            raise UsageError(
                _("An archive or a notebook needs a folder to be unpacked in, and none was given."),
                fix=_("Unpack it yourself and name the .py file."),
            )
        try:
            self._into.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self._into, error) from error
        return self._into

    def holds(self, path: Path) -> bool:
        """Whether ``path`` lies here."""
        return self._into is not None and self._into in path.parents

    def folder(self, name: str) -> Path:
        """Make a new folder, called ``name`` or much like it."""
        for free in _free(name):
            path = self.into / free
            try:
                path.mkdir()
            except FileExistsError:
                continue
            except OSError as error:
                raise _unwritable(path, error) from error
            self._made.append(path)
            return path
        raise AssertionError("names never end")

    def add(self, name: str, chunks: Iterable[bytes], beside: Path | None = None) -> Path:
        """Write a new file called ``name`` or much like it, in the folder of ``beside`` or on top."""
        folder = beside.parent if beside is not None and self.holds(beside) else self.into
        for free in _free(name):
            if not (folder / free).exists() and not (folder / free).is_symlink():
                return self.write(folder, PurePosixPath(free), chunks)
        raise AssertionError("names never end")

    def write(
        self, root: Path, name: PurePosixPath, chunks: Iterable[bytes], ceiling: int | None = None
    ) -> Path:
        """Write a new file below ``root``.

        Args:
            root: A folder of this place.
            name: Relative to it, and known to be harmless.
            chunks: The content.
            ceiling: From `ceiling`, of the archive it comes from.

        Raises:
            SubmissionError: The submission is larger than it may be.
            StorageError: The file cannot be written.
        """
        path = root / name
        self.count()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                self._made.append(path)
                for chunk in chunks:
                    self._weigh(len(chunk), ceiling)
                    file.write(chunk)
            path.chmod(0o644)
        except OSError as error:
            raise _unwritable(path, error) from error
        return path

    def count(self) -> None:
        """Count one more file or folder.

        Raises:
            SubmissionError: There are too many.
        """
        self._files += 1
        if self._files > MOST_FILES:
            raise SubmissionError(
                _("The submission holds more than {count} files and folders.", count=MOST_FILES),
                _("Your Python file, and perhaps a few more, were expected."),
                _("Leave out environments, data and results, and hand in the rest."),
            )

    def clear(self) -> None:
        """Remove everything that was written here."""
        for path in reversed(self._made):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        self._made.clear()

    def ceiling(self, packed: int) -> int:
        """What all files here may come to once an archive of ``packed`` bytes is unpacked."""
        return self._bytes + max(_RATIO_FROM, _RATIO * packed)

    def _weigh(self, size: int, ceiling: int | None) -> None:
        self._bytes += size
        if self._bytes > LARGEST:
            raise too_large()
        if ceiling is not None and self._bytes > ceiling:
            raise SubmissionError(
                _("The archive holds more than {ratio} times its own size.", ratio=_RATIO),
                _("Archives like that are made to fill a disk, and are not unpacked."),
                _("Hand in the Python file itself."),
            )


def _free(name: str) -> Iterable[str]:
    """``name``, and then ``name (2)``, ``name (3)``… with the ending kept."""
    stem, suffix = Path(name).stem, Path(name).suffix
    yield name
    for number in count(2):
        yield f"{stem} ({number}){suffix}"


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        _(
            "{name} could not be written: {reason}.",
            name=shown(path.name),
            reason=error.strerror or error,
        ),
        fix=_("Free some space, or choose another folder."),
    )


def too_large() -> SubmissionError:
    """The error for what is larger than `LARGEST`."""
    return SubmissionError(
        _("The submission is larger than {size} MB once unpacked.", size=LARGEST // 2**20),
        _("Your Python file, and perhaps a few more, were expected."),
        _("Leave out environments, data and results, and hand in the rest."),
    )
