"""What a small network learns, where several ways go down, and how pictures follow each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

pytest.importorskip("gradio")

import gradio

from labkit.playground.descents import SURFACES, WAYS, Knobs, surface, walked
from labkit.playground.network import NAMES, REACH, passed, trained
from labkit.playground.pages.backprop import start
from labkit.playground.turns import Turns, played, taking_over

CORNERS, XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0.0, 1, 1, 0])
START = np.array([-2.0, 0.3])
KNOBS = Knobs(rate=0.02, scaled_rate=0.1, beta=0.9, rho=0.9, rows=5)


@given(arrays(float, len(NAMES), elements=st.floats(-3, 3, width=16)))
def test_what_comes_back_is_the_slope_of_the_cost(numbers: np.ndarray) -> None:
    h = 1e-5
    ends = [[passed(numbers + s * move, CORNERS, XOR).cost for s in (h, -h)] for move in np.eye(9)]
    differences = np.array([(above - below) / (2 * h) for above, below in ends])
    np.testing.assert_allclose(passed(numbers, CORNERS, XOR).slopes, differences, atol=1e-8)


def test_one_step_from_the_handout_s_network_answers_as_the_handout_says() -> None:
    x, y = np.array([[1.0, 0.0]]), np.array([1.0])
    numbers, costs = trained(start("handout", 0), x, y, rate=8.0, epochs=1)
    np.testing.assert_allclose(numbers[6:], [2.5, -1.5, 1.0])
    assert round(passed(numbers, x, y).a[0, 2], 3) == 0.919
    assert round(costs[-1], 3) == 0.003


def test_of_the_starts_one_arrives_and_one_stays_in_the_flat_valley() -> None:
    _numbers, arrives = trained(start("arrives", 0), CORNERS, XOR, rate=8.0, epochs=200)
    _numbers, stuck = trained(start("stuck", 0), CORNERS, XOR, rate=8.0, epochs=1_000)
    assert arrives[-1] < 1 / 32
    assert abs(stuck[-1] - 1 / 12) < 0.002


def test_no_rate_takes_a_weight_out_of_the_slider_s_reach() -> None:
    numbers, _costs = trained(start("drawn", 3), CORNERS, XOR, rate=1e4, epochs=5)
    assert np.abs(numbers).max() == REACH


@pytest.mark.parametrize(
    ("way", "name"),
    [("descent", "SGD"), ("momentum", "SGD"), ("rmsprop", "RMSprop"), ("adam", "Adam")],
)
def test_a_way_comes_by_where_keras_comes_by(way: str, name: str) -> None:
    keras = pytest.importorskip("keras")
    ground = surface("across")
    options = {"momentum": {"momentum": 0.9}, "rmsprop": {"rho": 0.9}}.get(way, {})
    rate = 0.1 if way in ("rmsprop", "adam") else 0.02
    optimizer, weights = getattr(keras.optimizers, name)(rate, **options), keras.Variable(START)
    for place in walked(ground, START, KNOBS, 12)[:, WAYS.index(way)]:
        now = np.asarray(weights)
        np.testing.assert_allclose(now, place, atol=2e-5)
        slope = 2 * (ground.answers(now) - ground.y) @ ground.slopes(now) / len(ground.y)
        optimizer.apply([keras.ops.convert_to_tensor(slope.astype("float32"))], [weights])


def test_without_its_correction_adam_begins_with_steps_three_times_as_long() -> None:
    first = np.abs(walked(surface("across"), START, KNOBS, 1)[1] - START)
    ratio = first[WAYS.index("adam_uncorrected")] / first[WAYS.index("adam")]
    np.testing.assert_allclose(ratio, 0.1 / np.sqrt(0.001), rtol=1e-5)


def test_few_rows_are_a_way_of_their_own_until_they_are_all() -> None:
    descent, few = WAYS.index("descent"), WAYS.index("few_rows")
    places = walked(surface("across"), START, KNOBS, 20)
    assert np.abs(places[1:, few] - places[1:, descent]).max(axis=1).min() > 0.001
    places = walked(surface("across"), START, Knobs(0.02, 0.1, 0.9, 0.9, 20), 20)
    np.testing.assert_allclose(places[:, few], places[:, descent], atol=1e-12)


@pytest.mark.parametrize("name", SURFACES[:3])
def test_the_greatest_rate_is_where_descent_begins_to_fly_off(name: str) -> None:
    ground = surface(name)
    for share, flies in ((0.99, False), (1.03, True)):
        knobs = Knobs(share * ground.limit, 0.1, 0.9, 0.9, 5)
        costs = ground.above(walked(ground, START, knobs, 120)[:, 0])
        assert (costs[-1] > costs[0]) == flies


@pytest.mark.parametrize("name", SURFACES)
def test_nothing_is_below_a_bottom(name: str) -> None:
    ground = surface(name)
    mesh = np.stack(np.meshgrid(*2 * [np.linspace(-3, 3, 61)]), axis=-1)
    assert ground.above(mesh).min() >= 0
    np.testing.assert_allclose(ground.above(ground.bottoms), 0, atol=1e-12)


def test_a_start_on_the_saddle_never_leaves_it_and_one_beside_it_does() -> None:
    ground = surface("two_neurons")
    for beside, leaves in ((0.0, False), (0.1, True)):
        places = walked(ground, np.full(2, beside), KNOBS, 120)[-1]
        assert (ground.above(places) < ground.above(np.zeros(2)) - 0.1).all() == leaves


def test_frames_end_with_one_that_changes_nothing_where_another_turn_begins() -> None:
    turns = Turns()
    frames = played(turns, ([number, 0] for number in range(5)), 0.0)
    assert [next(frames), next(frames)] == [[0, 0], [1, 0]]
    assert taking_over(lambda place: [place])(turns, 7) == [7]
    assert list(frames) == [[gradio.skip(), gradio.skip()]]
