from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from labkit.layers.hodgkin_huxley import HodgkinHuxley
from tests.layers.harness import check
from tests.layers.hodgkin_huxley.reference import lsoda

CURRENT = np.linspace(0, 20, 3 * 6).reshape(3, 6).astype("float32")


def simulated(current: Any, dt: float, method: Any, **options: Any) -> np.ndarray:
    layer = HodgkinHuxley(dt, method, dtype="float64", **options)
    return np.asarray(layer(current))


def pulses(*parts: tuple[float, float], dt: float) -> np.ndarray:
    """The current of pulses (ms, µA/cm²), with one more sample for the end."""
    steps = [np.full(round(length / dt), size) for length, size in parts]
    return np.concatenate([*steps, [0.0]])[None]


def test_everything_keras_expects() -> None:
    check(
        lambda: HodgkinHuxley(0.02, "euler", trainable_parameters=["g_na"], jit_compile=False), CURRENT
    )


def test_everything_keras_expects_with_all_outputs_and_a_parameter_for_each_neuron() -> None:
    def make() -> HodgkinHuxley:
        return HodgkinHuxley(
            0.02,
            "exponential_euler",
            g_k=[30.0, 36.0],
            return_gates=True,
            return_spikes=True,
            trainable_parameters=["g_k", "e_leak"],
            jit_compile=False,
        )

    check(make, CURRENT, precisions=("float32", "float64", "mixed_float16"))


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("exponential_euler", 1), ("rk4", 4)])
def test_the_error_shrinks_with_dt_to_the_order_of_the_method(method: str, order: int) -> None:
    times = np.arange(0, 5.01, 0.2)
    exact = lsoda([(5.0, 15.0)], times[:-1], rtol=1e-12)[0][:, 0]
    errors = []
    for dt in (0.02, 0.01) if order == 4 else (0.002, 0.001):
        found = simulated(pulses((5.0, 15.0), dt=dt), dt, method, jit_compile=order == 1)
        errors.append(np.abs(found[0, :: round(0.2 / dt)] - exact).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.2)


def test_spike_times_are_those_of_lsoda() -> None:
    dt = 0.001
    layer = HodgkinHuxley(dt, dtype="float64")
    found = layer.spike_times(layer(pulses((50.0, 10.0), dt=dt)))[0]
    _states, exact = lsoda([(50.0, 10.0)])
    assert len(exact) == 4
    np.testing.assert_allclose(found, exact, rtol=0, atol=0.01)


def test_float32_spikes_when_float64_does() -> None:
    current = np.full((1, 1000), 10.0)
    layers = [HodgkinHuxley(0.05, "exponential_euler", dtype=d) for d in ("float32", "float64")]
    single, double = (layer.spike_times(layer(current))[0] for layer in layers)
    np.testing.assert_allclose(single, double, atol=0.01)


def test_gates_are_those_of_lsoda() -> None:
    times = np.arange(0, 4, 0.5)
    exact, _spikes = lsoda([(4.0, 15.0)], times)
    layer = HodgkinHuxley(0.01, return_gates=True, dtype="float64", jit_compile=False)
    found = np.stack(layer(pulses((4.0, 15.0), dt=0.01)), -1)[0, ::50]
    np.testing.assert_allclose(found, exact, rtol=1e-4)


def test_firing_rate_grows_from_the_rheobase_until_the_membrane_stays_depolarized() -> None:
    currents = np.array([2.0, 2.5, 6.0, 6.5, 10.0, 20.0, 50.0, 200.0])
    layer = HodgkinHuxley(0.02, "exponential_euler", dtype="float64", return_spikes=True)
    _voltage, spikes = layer(np.repeat(currents[:, None], 25_000, 1))  # 500 ms
    late = np.asarray(tf.reduce_sum(spikes[:, 5_000:], 1)) / 0.4  # Hz, after 100 ms
    total = np.asarray(tf.reduce_sum(spikes, 1))
    assert total[0] == 0  # below the rheobase of a single spike
    assert total[1] >= 1 and total[2] >= 1 and late[1] == late[2] == 0  # a spike, then silence
    assert 45 < late[3] < 60  # it starts to fire at once with about 50 Hz: class II excitability
    assert late[4] == pytest.approx(68.3, abs=3)
    assert (np.diff(late[3:7]) > 0).all()
    assert late[7] == 0  # depolarization block


def test_a_second_pulse_is_in_vain_while_the_neuron_is_refractory() -> None:
    delays = (4.0, 7.0, 10.0, 13.0, 16.0, 20.0)
    parts = [[(1.0, 12.0), (d - 1.0, 0.0), (1.0, 12.0), (29.0 - d, 0.0)] for d in delays]
    current = np.concatenate([pulses(*part, dt=0.02) for part in parts])
    layer = HodgkinHuxley(0.02, dtype="float64")
    counts = [len(times) for times in layer.spike_times(layer(current))]
    assert counts == [len(lsoda(part)[1]) for part in parts]
    assert counts[0] == 1 and counts[-1] == 2
    assert counts == sorted(counts)


