"""Lab 9: the neuron itself, by the equations of Hodgkin and Huxley.

Run it with `make lab9` or `labkit run lab9`. You write short functions with NumPy, and the call of one
Keras layer. README.md in this folder has the biology, the equations and worked numbers.

Units everywhere: potentials in mV, time in ms, rates in 1/ms, currents in µA/cm² (outward is positive),
conductances in mS/cm². A *state* has the shape (4, neurons); its rows are V, m, h and n. Wherever a
function has the argument ``xp``, write ``xp.exp``, ``xp.where``, ``xp.abs``, ``xp.stack``: then it
computes with NumPy, and with ``keras.ops`` on tensors, which have gradients.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import ops

C = 1.0  # capacitance, µF/cm²
G_NA, G_K, G_L = 120.0, 36.0, 0.3  # conductances with all channels open, mS/cm²
E_NA, E_K, E_L = 50.0, -77.0, -54.387  # reversal potentials, mV


def quotient(x, xp=np):
    """Return x / (1 - e^-x), an array of the shape of ``x``; where x is 0, its limit, 1.

    Close to 0, say below 1e-4, use 1 + x/2. The quotient must never divide by 0, not even where its
    result is thrown away: that would make the gradient NaN (``rate_slopes`` below looks at it).
    """
    # cut: Where is x close to 0? Put a harmless number there before you divide, and choose between
    # the two formulas with xp.where afterwards.
    near = xp.abs(x) < 1e-4
    safe = xp.where(near, 1.0, x)
    return xp.where(near, 1 + x / 2, safe / (1 - xp.exp(-safe)))
    # end cut


def rates_m(v, xp=np):
    """Return α and β of the gate m at potentials ``v``: a tuple of two arrays of the shape of ``v``."""
    # cut: The formulas of README.md; α is quotient() of (v + 40) / 10.
    return quotient((v + 40) / 10, xp), 4 * xp.exp(-(v + 65) / 18)
    # end cut


def rates_h(v, xp=np):
    """Return α and β of the gate h at potentials ``v``: a tuple of two arrays of the shape of ``v``."""
    # cut: The formulas of README.md. This gate closes when the potential rises.
    return 0.07 * xp.exp(-(v + 65) / 20), 1 / (1 + xp.exp(-(v + 35) / 10))
    # end cut


def rates_n(v, xp=np):
    """Return α and β of the gate n at potentials ``v``: a tuple of two arrays of the shape of ``v``."""
    # cut: The formulas of README.md. What stands before quotient() here?
    return 0.1 * quotient((v + 55) / 10, xp), 0.125 * xp.exp(-(v + 65) / 80)
    # end cut


def steady_state(v: np.ndarray) -> np.ndarray:
    """Return m, h and n after a long time at potentials ``v``, (neurons,): an array (3, neurons)."""
    # cut: Where does x' = α (1 - x) - β x become 0?
    return np.stack([a / (a + b) for a, b in (rates_m(v), rates_h(v), rates_n(v))])
    # end cut


def currents(state, xp=np):
    """Return the currents of sodium, potassium and leak in a ``state``: three arrays, (neurons,)."""
    # cut: Conductance times what is open times the distance to the reversal potential.
    v, m, h, n = state[0], state[1], state[2], state[3]
    return G_NA * m**3 * h * (v - E_NA), G_K * n**4 * (v - E_K), G_L * (v - E_L)
    # end cut


def derivatives(state, current, xp=np):
    """Return how fast a ``state`` changes, per ms, under an injected ``current``, (neurons,).

    The rows of the result, (4, neurons), are V', m', h' and n'.
    """
    # cut: V' is what comes in minus what goes out, divided by C. Each gate moves by α (1 - x) - β x.
    # Put the four rows together with xp.stack.
    sodium, potassium, leak = currents(state, xp)
    rows = [(current - sodium - potassium - leak) / C]
    for gate, rates in enumerate((rates_m, rates_h, rates_n), start=1):
        alpha, beta = rates(state[0], xp)
        rows.append(alpha * (1 - state[gate]) - beta * state[gate])
    return xp.stack(rows)
    # end cut


def euler_step(state, current, dt: float, xp=np):
    """Return the state after ``dt`` ms by Euler's method; the one you were given stays as it is."""
    # cut: Go straight on for dt in the direction that derivatives() gives.
    return state + dt * derivatives(state, current, xp)
    # end cut


def rk4_step(state: np.ndarray, current: np.ndarray, dt: float) -> np.ndarray:
    """Return the state after ``dt`` ms by the classical method of Runge and Kutta.

    The ``current`` is the same throughout the step.
    """
    # cut: Four slopes: at the start, twice in the middle, at the end. Each needs the one before.
    k1 = derivatives(state, current)
    k2 = derivatives(state + dt / 2 * k1, current)
    k3 = derivatives(state + dt / 2 * k2, current)
    k4 = derivatives(state + dt * k3, current)
    return state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    # end cut


def simulate(v0: np.ndarray, current: np.ndarray, dt: float, method: str) -> np.ndarray:
    """Return the states of neurons at the times 0, dt, 2 dt, …: (steps + 1, 4, neurons).

    Args:
        v0: Potentials at time 0, (neurons,); the gates are then in their steady state there.
        current: Injected in each step, (steps, neurons).
        dt: Length of a step, ms.
        method: ``"euler"`` or ``"rk4"``.
    """
    # cut: Begin with a state of v0 and steady_state(v0). Take a step for each row of current, and keep
    # every state, the first one too.
    step = euler_step if method == "euler" else rk4_step
    states = [np.vstack([v0, steady_state(v0)])]
    for row in current:
        states.append(step(states[-1], row, dt))
    return np.array(states)
    # end cut


