"""What the replay asks models, and what it looks at inside of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from labkit.lifecycle import h5
from labkit.sandbox.job import Job
from labkit.sandbox.launch import Launcher


def test_a_model_is_asked_about_what_another_answered(launcher: Launcher, tmp_path: Path) -> None:
    import keras

    double = keras.Sequential([keras.Input((3,)), keras.layers.Rescaling(2.0)])
    plus_one = keras.Sequential([keras.Input((3,)), keras.layers.Rescaling(1.0, offset=1.0)])
    h5.save(double, tmp_path / "double.h5")
    h5.save(plus_one, tmp_path / "plus_one.h5")
    x = np.arange(12, dtype="float32").reshape(4, 3)
    np.save(tmp_path / "x.npy", x)
    task = {
        "models": {name: str(tmp_path / f"{name}.h5") for name in ("double", "plus_one")},
        "questions": [
            {"key": "double:x", "model": "double", "x": str(tmp_path / "x.npy"), "start": 1, "stop": 3},
            {"key": "plus_one:x", "model": "plus_one", "after": "double:x"},
            {"key": "plus_one:nobody", "model": "plus_one", "after": "nobody:x"},
        ],
        "parameters": 1_000,
    }
    job = Job("replay", "replay", tmp_path / "replay", task)
    assert launcher.run([job])["replay"].end == "ended"
    with np.load(tmp_path / "replay" / "predictions.npz") as answers:
        assert set(answers.files) == {"double:x", "plus_one:x"}
        np.testing.assert_allclose(answers["plus_one:x"], 2 * x[1:3] + 1)


def test_a_model_trained_with_a_metric_of_ones_own_is_asked_all_the_same(
    launcher: Launcher, tmp_path: Path
) -> None:
    import keras

    class Own(keras.metrics.Mean):
        pass

    model = keras.Sequential([keras.Input((3,)), keras.layers.Rescaling(2.0)])
    model.compile("sgd", "mse", metrics=[Own()])
    h5.save(model, tmp_path / "model.h5")
    np.save(tmp_path / "x.npy", np.ones((2, 3), "float32"))
    question = {"key": "main:x", "model": "main", "x": str(tmp_path / "x.npy"), "start": 0, "stop": 2}
    task = {
        "models": {"main": str(tmp_path / "model.h5")},
        "questions": [question],
        "parameters": 1_000,
    }
    assert launcher.run([Job("replay", "replay", tmp_path / "replay", task)])["replay"].end == "ended"
    record = json.loads((tmp_path / "replay" / "models.json").read_text())["main"]
    assert record["card"]["loss"] == "mean_squared_error"
    with np.load(tmp_path / "replay" / "predictions.npz") as answers:
        np.testing.assert_array_equal(answers["main:x"], np.full((2, 3), 2.0))


def test_the_first_convolution_shows_its_kernels_and_maps(launcher: Launcher, tmp_path: Path) -> None:
    import keras

    convolution = keras.layers.Conv2D(2, 3, activation="relu")
    model = keras.Sequential([keras.Input((8, 8, 1)), convolution, keras.layers.Flatten()])
    h5.save(model, tmp_path / "model.h5")
    x = np.random.default_rng(0).random((6, 8, 8, 1), dtype="float32")
    np.save(tmp_path / "x.npy", x)
    task = {
        "models": {"main": str(tmp_path / "model.h5")},
        "questions": [
            {"key": "main:x", "model": "main", "x": str(tmp_path / "x.npy"), "start": 0, "stop": None}
        ],
        "parameters": 1_000,
    }
    job = Job("replay", "replay", tmp_path / "replay", task)
    assert launcher.run([job])["replay"].end == "ended"
    with np.load(tmp_path / "replay" / "filters.npz") as filters:
        np.testing.assert_array_equal(filters["kernels"], convolution.kernel)
        assert filters["maps"].shape == (4, 6, 6, 2)
        np.testing.assert_allclose(filters["maps"], convolution(x[:4]), rtol=1e-5, atol=1e-6)
    assert json.loads((tmp_path / "replay" / "probe.json").read_text())["maximum"] <= 1


def test_a_masked_recurrent_layer_is_looked_into_as_well(launcher: Launcher, tmp_path: Path) -> None:
    import keras

    words = [keras.layers.Embedding(5, 3, mask_zero=True), keras.layers.LSTM(2), keras.layers.Dense(1)]
    h5.save(keras.Sequential([keras.Input((4,), dtype="int32"), *words]), tmp_path / "model.h5")
    np.save(tmp_path / "x.npy", np.array([[1, 2, 0, 0], [3, 4, 1, 0]], dtype="int32"))
    question = {
        "key": "main:x",
        "model": "main",
        "x": str(tmp_path / "x.npy"),
        "start": 0,
        "stop": None,
    }
    task = {
        "models": {"main": str(tmp_path / "model.h5")},
        "questions": [question],
        "parameters": 1_000,
    }
    job = Job("replay", "replay", tmp_path / "replay", task)
    launcher.run([job])
    assert "refusal" not in json.loads((tmp_path / "replay" / "models.json").read_text())["main"]


def test_an_answer_is_asked_for_symbol_by_symbol(launcher: Launcher, tmp_path: Path) -> None:
    import keras

    after = keras.layers.Embedding(6, 6)  # the likeliest after each symbol is the next greater one
    model = keras.Sequential([keras.Input((5,), dtype="int32"), after, keras.layers.Cropping1D((1, 0))])
    after.set_weights([np.roll(np.eye(6), 1, axis=1)])
    h5.save(model, tmp_path / "model.h5")
    np.save(tmp_path / "x.npy", np.array([[3], [4]], dtype="int32"))
    job = Job("replay", "replay", tmp_path / "replay", _unrolled(tmp_path, steps=4))
    assert launcher.run([job])["replay"].end == "ended"
    with np.load(tmp_path / "replay" / "predictions.npz") as answers:
        np.testing.assert_array_equal(answers["main:x"], [[2, 3, 4, 5], [2, 3, 4, 5]])
    with np.load(tmp_path / "replay" / "attention.npz") as attention:
        assert not attention.files


def test_a_model_that_does_not_answer_symbol_by_symbol_is_refused(
    launcher: Launcher, tmp_path: Path
) -> None:
    import keras

    layers = [keras.layers.Embedding(6, 3), keras.layers.GRU(2)]
    h5.save(keras.Sequential([keras.Input((5,), dtype="int32"), *layers]), tmp_path / "model.h5")
    np.save(tmp_path / "x.npy", np.array([[3], [4]], dtype="int32"))
    job = Job("replay", "replay", tmp_path / "replay", _unrolled(tmp_path, steps=4))
    launcher.run([job])
    refusal = json.loads((tmp_path / "replay" / "models.json").read_text())["main"]["refusal"]
    assert "(2, 4, 'symbols')" in refusal["en"]


def test_the_first_attention_shows_its_weights_without_padding(
    launcher: Launcher, tmp_path: Path
) -> None:
    import keras

    row = keras.Input((5,), dtype="int32")
    read = keras.Sequential([keras.layers.Embedding(6, 3, mask_zero=True), keras.layers.Dense(3)])(row)
    found = keras.layers.AdditiveAttention()([read, read])
    model = keras.Model(row, keras.layers.Dense(6)(keras.layers.Cropping1D((3, 0))(found)))
    h5.save(model, tmp_path / "model.h5")
    np.save(tmp_path / "x.npy", np.array([[3, 2, 0], [4, 0, 0]], dtype="int32"))
    job = Job("replay", "replay", tmp_path / "replay", _unrolled(tmp_path, steps=2))
    assert launcher.run([job])["replay"].end == "ended"
    with np.load(tmp_path / "replay" / "attention.npz") as attention:
        weights = attention["main:x"]
    assert weights.shape == (2, 5, 5)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-5)
    np.testing.assert_allclose(weights[0, :, 2], 0, atol=1e-6)
    assert (weights[0, :, :2] > 0).all()


def _unrolled(folder: Path, steps: int) -> dict[str, Any]:
    """A task of one question that is asked symbol by symbol."""
    question = {"key": "main:x", "model": "main", "x": str(folder / "x.npy"), "start": 0, "stop": None}
    question["unrolled"] = {"steps": steps, "start": 1}
    return {
        "models": {"main": str(folder / "model.h5")},
        "questions": [question],
        "parameters": 1_000,
    }
