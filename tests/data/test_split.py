from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import data
from labkit.errors import StorageError, UsageError


def _all_rows(x: np.ndarray, y: np.ndarray) -> list[bytes]:
    """Images with their labels, in an order of their own."""
    return sorted(image.tobytes() + bytes([label]) for image, label in zip(x, y))


def test_the_public_split_hides_the_test_images_and_copies_nothing(tmp_path):
    split = data.split("mnist", seed=None, folder=tmp_path)
    assert split.x == data.path("mnist", "x_train")
    assert split.y == data.path("mnist", "y_train")
    assert split.hidden_x == data.path("mnist", "x_test")
    assert np.array_equal(split.hidden_y, data.load("mnist").y_test)
    assert list(tmp_path.iterdir()) == []


def test_a_seed_deals_all_rows_anew_and_keeps_images_with_their_labels(tmp_path):
    split, arrays = data.split("mnist", seed=7, folder=tmp_path), data.load("mnist")
    x = np.concatenate([data.open_array(split.x), data.open_array(split.hidden_x)])
    y = np.concatenate([data.open_array(split.y), split.hidden_y])
    assert (data.open_array(split.x).shape, len(split.hidden_y)) == ((60_000, 28, 28), 10_000)
    assert _all_rows(x, y) == _all_rows(
        np.concatenate([arrays.x_train, arrays.x_test]),
        np.concatenate([arrays.y_train, arrays.y_test]),
    )


def test_a_seed_hides_training_images_too(tmp_path):
    split, arrays = data.split("mnist", seed=7, folder=tmp_path), data.load("mnist")
    once_test = {image.tobytes() for image in arrays.x_test}
    hidden = [image.tobytes() in once_test for image in data.open_array(split.hidden_x)]
    assert 1_200 < sum(hidden) < 1_700  # a seventh of 10,000 by chance


def test_a_seed_gives_the_same_split_twice_and_another_seed_another(tmp_path):
    labels = [
        data.split("mnist", seed=seed, folder=tmp_path / str(number)).hidden_y
        for number, seed in enumerate((7, 7, 8))
    ]
    assert np.array_equal(labels[0], labels[1])
    assert not np.array_equal(labels[0], labels[2])


def test_hidden_labels_are_in_no_file(tmp_path):
    split = data.split("mnist", seed=7, folder=tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"x.npy", "y.npy", "x_hidden.npy"}
    assert split.hidden_y.tobytes() not in split.y.read_bytes()


def test_rows_that_cannot_be_written_are_a_matter_of_storage(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        data.split("mnist", seed=7, folder=tmp_path / "file" / "data")


def test_a_negative_seed_is_refused(tmp_path):
    with pytest.raises(UsageError, match="-1 cannot be a seed"):
        data.split("mnist", seed=-1, folder=tmp_path)


@pytest.mark.parametrize("seed", [None, 7])
def test_a_table_is_not_split(tmp_path, seed):
    with pytest.raises(UsageError, match="gasoline is a table"):
        data.split("gasoline", seed=seed, folder=tmp_path)


_deals = st.tuples(st.integers(2, 60), st.integers(2, 10), st.integers(1, 4), st.integers(0, 99))


@given(_deals.filter(lambda deal: deal[0] >= deal[1]))
def test_each_deal_holds_back_every_row_once(deal):
    rows, k, repeats, seed = deal
    pairs = data.folds(rows, k, repeats, seed)
    assert len(pairs) == k * repeats
    for start in range(0, len(pairs), k):
        held = np.concatenate([held for _kept, held in pairs[start : start + k]])
        assert sorted(held.tolist()) == list(range(rows))


@given(_deals.filter(lambda deal: deal[0] >= deal[1]))
def test_a_fold_trains_on_all_rows_that_it_does_not_hold_back(deal):
    rows = deal[0]
    for kept, held in data.folds(*deal):
        assert sorted([*kept.tolist(), *held.tolist()]) == list(range(rows))


def test_repeats_and_seeds_deal_differently():
    first, second = (data.folds(48, 5, 2, seed) for seed in (0, 1))
    assert not np.array_equal(first[0][1], first[5][1])
    assert not np.array_equal(first[0][1], second[0][1])