def spike_times(v: np.ndarray, dt: float) -> np.ndarray:
    """Return the times, ms, at which the potential ``v``, (samples,), of one neuron rises through 0 mV.

    Sample k belongs to the time k · dt. A spike lies between a sample below 0 and a next one at 0 or
    above; its time is where the straight line between the two is 0. An empty array where there is none.
    """
    # cut: Find the samples k with v[k] < 0 <= v[k + 1]. Which part of the step is needed to get to 0?
    k = np.flatnonzero((v[:-1] < 0) & (v[1:] >= 0))
    return (k + v[k] / (v[k] - v[k + 1])) * dt
    # end cut


def firing_rate(current: np.ndarray, duration: float, skip: float, dt: float) -> np.ndarray:
    """Return the firing rates, Hz, of neurons under constant currents, (neurons,), of so many µA/cm².

    Simulate ``duration`` ms from -65 mV with ``simulate(…, "rk4")``. Of each neuron take the spikes
    at ``skip`` ms or later: the rate is 1000 divided by the mean interval, in ms, from one of them to
    the next; 0 where there are fewer than two.
    """
    # cut: One call of simulate() for all neurons; then neuron by neuron spike_times() and the mean of
    # np.diff.
    steps = round(duration / dt)
    states = simulate(np.full(len(current), -65.0), np.tile(current, (steps, 1)), dt, "rk4")
    rates = []
    for v in states[:, 0].T:
        times = spike_times(v, dt)
        times = times[times >= skip]
        rates.append(1000 / np.mean(np.diff(times)) if len(times) > 1 else 0.0)
    return np.array(rates)
    # end cut


def step_errors(
    v0: float, current: float, duration: float, steps: np.ndarray, method: str
) -> np.ndarray:
    """Return how wrong a simulation of ``duration`` ms is, for each length of step in ``steps``, ms.

    Nobody knows the exact solution, so a simulation with step dt is compared with one with step dt/2:
    the error is the largest |V - V'|, mV, over the times 0, dt, 2 dt, … that both of them have. One
    neuron, which begins at the potential ``v0``, under a constant ``current``.
    """

    # cut: Write a function that returns the potential for one length of step. Which samples of the
    # finer simulation belong to those of the coarser one?
    def potential(dt: float) -> np.ndarray:
        rows = np.full((round(duration / dt), 1), current)
        return simulate(np.array([v0]), rows, dt, method)[:, 0, 0]

    return np.array([np.max(np.abs(potential(dt) - potential(dt / 2)[::2])) for dt in steps])
    # end cut


def convergence_order(steps: np.ndarray, errors: np.ndarray) -> float:
    """Return the order p of a method whose errors are about c · dt^p: a slope, fitted to all of them.

    ``steps`` and ``errors`` have the shape (k,); the slope of ln(error) over ln(dt), by least squares.
    """
    # cut: Of powers, logarithms make straight lines; np.polyfit fits one.
    return float(np.polyfit(np.log(steps), np.log(errors), 1)[0])
    # end cut


class Neuron(keras.layers.Layer):
    """Neurons as the cell of a recurrent network: one call is one step of Euler's method."""

    def __init__(self, dt: float, **kwargs):
        """``dt`` in ms."""
        super().__init__(**kwargs)
        self.dt = dt
        self.state_size = 4
        self.output_size = 1

    def call(self, current, states):
        """Take a step with tensors: here a neuron is a row, as in every Keras layer.

        Args:
            current: (neurons, 1).
            states: A list of one tensor, (neurons, 4): V, m, h, n.

        Returns:
            The potential after the step, (neurons, 1), and the list of the one new state, (neurons, 4).
        """
        # cut: Your functions want V, m, h and n as rows: ops.transpose. Then euler_step() with ops in
        # place of NumPy, and back.
        state = euler_step(ops.transpose(states[0]), current[:, 0], self.dt, ops)
        state = ops.transpose(state)
        return state[:, :1], [state]
        # end cut


def run_layer(v0: np.ndarray, current: np.ndarray, dt: float) -> np.ndarray:
    """Given: the potentials after each step, (steps, neurons), by your layer in Keras' own `RNN`."""
    network = keras.layers.RNN(Neuron(dt, dtype="float64"), return_sequences=True, dtype="float64")
    start = np.vstack([v0, steady_state(v0)]).T
    return network(current.T[..., None], initial_state=[start]).numpy()[..., 0].T


def rate_slopes(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Given: the slopes of α of m and of n at potentials ``v``, by TensorFlow's gradient."""
    potential = tf.constant(v)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(potential)
        alpha_m, alpha_n = rates_m(potential, ops)[0], rates_n(potential, ops)[0]
    return tape.gradient(alpha_m, potential).numpy(), tape.gradient(alpha_n, potential).numpy()


if __name__ == "__main__":
    states = simulate(np.array([-65.0]), np.full((1000, 1), 10.0), 0.05, "rk4")
    print("50 ms under 10 µA/cm²: spikes at", np.round(spike_times(states[:, 0, 0], 0.05), 2), "ms")
