"""The layer: what Keras asks of it, what it answers, missing values, seeds."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from labkit.layers.som import Decay, SelfOrganizingMap
from tests.layers.harness import check
from tests.layers.som.reference import DATA, begin, sheet, winner, with_gaps


@pytest.mark.parametrize("output", ["coordinates", "distances", "index"])
def test_it_is_a_sound_keras_layer(output: str) -> None:
    def make() -> SelfOrganizingMap:
        return SelfOrganizingMap(3, 4, output=output, seed=2)

    x = np.random.default_rng(0).random((5, 3)).astype("float32")
    check(make, x, gradient=output == "distances", precisions=("float32", "float64", "mixed_float16"))


def test_an_adapted_hexagonal_torus_is_a_sound_keras_layer() -> None:
    def make() -> SelfOrganizingMap:
        som = SelfOrganizingMap(
            4, 4, topology="hexagonal", torus=True, start="pca", output="index", seed=2
        )
        som.adapt(DATA, epochs=2)
        return som

    check(make, DATA[:4].astype("float32"), gradient=False)


def test_missing_values_are_left_out_of_distances() -> None:
    x = with_gaps(DATA)
    som = sheet(start=begin(), output="distances")
    expected = np.sqrt(np.nansum((x[:, None] - begin().reshape(24, 5)) ** 2, axis=2))
    np.testing.assert_allclose(som(x), expected.reshape(-1, 6, 4), atol=1e-6)


def test_a_sample_without_any_value_has_no_best_matching_unit() -> None:
    x = np.full((2, 5), np.nan)
    x[1] = 0
    assert sheet(output="index")(x)[0] == -1
    assert sheet(output="coordinates")(x)[0].numpy().tolist() == [-1, -1]
    distances = sheet(output="distances")(x).numpy()
    assert np.isnan(distances[0]).all() and np.isfinite(distances[1]).all()


def test_coordinates_and_index_name_the_nearest_unit() -> None:
    start = begin()
    number = np.array([winner(start.reshape(24, 5), sample) for sample in DATA])
    assert (sheet(start=start, output="index")(DATA) == number).numpy().all()
    expected = np.stack([number // 4, number % 4], 1)
    assert (sheet(start=start)(DATA) == expected).numpy().all()


def test_the_slope_of_a_distance_is_finite_where_it_is_zero() -> None:
    som = sheet(start=begin(), output="distances")
    x = tf.constant(begin().reshape(24, 5))
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(som(x))
    assert np.isfinite(tape.gradient(total, x)).all()


@pytest.mark.parametrize("rule", ["batch", "online"])
@pytest.mark.parametrize("start", ["random", "sample", "pca"])
def test_the_same_seed_learns_the_same_map(start: str, rule: str) -> None:
    one, other = sheet(start=None, seed=4), sheet(start=None, seed=4)
    for som in (one, other):
        som.start = start
        som.adapt(DATA, 2, rule)
    assert (one.get_weights()[0] == other.get_weights()[0]).all()


def test_another_seed_learns_another_map() -> None:
    one, other = sheet(seed=4), sheet(seed=5)
    one.adapt(DATA, 2)
    other.adapt(DATA, 2)
    assert not np.allclose(one.get_weights()[0], other.get_weights()[0])


def test_without_a_seed_keras_own_decides() -> None:
    keras.utils.set_random_seed(3)
    one, other = SelfOrganizingMap(2, 2), SelfOrganizingMap(2, 2)
    keras.utils.set_random_seed(3)
    assert SelfOrganizingMap(2, 2).seed == one.seed != other.seed


def test_the_online_rule_sees_a_new_order_every_epoch_unless_told_otherwise() -> None:
    def learned(epochs: int, shuffle: bool, seed: int = 1) -> np.ndarray:
        flat = {"radius": Decay(2.0, 2.0, "constant"), "learning_rate": Decay(0.3, 0.3, "constant")}
        som = sheet(start=begin(), seed=seed, **flat)
        for _time in range(2 // epochs):
            som.adapt(DATA, epochs, "online", shuffle=shuffle, resume=True)
        return som.get_weights()[0]

    np.testing.assert_allclose(learned(2, False), learned(1, False))
    assert not np.allclose(learned(2, True), learned(2, False))
    assert not np.allclose(learned(2, True), learned(1, True))
    assert not np.allclose(learned(2, True), learned(2, True, seed=2))


def test_radius_and_learning_rate_fall_from_their_defaults() -> None:
    som = SelfOrganizingMap(4, 10)
    assert som.radius == Decay(5.0, 0.5, "exponential")
    assert som.learning_rate == Decay(0.5, 0.01, "exponential")


def test_the_configuration_names_every_option() -> None:
    options = {
        "rows": 3, "columns": 4, "topology": "hexagonal", "torus": True, "neighbourhood": "bubble",
        "radius": {"start": 2.0, "end": 1.0, "kind": "linear"}, "start": "pca", "output": "index",
        "learning_rate": {"start": 0.4, "end": 0.1, "kind": "inverse"}, "seed": 5,
    }  # fmt: skip
    config = SelfOrganizingMap(**options).get_config()
    named = set(inspect.signature(SelfOrganizingMap).parameters) - {"kwargs"}
    assert named == set(options) and options.items() <= config.items()


def test_learning_brings_the_map_to_the_samples() -> None:
    som = sheet(radius=Decay(3.0, 0.5))
    before = som.quantization_error(DATA)
    som.adapt(DATA, 10)
    assert som.quantization_error(DATA) < before / 2


def test_adapting_anew_forgets_and_resuming_does_not() -> None:
    som = sheet(start=begin(), radius=Decay(0.1, 0.1, "constant"), neighbourhood="bubble")
    far = begin() + 1000
    som.set_weights([far])
    som.adapt(DATA, 1, resume=True)
    assert (som.get_weights()[0] > 900).sum() >= 23 * 5
    som.adapt(DATA, 1)
    assert som.get_weights()[0].max() < 10


def test_it_trains_as_part_of_a_model_without_moving() -> None:
    som = SelfOrganizingMap(3, 3, output="distances", seed=0)
    som.adapt(DATA, 2)
    before = som.get_weights()[0]
    model = keras.Sequential([keras.Input((5,)), som, keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(DATA, DATA[:, :1], epochs=1, verbose=0)
    assert (som.get_weights()[0] == before).all()


def test_bytes_are_taken_as_numbers() -> None:
    som = SelfOrganizingMap(2, 2, output="index", seed=0)
    pixels = np.array([[0, 255], [255, 0], [9, 9]], dtype="uint8")
    som.adapt(pixels, 2)
    assert (som(pixels) == som(pixels.astype("float32"))).numpy().all()


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "mixed_float16"])
def test_weights_of_half_precision_are_learned_in_float32(policy: str) -> None:
    half, single = (SelfOrganizingMap(3, 3, seed=0, dtype=name) for name in (policy, "float32"))
    for som in (half, single):
        som.adapt(DATA, 3)
    learned = np.array(half.get_weights()[0], dtype="float32")
    np.testing.assert_allclose(learned, single.get_weights()[0], rtol=1e-2)
    assert half.quantization_error(DATA) == pytest.approx(single.quantization_error(DATA), rel=1e-2)


@pytest.mark.parametrize("kind", [np.ndarray.tolist, tf.constant], ids=["list", "tensor"])
def test_samples_may_come_as_lists_and_tensors(kind: Callable[[np.ndarray], Any]) -> None:
    one, other = sheet(), sheet()
    one.adapt(DATA, 2)
    other.adapt(kind(DATA), 2)
    assert (one.get_weights()[0] == other.get_weights()[0]).all()


def test_sizes_may_be_numpy_numbers() -> None:
    som = SelfOrganizingMap(np.int64(2), np.int32(3), seed=np.uint8(1))
    som.adapt(DATA, np.int64(1))
    assert json.loads(json.dumps(som.get_config())) == som.get_config()
