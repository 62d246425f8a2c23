"""Opens a data set of images: four arrays, mapped read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.data.cache import path
from labkit.data.catalogue import arrays_of
from labkit.data.npy import open_array

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Arrays", "load"]


@dataclass(frozen=True, slots=True)
class Arrays:
    """A data set of labelled images.

    Args:
        x_train: Images, ``(60000, 28, 28)`` uint8, 0 to 255.
        y_train: Labels, ``(60000,)`` uint8, 0 to 9.
        x_test: Images, ``(10000, 28, 28)`` uint8.
        y_test: Labels, ``(10000,)`` uint8.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load(name: str) -> Arrays:
    """Open a data set of images; the arrays cannot be written to.

    Args:
        name: ``"mnist"`` or ``"fashion_mnist"``.

    Raises:
        UsageError: There is no data set of images of that name.
        DataError: Its files are missing or damaged, or the cache cannot be written.

    Example:
        >>> load("mnist").x_test.shape
        (10000, 28, 28)
    """
    return Arrays(**{array: open_array(path(name, array)) for array in arrays_of(name)})
