"""Files whose storage, not whose model, is made to exhaust whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from labkit.errors import ModelFileError, ModelFileUnsafe
from labkit.lifecycle.screen import Limits, inspect
from tests.submissions.modelfile import model_file


def _maze(file: h5py.File) -> None:
    """Forty groups, with two ways from each to the next: 2**40 paths."""
    group = file["model_weights"]
    for level in range(40):
        following = file.create_group(f"room{level}")
        group["left"] = group["right"] = following
        group = following


def _large_chunk(file: h5py.File) -> None:
    file.create_dataset("more", (10,), "float32", maxshape=(None,), chunks=(5 * 10**8,))


def _packed(file: h5py.File) -> None:
    """A chunk of 400 bytes that unpacks to whatever its writer likes."""
    file.create_dataset("more", (100,), "float32", chunks=(100,), compression=9)


def _words(file: h5py.File) -> None:
    """Words that all may be the same one, of any length."""
    file.create_dataset("more", (10,), h5py.string_dtype())


def _nested_lists(file: h5py.File) -> None:
    values = np.empty(2, dtype=object)
    values[:] = [np.arange(3), np.arange(4)]
    file["model_weights"].attrs.create("lists", values, dtype=h5py.vlen_dtype("int32"))


def _many_groups(file: h5py.File) -> None:
    for number in range(300):
        file["model_weights"].create_group(str(number))


def _many_attributes(file: h5py.File) -> None:
    for number in range(300):
        file["model_weights"].attrs[str(number)] = 1


def _named_again_and_again(file: h5py.File) -> None:
    file["model_weights"].attrs["layer_names"] = np.array([b"dense"] * 90)
    file["model_weights/dense"].attrs["weight_names"] = np.array([b"dense/kernel"] * 90)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_maze, "twice"),
        (_large_chunk, "unpacked"),
        (_packed, "compressed"),
        (_words, "odd type"),
        (_nested_lists, "odd type"),
        (_many_groups, "groups"),
        (_many_attributes, "groups"),
        (_named_again_and_again, "groups"),
    ],
)
def test_what_would_exhaust_its_reader_is_refused(
    change: Callable[[h5py.File], None], words: str, tmp_path: Path
) -> None:
    path = model_file(tmp_path / "m.h5", change)
    with pytest.raises(ModelFileUnsafe, match=words):
        inspect(path, Limits(members=200))


def test_a_long_text_meant_by_many_names_is_refused(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        file.attrs["long"] = "x" * 100_000
        file.attrs.create("names", ["a"] * 100, dtype=h5py.string_dtype())

    path = model_file(tmp_path / "m.h5", change)
    with pytest.raises(ModelFileUnsafe, match="unpacked"):
        inspect(path, Limits(file_bytes=9_000_000))
    assert inspect(path, Limits(file_bytes=11_000_000)).parameters == 7_850


def test_weights_are_those_that_keras_will_read(tmp_path: Path) -> None:
    def twice(file: h5py.File) -> None:
        names = [b"dense/kernel", b"dense/bias", b"dense/bias"]
        file["model_weights/dense"].attrs["weight_names"] = np.array(names)

    with pytest.raises(ModelFileError, match="do not fit"):
        inspect(model_file(tmp_path / "m.h5", twice))


def test_names_that_are_one_text_are_refused(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        file["model_weights"].attrs["layer_names"] = "dense"

    with pytest.raises(ModelFileError, match="no list"):
        inspect(model_file(tmp_path / "m.h5", change))


def test_a_name_that_cannot_be_shown_is_shown_otherwise(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        file["model_weights"]["\x1b[2J"] = h5py.SoftLink("/nowhere")

    with pytest.raises(ModelFileUnsafe, match="link") as refused:
        inspect(model_file(tmp_path / "m.h5", change))
    assert "\N{REPLACEMENT CHARACTER}[2J" in str(refused.value)
    assert str(refused.value).isprintable()
