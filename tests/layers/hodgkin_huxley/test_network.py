from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from labkit.layers.hodgkin_huxley import HodgkinHuxley, HodgkinHuxleyNetwork
from labkit.layers.hodgkin_huxley.network import _jumps
from tests.layers.harness import check

DT = 0.05
OPTIONS: dict[str, Any] = {"dtype": "float64", "jit_compile": False}


def network(coupling: list[list[float]], **options: Any) -> HodgkinHuxleyNetwork:
    layer = HodgkinHuxleyNetwork(DT, "exponential_euler", **{**OPTIONS, **options})
    layer.build((None, None, len(coupling)))
    layer.coupling.assign(coupling)
    return layer


def pulse(neurons: int, time: float, **parts: tuple[float, float, float]) -> np.ndarray:
    """Currents (1, time, neurons) that flow from, to (ms) and how strongly: n0=(1.0, 2.0, 20.0)."""
    current = np.zeros((1, round(time / DT), neurons))
    for name, (begin, end, size) in parts.items():
        current[0, round(begin / DT) : round(end / DT), int(name[1:])] = size
    return current


def test_everything_keras_expects() -> None:
    def make() -> HodgkinHuxleyNetwork:
        return HodgkinHuxleyNetwork(
            0.04,
            "euler",
            coupling_initializer="ones",
            train_coupling=True,
            trainable_parameters=["tau_syn", "e_syn"],
            return_gates=True,
            return_spikes=True,
            jit_compile=False,
        )

    current = np.linspace(0, 300, 3 * 25 * 2).reshape(3, 25, 2).astype("float32")
    check(make, current, gradient=False, rtol=2e-4, atol=1e-4)


def test_without_coupling_it_is_a_row_of_lone_neurons() -> None:
    current = np.random.default_rng(0).uniform(0, 20, (2, 100, 3))
    alone = HodgkinHuxley(DT, "exponential_euler", **OPTIONS)(current)
    np.testing.assert_allclose(network(np.zeros((3, 3)).tolist())(current), alone, atol=1e-9)


def test_an_exciting_synapse_makes_the_next_neuron_spike_later() -> None:
    current = pulse(3, 20.0, n0=(1.0, 2.0, 20.0))
    chain = network([[0, 0.6, 0], [0, 0, 0.6], [0, 0, 0]])
    times = chain.spike_times(chain(current))[0].to_list()
    assert [len(each) for each in times] == [1, 1, 1]
    assert 0.3 < times[1][0] - times[0][0] < 5 and 0.3 < times[2][0] - times[1][0] < 5


def test_rows_of_the_coupling_are_where_a_synapse_comes_from() -> None:
    current = pulse(2, 15.0, n0=(1.0, 2.0, 20.0))
    for coupling, spikes in (([[0, 0.6], [0, 0]], [1, 1]), ([[0, 0], [0.6, 0]], [1, 0])):
        layer = network(coupling)
        assert [len(each) for each in layer.spike_times(layer(current))[0].to_list()] == spikes


def test_an_inhibiting_synapse_prevents_a_spike() -> None:
    current = pulse(2, 15.0, n0=(1.0, 2.0, 20.0), n1=(5.0, 6.0, 12.0))
    for weight, spikes in ((0.0, [1, 1]), (2.0, [1, 0])):
        layer = network([[0, weight], [0, 0]], e_syn=-80.0)
        assert [len(each) for each in layer.spike_times(layer(current))[0].to_list()] == spikes


def test_a_synapse_decays_exponentially() -> None:
    """A neuron of capacitor and synapse alone: V = E + (V0 − E) exp(−w τ (1 − e^{−t/τ}) / C)."""
    weight, tau, reversal, dt = 0.05, 3.0, 0.0, 0.005
    layer = HodgkinHuxleyNetwork(
        dt,
        g_na=[120.0, 0],
        g_k=[36.0, 0],
        g_leak=[0.3, 0],
        e_syn=reversal,
        tau_syn=tau,
        dtype="float64",
    )
    layer.build((None, None, 2))
    layer.coupling.assign([[0, weight], [0, 0]])
    current = np.zeros((1, 1600, 2))
    current[0, :200, 0] = 30.0
    voltage = np.asarray(layer(current))[0]
    fired = int(np.argmax(voltage[:, 0] >= 0))
    t = dt * np.arange(len(voltage) - fired)
    expected = reversal + (-65 - reversal) * np.exp(-weight * tau * (1 - np.exp(-t / tau)))
    np.testing.assert_allclose(voltage[: fired + 1, 1], -65.0)
    np.testing.assert_allclose(voltage[fired:, 1], expected, rtol=1e-9)


def test_each_neuron_has_synapses_of_its_own_kind() -> None:
    current = pulse(3, 10.0, n0=(0.0, 1.0, 20.0), n1=(0.0, 1.0, 20.0))
    exciting, inhibiting = (
        network(coupling, e_syn=[0.0, -90.0, 0.0])(current)[0, :, 2]
        for coupling in ([[0, 0, 0.02], [0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0.02], [0, 0, 0]])
    )
    assert np.max(exciting) > -64.9 and np.min(inhibiting) < -65.1


