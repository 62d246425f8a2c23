"""What the functions of lab 9 should return: equations by SciPy, simulations by the kit's layer."""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import expit, exprel
from scipy.stats import linregress

from labkit.layers import HodgkinHuxley

MOST_STEPS, MOST_NEURONS = (
    500,
    90,
)  # a simulation is filled up to one shape, for TensorFlow to trace once

# Rows: α and β of m, h, n. Columns: a factor, the potential it is counted from, and a slope.
RATES = np.array(
    [
        [[1.0, -40, 10], [4.0, -65, -18]],
        [[0.07, -65, -20], [1.0, -35, 10]],
        [[0.1, -55, 10], [0.125, -65, -80]],
    ]
)
CONDUCTANCE, REVERSAL = np.array([120.0, 36, 0.3]), np.array([50.0, -77, -54.387])
EULER = (np.zeros((1, 1)), np.ones(1))
KUTTA = (np.diag([0.5, 0.5, 1.0], -1), np.array([1, 2, 2, 1]) / 6)


def quotient(x):
    return 1 / exprel(-np.asarray(x))


def rates_m(v):
    return tuple(_rates(v)[0])


def rates_h(v):
    return tuple(_rates(v)[1])


def rates_n(v):
    return tuple(_rates(v)[2])


def rate_slopes(v):
    """By central differences of fourth order."""
    h = 0.01
    alphas = [np.array([_rates(v + k * h)[gate][0] for gate in (0, 2)]) for k in (-2, -1, 1, 2)]
    return tuple((alphas[0] - 8 * alphas[1] + 8 * alphas[2] - alphas[3]) / (12 * h))


def steady_state(v):
    return np.array([expit(np.log(alpha) - np.log(beta)) for alpha, beta in _rates(v)])


def currents(state):
    open_share = np.prod(state[1:] ** np.array([[3, 1, 0], [0, 0, 4]])[..., None], axis=1)
    open_share = np.vstack([open_share, np.ones(state.shape[1])])
    return tuple(CONDUCTANCE[:, None] * open_share * np.subtract.outer(REVERSAL, state[0]) * -1)


def derivatives(state, current):
    alpha, beta = np.array(_rates(state[0])).swapaxes(0, 1)
    gates = (alpha + beta) * (alpha / (alpha + beta) - state[1:])
    return np.vstack([current - np.sum(currents(state), axis=0), gates])


def euler_step(state, current, dt):
    return _step(EULER, state, current, dt)


def rk4_step(state, current, dt):
    return _step(KUTTA, state, current, dt)


def simulate(v0, current, dt, method):
    return _by_layer(v0, current, dt) if method == "rk4" else _course(EULER, v0, current, dt)


def spike_times(v, dt):
    return HodgkinHuxley(dt, dtype="float64").spike_times(v[None])[0].numpy()


def firing_rate(current, duration, skip, dt):
    """By LSODA, all neurons as one system whose Jacobian is banded."""

    def slopes(_time, flat):
        return derivatives(flat.reshape(-1, 4).T, current).T.ravel()

    rest = np.full(current.size, -65.0)
    start = np.vstack([rest, steady_state(rest)]).T.ravel()
    solved = solve_ivp(
        slopes, (0, duration), start, "LSODA", lband=3, uband=3, rtol=1e-5, atol=1e-5, dense_output=True
    )
    potentials = solved.sol(np.arange(0, duration, 0.02))[::4]
    spikes = HodgkinHuxley(0.02, dtype="float64").spike_times(potentials).to_list()
    gaps = [np.diff([time for time in row if time >= skip]) for row in spikes]
    return np.array([1000 / gap.mean() if gap.size else 0.0 for gap in gaps])


def step_errors(v0, current, duration, steps, method):
    tableau = EULER if method == "euler" else KUTTA

    def potential(dt):
        rows = np.full((round(duration / dt), 1), current)
        return _course(tableau, np.array([v0]), rows, dt)[:, 0, 0]

    return np.array([np.abs(potential(dt) - potential(dt / 2)[::2]).max() for dt in steps])


def convergence_order(steps, errors):
    return linregress(np.log(steps), np.log(errors)).slope


def run_layer(v0, current, dt):
    return _course(EULER, v0, current, dt)[1:, 0]


def _rates(v):
    """α and β of each gate: (3, 2, …)."""
    (m, h, n), shape = RATES, np.shape(v)
    scaled = [[(v - from_) / slope for _factor, from_, slope in gate] for gate in (m, h, n)]
    forms = ((quotient, np.exp), (np.exp, expit), (quotient, np.exp))
    values = [
        [form(x) * factor for form, x, factor in zip(pair, xs, gate[:, 0])]
        for pair, xs, gate in zip(forms, scaled, RATES)
    ]
    return np.array(values).reshape(3, 2, *shape)


def _step(tableau, state, current, dt):
    """A step of the explicit Runge-Kutta method of any tableau: slopes of stages, and their weights."""
    inner, weights = tableau
    slopes = np.zeros((len(weights), *state.shape))
    for stage, row in enumerate(inner):
        slopes[stage] = derivatives(state + dt * np.tensordot(row, slopes, 1), current)
    return state + dt * np.tensordot(weights, slopes, 1)


def _course(tableau, v0, current, dt):
    """States under a current that is held for a step: (steps + 1, 4, neurons)."""
    states = [np.vstack([v0, steady_state(v0)])]
    for row in current:
        states.append(_step(tableau, states[-1], row, dt))
    return np.array(states)


def _by_layer(v0, current, dt):
    """The same by Runge and Kutta, as the kit's layer does it."""
    steps, neurons = current.shape
    filled = np.zeros((1, MOST_STEPS + 1, MOST_NEURONS))
    filled[0, :steps, :neurons] = current
    rest = np.full(MOST_NEURONS, -65.0)
    rest[:neurons] = v0
    layer = HodgkinHuxley(dt, "rk4", rest=rest, return_gates=True, jit_compile=False, dtype="float64")
    return np.stack([x.numpy()[0, : steps + 1, :neurons] for x in layer(filled)], axis=1)