def test_a_neuron_without_current_stays_at_rest() -> None:
    voltage = simulated(np.zeros((1, 500)), 0.02, "rk4", jit_compile=False)
    np.testing.assert_allclose(voltage, -65.0, atol=0.01)


def test_gradients_of_the_simulation_are_those_of_finite_differences() -> None:
    start = {name: value * np.array([1.0, 1.03]) for name, value in HodgkinHuxley.DEFAULTS.items()}
    current = np.full((1, 80), 15.0)  # 4 ms: the spike's rise included
    weights = np.random.default_rng(0).normal(size=(1, 80, 2))

    def layer_of(**changed: np.ndarray) -> HodgkinHuxley:
        options: dict[str, Any] = {"dtype": "float64", "jit_compile": False, **start, **changed}
        return HodgkinHuxley(0.05, "exponential_euler", trainable_parameters=list(start), **options)

    def losses(layer: HodgkinHuxley) -> Any:  # one for each neuron
        return tf.reduce_sum(layer(current) * weights, (0, 1))

    layer = layer_of()
    with tf.GradientTape() as tape:
        value = losses(layer)
    slopes = tape.gradient(value, [weight.value for weight in layer.trainable_variables])
    for name, slope in zip(start, slopes):
        step = 1e-5 * np.abs(start[name])
        above, below = (losses(layer_of(**{name: start[name] + sign * step})) for sign in (1, -1))
        unit = start[name] if name in HodgkinHuxley.POSITIVE else 1  # the weight is the logarithm
        expected = unit * (above - below) / (2 * step)
        np.testing.assert_allclose(slope, expected, rtol=1e-5, err_msg=name)


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_the_gradient_of_the_current_is_that_of_finite_differences(method: Any) -> None:
    current = np.random.default_rng(0).uniform(0, 20, (1, 30))
    layer = HodgkinHuxley(0.05, method, dtype="float64", jit_compile=False)
    x = tf.constant(current)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = tf.reduce_sum(layer(x) ** 2)
    slope = np.asarray(tape.gradient(value, x))[0]
    assert slope[-1] == 0  # the last sample has no effect yet
    for k in (0, 17, 28):
        step = np.eye(30)[k] * 1e-4
        above, below = (float(tf.reduce_sum(layer(current + s * step) ** 2)) for s in (1, -1))
        assert slope[k] == pytest.approx((above - below) / 2e-4, rel=1e-6)


def test_a_simulation_that_starts_at_a_singularity_has_a_finite_gradient() -> None:
    layer = HodgkinHuxley(
        0.05,
        "exponential_euler",
        rest=[-40.0, -55.0],
        trainable_parameters=["rest"],
        jit_compile=False,
    )
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(layer(np.zeros((1, 5))))
    slope = tape.gradient(value, layer.trainable_variables[0].value)
    assert np.isfinite(value) and np.isfinite(slope).all() and np.all(slope != 0)


def test_many_neurons_are_simulated_in_blocks_as_each_is_alone() -> None:
    g_na = np.linspace(90, 130, 700)
    layer = HodgkinHuxley(0.05, "exponential_euler", g_na=g_na, trainable_parameters=["g_na"])
    current = np.full((1, 60), 20.0, "float32")
    with tf.GradientTape() as tape:
        voltage = layer(current)
        value = tf.reduce_sum(voltage)
    slope = np.asarray(tape.gradient(value, layer.trainable_variables[0].value))
    plain = HodgkinHuxley(
        0.05, "exponential_euler", g_na=g_na[::233], trainable_parameters=["g_na"], jit_compile=False
    )
    with tf.GradientTape() as tape:
        some = plain(current)
        value = tf.reduce_sum(some)
    np.testing.assert_allclose(voltage[:, :, ::233], some, rtol=1e-3)
    alone = tape.gradient(value, plain.trainable_variables[0].value)
    np.testing.assert_allclose(slope[::233], alone, rtol=1e-2)


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_a_step_too_long_warns(method: Any) -> None:
    layer = HodgkinHuxley(0.2, method, jit_compile=False)
    with pytest.warns(RuntimeWarning, match=rf"(?s)unstable.*smaller dt.*dt=0.2 ms, method='{method}'"):
        layer(np.full((1, 100), 10.0))


