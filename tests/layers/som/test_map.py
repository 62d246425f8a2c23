"""The layer: what Keras asks of it, both rules against plain NumPy, missing values, seeds, errors."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.som.decay import Decay
from labkit.layers.som.grid import Grid
from labkit.layers.som.map import SelfOrganizingMap
from tests.layers.harness import check

GENERATOR = np.random.default_rng(7)
DATA = GENERATOR.normal(size=(90, 5)) + 3
DATA[:, 2] = 1.5  # a feature that does not vary
RADIUS = Decay(3.0, 1.0, "linear")
RATE = Decay(0.4, 0.1, "linear")


def sheet(*, start: np.ndarray | None = None, **kwargs: Any) -> SelfOrganizingMap:
    options = {"radius": RADIUS, "learning_rate": RATE, "dtype": "float64", "seed": 1} | kwargs
    som = SelfOrganizingMap(options.pop("rows", 6), options.pop("columns", 4), **options)
    som.build((None, 5))
    if start is not None:
        som.set_weights([start])
    return som


def begin(rows: int = 6, columns: int = 4) -> np.ndarray:
    return np.random.default_rng(3).random((rows, columns, 5)) * 4


def pull(grid: Grid, kind: str, best: int, radius: float) -> np.ndarray:
    """h in plain NumPy, for the plane and the torus, rectangular and hexagonal."""
    place = grid.positions()
    gap = np.abs(place - place[:, best, None])
    if grid.torus:
        period = np.array(grid.periods)[:, None]
        gap = np.minimum(gap, period - gap)
    squared = (gap**2).sum(0)
    if kind == "gaussian":
        return np.exp(-squared / (2 * radius**2))
    if kind == "mexican_hat":
        return (1 - squared / radius**2) * np.exp(-squared / (2 * radius**2))
    if grid.topology == "rectangular":
        return (gap.max(0) < radius).astype(float)
    across = gap[1] / (np.sqrt(3) / 2)
    return (np.round(across + np.maximum(0, gap[0] - across / 2)) < radius).astype(float)


def winner(w: np.ndarray, sample: np.ndarray) -> int:
    squared = np.nansum((w - sample) ** 2, axis=1)
    return int((squared <= squared.min() + 1e-12).argmax())


def by_batch(som: SelfOrganizingMap, start: np.ndarray, x: np.ndarray, epochs: int) -> np.ndarray:
    w = start.reshape(som.grid.units, -1).copy()
    for radius in som.radius.at(np.arange(epochs) / epochs):
        up, down = np.zeros_like(w), np.zeros_like(w)
        for sample in x:
            h = pull(som.grid, som.neighbourhood, winner(w, sample), radius)[:, None]
            up += np.where(np.isnan(sample), 0, h * (sample - w))
            down += np.where(np.isnan(sample), 0, np.abs(h))
        w = w + np.divide(up, down, out=np.zeros_like(w), where=down > 0)
    return w.reshape(start.shape)


def online(som: SelfOrganizingMap, start: np.ndarray, x: np.ndarray, epochs: int) -> np.ndarray:
    w = start.reshape(som.grid.units, -1).copy()
    share = np.arange(epochs * len(x)) / (epochs * len(x))
    for t, (rate, radius) in enumerate(zip(som.learning_rate.at(share), som.radius.at(share))):
        sample = x[t % len(x)]
        h = pull(som.grid, som.neighbourhood, winner(w, sample), radius)[:, None]
        w += np.where(np.isnan(sample), 0, rate * h * (sample - w))
    return w.reshape(start.shape)


def with_gaps(x: np.ndarray) -> np.ndarray:
    x = x.copy()
    x[np.random.default_rng(5).random(x.shape) < 0.3] = np.nan
    x[:, 0] = np.where(np.isnan(x).all(1), 0.0, x[:, 0])
    return x


SHEETS = [
    ("rectangular", False, "gaussian"),
    ("rectangular", True, "gaussian"),
    ("hexagonal", False, "gaussian"),
    ("hexagonal", True, "gaussian"),
    ("rectangular", False, "bubble"),
    ("hexagonal", True, "bubble"),
    ("rectangular", True, "mexican_hat"),
    ("hexagonal", False, "mexican_hat"),
]


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


@pytest.mark.parametrize(("topology", "torus", "kind"), SHEETS)
def test_the_batch_rule_is_the_weighted_mean(topology: str, torus: bool, kind: str) -> None:
    som = sheet(start=begin(), topology=topology, torus=torus, neighbourhood=kind)
    som.adapt(DATA, 3, resume=True)
    expected = by_batch(som, begin(), DATA, 3)
    np.testing.assert_allclose(som.get_weights()[0], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("topology", "torus", "kind"), SHEETS)
def test_the_online_rule_is_kohonens(topology: str, torus: bool, kind: str) -> None:
    rate = Decay(0.02, 0.01) if kind == "mexican_hat" else RATE
    som = sheet(start=begin(), topology=topology, torus=torus, neighbourhood=kind, learning_rate=rate)
    som.adapt(DATA, 2, "online", shuffle=False, resume=True)
    expected = online(som, begin(), DATA, 2)
    np.testing.assert_allclose(som.get_weights()[0], expected, rtol=1e-9, atol=1e-9)


def test_a_large_smooth_map_searched_through_its_factors_stays_exact() -> None:
    start = begin(16, 15)
    som = sheet(start=start, rows=16, columns=15, radius=Decay(6.0, 4.0), dtype="float64")
    som.adapt(DATA, 4, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], by_batch(som, start, DATA, 4), rtol=1e-9)


def test_long_online_training_is_the_same_rule_compiled_by_xla() -> None:
    som = sheet(start=begin())
    som.adapt(DATA, 60, "online", shuffle=False, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], online(som, begin(), DATA, 60), rtol=1e-9)


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
def test_missing_values_are_left_out_by_the_batch_rule(topology: str) -> None:
    x = with_gaps(DATA)
    som = sheet(start=begin(), topology=topology)
    som.adapt(x, 3, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], by_batch(som, begin(), x, 3), rtol=1e-9)


def test_missing_values_are_left_out_by_the_online_rule() -> None:
    x = with_gaps(DATA)
    som = sheet(start=begin())
    som.adapt(x, 2, "online", shuffle=False, resume=True)
    np.testing.assert_allclose(som.get_weights()[0], online(som, begin(), x, 2), rtol=1e-9)


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
    import tensorflow as tf

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


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.permutations(range(20)), st.floats(-5, 5))
def test_the_batch_rule_neither_sees_the_order_of_samples_nor_where_zero_is(
    order: list[int], shift: float
) -> None:
    x = DATA[:20]
    one, other = sheet(start=begin()), sheet(start=begin() + shift)
    one.adapt(x, 2, resume=True)
    other.adapt(x[order] + shift, 2, resume=True)
    np.testing.assert_allclose(one.get_weights()[0] + shift, other.get_weights()[0], atol=1e-9)


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 30), st.booleans())
def test_a_map_of_means_stays_among_its_samples(
    rows: int, columns: int, count: int, gaps: bool
) -> None:
    x = with_gaps(DATA[:count]) if gaps else DATA[:count]
    som = SelfOrganizingMap(rows, columns, seed=0, dtype="float64")
    som.adapt(x, 2)
    weights = som.get_weights()[0]
    seen = ~np.isnan(x).all(0)
    assert (weights[..., seen] >= np.nanmin(x[:, seen], 0) - 1e-9).all()
    assert (weights[..., seen] <= np.nanmax(x[:, seen], 0) + 1e-9).all()


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (np.zeros((4, 3)), "shape"),
        (np.zeros((4, 5, 1)), "shape"),
        (np.zeros(5), "shape"),
        (np.zeros((0, 5)), "at least one sample"),
        (np.array([[1.0, 2, 3, 4, np.inf]]), "finite"),
        (np.array([[1.0, 2, 3, 4, 5], [np.nan] * 5]), "only NaN in row 1"),
        ([["a"] * 5], "numbers"),
    ],
)
def test_data_it_cannot_learn_from_are_refused(data: Any, words: str) -> None:
    som = sheet()
    for use in (som.adapt, som.quantization_error, som.topographic_error, som.hit_map):
        with pytest.raises(ValueError, match=words) as error:
            use(data)
        assert "Received: " in str(error.value)


@pytest.mark.parametrize(
    "options",
    [
        {"rows": 0},
        {"columns": 2.5},
        {"topology": "triangular"},
        {"neighbourhood": "square"},
        {"start": "zero"},
        {"output": "name"},
        {"radius": 0},
        {"radius": -1.0},
        {"radius": Decay(1.0, 0.0, "linear")},
        {"learning_rate": float("nan")},
        {"topology": "hexagonal", "torus": True, "columns": 3},
    ],
)
def test_a_map_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received: "):
        SelfOrganizingMap(**{"rows": 2, "columns": 2, **options})


@pytest.mark.parametrize("options", [{"epochs": 0}, {"epochs": 1.5}, {"rule": "slow"}])
def test_training_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received: "):
        sheet().adapt(DATA, **options)


def test_inputs_without_a_number_of_features_are_refused() -> None:
    with pytest.raises(ValueError, match="Received: "):
        SelfOrganizingMap(2, 2).build((None, None))
    with pytest.raises(ValueError, match="ndim"):
        sheet()(np.zeros((2, 3, 5)))


def test_labels_that_name_no_class_are_refused() -> None:
    for labels in (np.zeros(3, int), np.zeros(90), -np.ones(90, int)):
        with pytest.raises(ValueError, match="Received: "):
            sheet().class_map(DATA, labels)
