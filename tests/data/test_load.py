from __future__ import annotations

import hashlib

import numpy as np
import pytest

from labkit import data
from labkit.errors import UsageError

_SETS = ("mnist", "fashion_mnist")


@pytest.mark.parametrize("name", _SETS)
@pytest.mark.parametrize("array", ["x_train", "y_train", "x_test", "y_test"])
def test_arrays_hold_what_their_authors_published(name, array):
    values, info = getattr(data.load(name), array), data.describe(name).arrays[array]
    assert (values.shape, values.dtype.name) == (info.shape, info.dtype)
    assert hashlib.sha256(values.tobytes()).hexdigest() == info.sha256


@pytest.mark.parametrize("name", _SETS)
def test_test_labels_are_the_ten_digits(name):
    counts = np.bincount(data.load(name).y_test)
    assert len(counts) == 10
    assert counts.min() >= 892  # 892 fives in MNIST, 1,000 of each garment


def test_the_first_images_of_mnist_are_the_known_ones():
    assert data.load("mnist").y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


def test_arrays_are_mapped():
    assert isinstance(data.load("mnist").x_test, np.memmap)


def test_mapped_arrays_cannot_be_written(kit):  # in a cache of its own: should it ever be possible
    labels = data.open_array(data.path("mnist", "y_test"))
    with pytest.raises(ValueError, match="read-only"):
        labels[0] = 1


def test_a_table_is_not_loaded_as_arrays():
    with pytest.raises(UsageError, match="load_table"):
        data.load("gasoline")
