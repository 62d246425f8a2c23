"""Which rows may be seen and which are hidden, and folds for small tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.data.cache import path
from labkit.data.load import load
from labkit.data.npy import open_array, write_array
from labkit.errors import UsageError
from labkit.i18n import texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Split", "folds", "split"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Split:
    """A data set of images in two parts.

    Args:
        x: File of the images that may be seen.
        y: File of their labels.
        hidden_x: File of the images asked about.
        hidden_y: Their labels, which are in no file that an untrusted process is given.
    """

    x: Path
    y: Path
    hidden_x: Path
    hidden_y: np.ndarray


def split(name: str, *, seed: int | None, folder: Path) -> Split:
    """Split a data set into what may be seen and what is hidden.

    Args:
        name: Of a data set of images.
        seed: ``None`` for the usual split: the training images are seen, the test images hidden.
            Otherwise all rows are dealt anew into parts of the same sizes.
        folder: Where the dealt rows are written; the usual split needs no copy.

    Raises:
        UsageError: There is no data set of images of that name, or the seed is negative.
        DataError: Its files are missing or damaged, or a folder cannot be written.
    """
    if seed is None:
        hidden = open_array(path(name, "y_test"))
        return Split(path(name, "x_train"), path(name, "y_train"), path(name, "x_test"), hidden)
    import numpy as np

    generator, arrays = _generator(seed), load(name)
    x = np.concatenate([arrays.x_train, arrays.x_test])
    y = np.concatenate([arrays.y_train, arrays.y_test])
    order = generator.permutation(len(x))
    seen, hidden_rows = np.split(order, [len(arrays.x_train)])
    files = folder / "x.npy", folder / "y.npy", folder / "x_hidden.npy"
    for file, values in zip(files, (x[seen], y[seen], x[hidden_rows])):
        write_array(file, [values.data.cast("B")], values.shape, values.dtype.str)
    return Split(*files, y[hidden_rows])


def folds(rows: int, k: int, repeats: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Deal rows into ``k`` folds, ``repeats`` times anew.

    Args:
        rows: How many there are.
        k: Folds a deal.
        repeats: Deals.
        seed: Of the deals.

    Returns:
        ``k * repeats`` pairs: indices to train on, indices held back.

    Example:
        >>> [len(held) for _kept, held in folds(rows=48, k=5, repeats=1, seed=0)]
        [10, 10, 10, 9, 9]
    """
    import numpy as np

    generator = _generator(seed)
    pairs = []
    for _repeat in range(repeats):
        parts = np.array_split(generator.permutation(rows), k)
        for number, held in enumerate(parts):
            kept = np.concatenate([part for other, part in enumerate(parts) if other != number])
            pairs.append((np.sort(kept), np.sort(held)))
    return pairs


def _generator(seed: int) -> np.random.Generator:
    import numpy as np

    if seed < 0:
        raise UsageError(
            _("{seed} cannot be a seed.", seed=seed), _("A whole number from 0 was expected.")
        )
    return np.random.default_rng(seed)
