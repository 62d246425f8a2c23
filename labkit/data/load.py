"""Opens a data set of images: four arrays, mapped read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.data.cache import open_array, path
from labkit.data.catalogue import describe
from labkit.errors import UsageError
from labkit.i18n import texts

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Arrays", "load"]

_ = texts(__file__)


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
    """
    info = describe(name)
    if not info.arrays:
        raise UsageError(
            _("{name} is a table, not a set of arrays.", name=name),
            fix=_("Open it with labkit.data.load_table({name!r}).", name=name),
        )
    return Arrays(**{array: open_array(path(name, array)) for array in info.arrays})
