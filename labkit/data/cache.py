"""Unpacks arrays once a user, checks their digests, and maps them read-only ever after.

A file in the cache is named by the digest of what it holds and appears by one atomic rename, so it
is either whole or not there, whoever else unpacks it at the same time and whenever a process dies.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.data.catalogue import ArrayInfo, datasets_folder, describe, names
from labkit.errors import DataDamaged, DataError, DataMissing, StorageError
from labkit.i18n import Text, texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Finding", "cache_folder", "clean", "open_array", "path", "verify", "write_array"]

_ = texts(__file__)

_CHUNK = 2**20
_STALE_SECONDS = 24 * 3600  # a temporary file this old belongs to a process that died


@dataclass(frozen=True, slots=True)
class Finding:
    """What `verify` found of one file."""

    name: str
    sound: bool
    message: Text


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
        DataMissing: The compressed file is not in ``datasets/``.
        DataDamaged: Its bytes are not what the manifest says.
        StorageError: The cache cannot be written.
    """
    info = describe(name).arrays[array]
    target = _target(name, array, info)
    if not _whole(target, info):
        _sweep(target.parent)
        write_array(target, _unpacked(name, array, info), info.shape, info.dtype)
    return target


def open_array(file: Path) -> np.ndarray:
    """Map an unpacked array read-only; processes that map it share its memory."""
    import numpy as np

    return np.load(file, mmap_mode="r", allow_pickle=False)


def write_array(target: Path, parts: Iterator[bytes], shape: tuple[int, ...], dtype: str) -> None:
    """Write a ``.npy`` file so that it is never seen half-written.

    Args:
        target: Where it shall be.
        parts: The array's bytes in C order; when this raises, nothing is left behind.
        shape: Of the array.
        dtype: NumPy's name of the type.

    Raises:
        StorageError: The folder cannot be written or the disk is full.
    """
    import numpy as np
    from numpy.lib import format as npy

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(suffix=".part", dir=target.parent)
    except OSError as error:
        raise _cannot_write(target.parent, error) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            header = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
            npy.write_array_header_1_0(stream, header)
            for part in parts:
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).replace(target)
    except OSError as error:
        raise _cannot_write(target.parent, error) from error
    finally:
        with suppress(OSError):
            Path(partial).unlink()


def verify() -> list[Finding]:
    """Check every file of ``datasets/`` and of the cache against its digest.

    A damaged file of the cache is removed, to be unpacked again on next use.
    """
    return [finding for name in names() for finding in _verify(name)]


def clean() -> int:
    """Empty the cache and return the bytes freed."""
    freed = 0
    for file in cache_folder().glob("*.npy"), cache_folder().glob("*.part"):
        for entry in file:
            with suppress(OSError):
                size = entry.stat().st_size
                entry.unlink()
                freed += size
    return freed


def _verify(name: str) -> Iterator[Finding]:
    info = describe(name)
    if info.file:
        file = datasets_folder() / info.file
        sound = file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == info.sha256
        yield Finding(info.file, sound, _("whole") if sound else _("missing or changed"))
    for array, details in info.arrays.items():
        try:
            for _part in _unpacked(name, array, details):
                pass
        except DataError as error:
            yield Finding(details.file, False, _("{reason}", reason=error.happened))
            continue
        target = _target(name, array, details)
        if target.exists() and not (_whole(target, details) and _digest(target) == details.sha256):
            target.unlink()
            yield Finding(details.file, True, _("whole; its damaged copy in the cache was removed"))
        else:
            yield Finding(details.file, True, _("whole"))


def _target(name: str, array: str, info: ArrayInfo) -> Path:
    return cache_folder() / f"{name}-{array}-{info.sha256[:16]}.npy"


def _whole(target: Path, info: ArrayInfo) -> bool:
    """Whether the cached file has the right header and length; cheap, so it is asked every time."""
    try:
        array = open_array(target)
    except (OSError, ValueError, EOFError):
        return False
    return array.shape == info.shape and array.dtype == info.dtype


def _digest(target: Path) -> str:
    return hashlib.sha256(open_array(target).tobytes()).hexdigest()


def _unpacked(name: str, array: str, info: ArrayInfo) -> Iterator[bytes]:
    """The array's bytes, a chunk at a time; raises at the end where their digest is wrong."""
    source = datasets_folder() / info.file
    digest = hashlib.sha256()
    try:
        with lzma.open(source) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                yield chunk
    except FileNotFoundError:
        raise DataMissing(
            _("datasets/{file} is missing.", file=info.file),
            fix=_("Take it from a fresh copy of the kit; `labkit data verify` checks all files."),
        ) from None
    except (lzma.LZMAError, EOFError):
        raise _damaged(info) from None
    if digest.hexdigest() != info.sha256:
        raise _damaged(info)


def _damaged(info: ArrayInfo) -> DataDamaged:
    return DataDamaged(
        _("datasets/{file} is damaged: perhaps half a download.", file=info.file),
        _("Its content does not have the digest that the manifest states."),
        _("Take it from a fresh copy of the kit; `labkit data verify` checks all files."),
    )


def _cannot_write(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        _("{folder} cannot be written: {error}", folder=folder, error=error.strerror or error),
        _("Unpacked data need about 110 MB there."),
        _("Make room, or name another folder in LABKIT_CACHE."),
    )


def _sweep(folder: Path) -> None:
    """Remove what processes that died left behind."""
    for part in folder.glob("*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                part.unlink()
