"""Writes, recognizes and maps ``.npy`` files of arrays whose shape and type are known."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.errors import StorageError
from labkit.i18n import texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["is_whole", "open_array", "write_array"]

_ = texts(__file__)


def open_array(file: Path) -> np.ndarray:
    """Map an array read-only; processes that map it share its memory."""
    import numpy as np

    return np.load(file, mmap_mode="r", allow_pickle=False)


def is_whole(file: Path, shape: tuple[int, ...], dtype: str) -> bool:
    """Whether a file has the header and the length that `write_array` would give it.

    The array itself is not read, so this costs the same for any size.
    """
    import numpy as np

    header = _header(shape, dtype)
    length = len(header) + int(np.prod(shape)) * np.dtype(dtype).itemsize
    try:
        with file.open("rb") as stream:
            return os.fstat(stream.fileno()).st_size == length and (stream.read(len(header)) == header)
    except OSError:
        return False


def write_array(
    target: Path, parts: Iterable[bytes | memoryview], shape: tuple[int, ...], dtype: str
) -> None:
    """Write a ``.npy`` file that nobody ever sees half-written, whenever the process dies.

    Args:
        target: Where it shall be; its folder is made.
        parts: The array's bytes in C order; when this raises, nothing is left behind.
        shape: Of the array.
        dtype: NumPy's name of the type.

    Raises:
        StorageError: The folder cannot be written or the disk is full.
    """
    partial = target.with_name(f"{target.name}.{os.urandom(8).hex()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as stream:
            stream.write(_header(shape, dtype))
            for part in parts:
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except OSError as error:
        raise StorageError(
            _(
                "{folder} cannot be written: {error}.",
                folder=target.parent,
                error=error.strerror or error,
            ),
            _("Unpacked data take 110 MB in the cache, a run with a seed 55 MB in its folder."),
            _("Make room, or name another folder in LABKIT_CACHE (cache) or LABKIT_RUNS (runs)."),
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def _header(shape: tuple[int, ...], dtype: str) -> bytes:
    import numpy as np
    from numpy.lib import format as npy

    stream = io.BytesIO()
    described = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(stream, described)
    return stream.getvalue()