def test_a_step_too_long_for_euler_warns_though_the_potential_stays_in_its_range() -> None:
    current = np.full((1, 100), 10.0)
    g_na = [120.0, 90.0]  # the second neuron's step would do
    layer = HodgkinHuxley(0.0625, "euler", g_na=g_na, jit_compile=False)
    with pytest.warns(RuntimeWarning, match=r"may be unstable: dt g / C comes to 2\.\d+.*smaller dt"):
        voltage = layer(current)
    assert voltage.shape == (1, 100, 2) and np.min(voltage) > -78 and np.max(voltage) < 50
    assert HodgkinHuxley(0.05, "euler", jit_compile=False)(current).shape == (1, 100)  # no warning


def test_rk4_does_not_warn_beyond_its_limit_while_its_spikes_are_right() -> None:
    current = np.full((1, 600), 10.0)
    layer = HodgkinHuxley(0.085, dtype="float64")
    times = layer.spike_times(layer(current))[0]
    _states, exact = lsoda([(51.0, 10.0)])
    np.testing.assert_allclose(times, exact[: len(times)], atol=0.1)


def test_exponential_euler_stands_a_step_that_is_too_long_for_the_others() -> None:
    voltage = simulated(np.full((1, 100), 10.0), 0.5, "exponential_euler", jit_compile=False)
    assert (voltage > -80).all() and (voltage < 50).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dt": -0.01}, "`dt` must be a number above 0, in ms. Received: dt=-0.01"),
        ({"dt": 0}, "Received: dt=0"),
        ({"dt": float("nan")}, "Received: dt=nan"),
        ({"dt": True}, "Received: dt=True"),
        ({"method": "heun"}, "Received: method='heun'"),
        ({"capacitance": 0.0}, "`capacitance` must be above 0"),
        ({"g_k": -1.0}, "`g_k` must be 0 or more"),
        ({"g_k": 0.0, "trainable_parameters": ["g_k"]}, "`g_k` must be above 0"),
        ({"e_k": float("inf")}, "`e_k` must be finite"),
        ({"g_na": [[1.0]]}, "a number, or one for each neuron. Received: shape"),
        ({"g_na": []}, "Received: shape"),
        ({"g_na": [1.0, 2.0], "g_k": [1.0, 2.0, 3.0]}, "as many values as each other. Received"),
        ({"trainable_parameters": ["g_ca"]}, r"Received: \['g_ca'\]"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HodgkinHuxley(**options)


def test_a_parameter_that_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match=r"`g_na` must be a number, or numbers\. Received: 'much'"):
        HodgkinHuxley(g_na="much")


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("shape", [(5,), (2, 0), (2, 5, 0), (1, 2, 3, 4)])
def test_a_current_of_the_wrong_shape_is_refused(shape: tuple[int, ...], built: bool) -> None:
    layer = HodgkinHuxley(jit_compile=False)
    if built:
        layer(np.zeros((1, 5)))
    with pytest.raises(ValueError, match=r"must have the shape \(batch, time\).*Received: shape"):
        layer(np.zeros(shape))


@pytest.mark.parametrize("built", [False, True])
def test_a_current_for_another_number_of_neurons_is_refused(built: bool) -> None:
    layer = HodgkinHuxley(g_k=[30.0, 36.0], jit_compile=False)
    if built:
        layer(np.zeros((1, 5)))
    with pytest.raises(ValueError, match=r"parameters for 2 neurons.*Received: shape"):
        layer(np.zeros((1, 5, 3)))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_weights_of_half_precision_are_refused(dtype: str) -> None:
    with pytest.raises(ValueError, match=rf"float32 or float64.*Received: dtype='{dtype}'"):
        HodgkinHuxley(dtype=dtype)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_current_that_is_not_finite_is_refused(wrong: float) -> None:
    current = np.zeros((2, 5))
    current[1, 3] = wrong
    with pytest.raises(ValueError, match=r"must be finite .*at index \(1, 3\)"):
        HodgkinHuxley(jit_compile=False)(current)


def test_in_a_graph_a_current_that_is_not_finite_is_refused_when_it_runs() -> None:
    model = keras.Sequential([keras.Input((5,)), HodgkinHuxley(0.05, "euler", jit_compile=False)])
    model.compile(jit_compile=False)
    with pytest.raises(tf.errors.InvalidArgumentError, match="The current must be finite"):
        model.predict(np.full((2, 5), np.nan), verbose=0)


def test_gradients_are_had_eagerly_after_a_fit() -> None:
    current = np.full((1, 37), 20.0, "float32")
    layer = HodgkinHuxley(0.05, "exponential_euler", trainable_parameters=["g_na"])
    model = keras.Sequential([keras.Input((37,)), layer])
    model.compile("sgd", "mse")
    model.fit(current, np.full((1, 37), -65.0), verbose=0)
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(layer(current))
    assert float(tape.gradient(value, layer.trainable_variables[0].value)) != 0
