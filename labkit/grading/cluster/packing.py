"""Files as bytes that travel: what a student handed in, and what a run left."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labkit.errors import StorageError
from labkit.grading.intake.place import LARGEST
from labkit.grading.intake.walk import entries_of
from labkit.i18n import texts

__all__ = ["box", "pack", "unbox", "unpack"]

_ = texts(__file__)

_MOST_LEFT = 2**30  # bytes that one submission may leave behind


def pack(sources: Sequence[Path]) -> bytes:
    """A tar of what was handed in, links as links; what nobody meant to hand in stays behind.

    Raises:
        SubmissionError: There are too many files.
        StorageError: It is too large, or cannot be read.
    """
    content, size = io.BytesIO(), 0
    try:
        with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for number, source in enumerate(sources):
                root = f"{number}/{source.name}"
                if source.is_dir() and not source.is_symlink():
                    archive.add(source, root, recursive=False)
                for entry in entries_of(source):
                    size += entry.path.lstat().st_size
                    if size > LARGEST:
                        raise _too_large()
                    name = root if entry.path == source else f"{root}/{entry.name}"
                    archive.add(entry.path, name, recursive=False)
    except OSError as error:
        raise StorageError(_("It could not be read: {error}", error=error)) from error
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> list[Path]:
    """The files and folders of `pack` in ``folder``, which was empty; their paths, in order."""
    safe: dict[str, Any] = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(folder, **safe)  # noqa: S202  the coordinator's own
    numbered = sorted(folder.iterdir(), key=lambda place: int(place.name))
    return [path for place in numbered for path in place.iterdir()]


def box(folder: Path) -> bytes:
    """A zip of the plain files in ``folder``; links are left out."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                archive.write(path, path.relative_to(folder).as_posix())
    return content.getvalue()


def unbox(content: bytes, folder: Path, most: int = _MOST_LEFT) -> None:
    """Put the files of `box` into ``folder``.

    Raises:
        StorageError: They are too large.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > most:
            raise _too_large()
        archive.extractall(folder)  # noqa: S202  zip members never leave the folder


def _too_large() -> StorageError:
    return StorageError(_("It is too large to be sent to another machine."))
