"""Unpacks arrays once a user, checks their digests, and maps them read-only ever after.

A file in the cache is named by the digest of what it holds and appears by one atomic rename, so it
is either whole or not there, whoever else unpacks it at the same time and whenever a process dies.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labkit.data.catalogue import (
    ArrayInfo,
    arrays_of,
    datasets_folder,
    describe,
    names,
    table_of,
)
from labkit.data.npy import is_whole, open_array, write_array
from labkit.errors import DataDamaged, DataError, DataMissing, StorageError, UsageError
from labkit.i18n import Text, texts

__all__ = ["Finding", "cache_folder", "clean", "path", "verify"]

_ = texts(__file__)

_CHUNK = 2**20
_OURS = re.compile(r"\w+-\w+-[0-9a-f]{16}\.npy(\.[0-9a-f]{16}\.part)?")
_STALE_SECONDS = 3600  # unpacking takes two: a partial file this old belongs to a process that died


@dataclass(frozen=True, slots=True)
class Finding:
    """What `verify` found of one file.

    Args:
        name: The file, below ``datasets/``.
        sound: Whether it is as the manifest says.
        message: For people.
    """

    name: str
    sound: bool
    message: Text | str


def cache_folder() -> Path:
    """Where unpacked arrays lie: ``LABKIT_CACHE``, or the system's place for caches."""
    if chosen := os.environ.get("LABKIT_CACHE"):
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("labkit", appauthor=False))


def path(name: str, array: str) -> Path:
    """The unpacked ``.npy`` of one array; unpacks it first where it is not there yet.

    Args:
        name: Of the data set.
        array: ``"x_train"``, ``"y_train"``, ``"x_test"`` or ``"y_test"``.

    Raises:
        UsageError: There is no such array.
        DataMissing: The compressed file is not in ``datasets/``.
        DataDamaged: Its bytes are not what the manifest says.
        StorageError: The cache cannot be written.
    """
    arrays = arrays_of(name)
    if array not in arrays:
        raise UsageError(
            _("{name} has no array called {array}.", name=name, array=array),
            _("There are: {names}.", names=", ".join(arrays)),
        )
    info = arrays[array]
    target = _target(name, array, info)
    if not is_whole(target, info.shape, info.dtype):
        _sweep(target.parent)
        try:
            write_array(target, _unpacked(info), info.shape, info.dtype)
        except StorageError:  # Windows replaces no file that another process has mapped meanwhile
            if not is_whole(target, info.shape, info.dtype):
                raise
    return target


def verify() -> list[Finding]:
    """Check every file of ``datasets/`` and of the cache against its digest.

    A damaged file of the cache is removed, to be unpacked again on next use.

    Raises:
        DataError: The manifest itself is missing or damaged.
    """
    return [finding for name in names() for finding in _verify(name)]


def clean() -> int:
    """Empty the cache and return the bytes freed; files that are not the kit's stay."""
    return sum(_remove(file) for file in _files(cache_folder()))


def _verify(name: str) -> Iterator[Finding]:
    info = describe(name)
    if info.file:
        yield _verify_table(name, info.file)
    for array, details in info.arrays.items():
        yield _verify_array(details, _target(name, array, details))


def _verify_table(name: str, file: str) -> Finding:
    try:
        table_of(name)
    except DataError as error:
        return Finding(file, False, str(error.happened))
    return Finding(file, True, _("whole"))


def _verify_array(info: ArrayInfo, target: Path) -> Finding:
    try:
        for _part in _unpacked(info):
            pass
    except DataError as error:
        return Finding(info.file, False, str(error.happened))
    if target.exists() and not _is_sound(target, info):
        _remove(target)
        return Finding(info.file, True, _("whole; its damaged copy in the cache was removed"))
    return Finding(info.file, True, _("whole"))


def _target(name: str, array: str, info: ArrayInfo) -> Path:
    return cache_folder() / f"{name}-{array}-{info.sha256[:16]}.npy"


def _is_sound(target: Path, info: ArrayInfo) -> bool:
    """Whether a cached file holds exactly the array; reads all of it."""
    if not is_whole(target, info.shape, info.dtype):
        return False
    return hashlib.sha256(open_array(target).reshape(-1).data).hexdigest() == info.sha256


def _unpacked(info: ArrayInfo) -> Iterator[bytes]:
    """The array's bytes, a chunk at a time; raises at the end where their digest is wrong."""
    digest = hashlib.sha256()
    try:
        with lzma.open(datasets_folder() / info.file) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                yield chunk
    except FileNotFoundError:
        raise DataMissing(
            _("datasets/{file} is missing.", file=info.file),
            fix=_("Take it from a fresh copy of the kit; `labkit data verify` checks all files."),
        ) from None
    except (lzma.LZMAError, EOFError, OSError) as error:
        raise _damaged(info) from error
    if digest.hexdigest() != info.sha256:
        raise _damaged(info)


def _damaged(info: ArrayInfo) -> DataDamaged:
    return DataDamaged(
        _("datasets/{file} is damaged or cannot be read: half a download?", file=info.file),
        _("Its content should have the digest that the manifest states."),
        _("Take it from a fresh copy of the kit; `labkit data verify` checks all files."),
    )


def _sweep(folder: Path) -> None:
    """Remove what processes that died left behind."""
    for file in _files(folder):
        with suppress(OSError):
            if file.suffix == ".part" and time.time() - file.stat().st_mtime > _STALE_SECONDS:
                _remove(file)


def _files(folder: Path) -> list[Path]:
    """The cache's own files: the folder may be one in which a user keeps others."""
    try:
        return [file for file in folder.iterdir() if _OURS.fullmatch(file.name)]
    except OSError:
        return []


def _remove(file: Path) -> int:
    """Remove a file and return its bytes: none where the system holds on to it."""
    with suppress(OSError):
        size = file.stat().st_size
        file.unlink()
        return size
    return 0
