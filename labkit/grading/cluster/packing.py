"""Files as bytes that travel: what a student handed in, and what a run left."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from labkit.errors import StorageError
from labkit.grading.intake.place import LARGEST, too_large
from labkit.grading.intake.walk import entries_of
from labkit.i18n import texts

__all__ = ["box", "boxed", "pack", "unbox", "unpack"]

_ = texts(__file__)

_MOST_LEFT = 2**30  # bytes that one submission may leave behind


def pack(sources: Sequence[Path]) -> bytes:
    """A tar of what was handed in, links as links; what nobody meant to hand in stays behind.

    Raises:
        SubmissionError: There are too many files, or they are too large.
        StorageError: It cannot be read.
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
                        raise too_large()
                    name = root if entry.path == source else f"{root}/{entry.name}"
                    archive.add(entry.path, name, recursive=False)
    except OSError as error:
        raise StorageError(_("It could not be read: {error}", error=error)) from error
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> list[Path]:
    """The files and folders of `pack` in ``folder``, which was empty; their paths, in order."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(folder, **_safe("tar"))  # noqa: S202  the coordinator's own
    numbered = sorted(folder.iterdir(), key=lambda place: int(place.name))
    return [path for place in numbered for path in place.iterdir()]


def box(folder: Path) -> bytes:
    """A compressed tar of the plain files in ``folder``, without links and what may not be read."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return boxed({path: path.relative_to(folder) for path in found})


def boxed(files: Mapping[Path, Path]) -> bytes:
    """A box of these files, each in its place."""
    content = io.BytesIO()
    with tarfile.open(
        fileobj=content, mode="w:gz", format=tarfile.PAX_FORMAT, compresslevel=1, dereference=True
    ) as archive:
        for path, place in files.items():
            with suppress(PermissionError):
                archive.add(path, place.as_posix(), recursive=False)
    return content.getvalue()


def unbox(content: bytes, folder: Path, most: int = _MOST_LEFT) -> None:
    """Put the files of `box` into ``folder``.

    Raises:
        StorageError: They are too large.
    """
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        if sum(member.size for member in archive) > most:
            raise StorageError(_("What it left is too large to be sent to another machine."))
        archive.extractall(folder, **_safe("data"))  # noqa: S202  a worker's, of plain files


def _safe(rules: str) -> dict[str, Any]:
    """What keeps `tarfile` within a folder, where this Python has it."""
    return {"filter": rules} if hasattr(tarfile, f"{rules}_filter") else {}