def test_the_gradient_of_the_coupling_is_that_of_finite_differences() -> None:
    current = pulse(2, 6.0, n0=(0.0, 1.0, 25.0))
    layer = network([[0, 0.05], [0, 0]], train_coupling=True, trainable_parameters=["tau_syn"])

    def loss() -> Any:
        return tf.reduce_mean(layer(current)[:, :, 1] ** 2)

    with tf.GradientTape() as tape:
        value = loss()
    by_name = {weight.name: weight.value for weight in layer.trainable_variables}
    slopes = tape.gradient(value, by_name)
    differences = []
    for weight in (0.05 + 1e-5, 0.05 - 1e-5):
        layer.coupling.assign([[0, weight], [0, 0]])
        differences.append(float(loss()))
    expected = (differences[0] - differences[1]) / 2e-5
    assert float(slopes["coupling"][0, 1]) == pytest.approx(expected, rel=1e-6)
    assert float(slopes["log_tau_syn"]) != 0


@pytest.mark.parametrize("reversal", [-80.0, [-80.0, 0.0, 20.0]])
def test_gradients_of_a_jump_are_those_of_two_products(reversal: Any) -> None:
    generator = np.random.default_rng(0)
    coupling, e_syn = tf.constant(generator.normal(size=(3, 3))), tf.constant(reversal, tf.float64)
    for fired in ([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]], [[0.0] * 3] * 2):
        spikes, weights = tf.constant(fired, tf.float64), generator.normal(size=(2, 2, 3))
        slopes = []
        for jumps in (_jumps, lambda x, w, e: (tf.matmul(x, w), tf.matmul(x * e, w))):
            with tf.GradientTape() as tape:
                tape.watch([coupling, e_syn])
                value = tf.reduce_sum(tf.stack(jumps(spikes, coupling, e_syn)) * weights)
            slopes.append(tape.gradient(value, [coupling, e_syn]))
        for found, expected in zip(*slopes):
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.slow
def test_the_coupling_is_trained_by_fit_and_gives_gradients_afterwards() -> None:
    start = keras.initializers.Constant([[0.0, 0.05], [0.0, 0.0]])
    layer = HodgkinHuxleyNetwork(
        DT, "exponential_euler", coupling_initializer=start, train_coupling=True
    )
    model = keras.Sequential([keras.Input((60, 2)), layer])
    model.compile(keras.optimizers.SGD(1e-6), "mse")
    current = np.zeros((1, 60, 2), "float32")
    current[:, :20, 0] = 25.0
    model.fit(current, np.full((1, 60, 2), -65.0), verbose=0)
    trained = np.asarray(layer.coupling)
    assert np.isfinite(trained).all() and trained[0, 1] < 0.05
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(layer(current)[:, :, 1])
    assert float(tape.gradient(value, layer.coupling.value)[0, 1]) > 0


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("shape", [(5,), (2, 5), (1, 0, 2), (1, 5, 0), (1, 5, 3)])
def test_a_current_of_the_wrong_shape_is_refused(shape: tuple[int, ...], built: bool) -> None:
    layer = HodgkinHuxleyNetwork(e_syn=[0.0, -80.0], jit_compile=False)
    if built:
        layer(np.zeros((1, 5, 2)))
    with pytest.raises(ValueError, match=r"must have the shape \(batch, time, 2\).*Received: shape"):
        layer(np.zeros(shape))


def test_after_a_call_another_number_of_neurons_is_refused() -> None:
    layer = network([[0.0, 0.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match=r"\(batch, time, 2\).*Received: shape \(1, 5, 3\)"):
        layer(np.zeros((1, 5, 3)))


def test_no_batch_at_all_gives_none() -> None:
    assert network([[0.0, 0.0], [0.0, 0.0]])(np.zeros((0, 5, 2))).shape == (0, 5, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tau_syn": 0.0}, "`tau_syn` must be above 0"),
        ({"tau_syn": [1.0, 2.0]}, "`tau_syn` must be a number"),
        ({"dt": -1.0}, "Received: dt=-1.0"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HodgkinHuxleyNetwork(**options)


def test_a_step_too_long_warns() -> None:
    layer = HodgkinHuxleyNetwork(0.2, "euler", jit_compile=False)
    with pytest.warns(RuntimeWarning, match=r"unstable.*smaller dt"):
        layer(np.full((1, 100, 1), 10.0))


def test_a_step_too_long_for_euler_warns_though_the_potential_stays_in_its_range() -> None:
    layer = HodgkinHuxleyNetwork(0.0625, "euler", jit_compile=False)
    with pytest.warns(RuntimeWarning, match=r"may be unstable: dt g / C comes to 2\.\d+.*smaller dt"):
        voltage = layer(np.full((1, 100, 2), 10.0))
    assert voltage.shape == (1, 100, 2) and np.max(voltage) < 50
