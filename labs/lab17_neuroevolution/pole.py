"""The pole on its cart as the rubric plays it, in NumPy, after Barto, Sutton and Anderson (1983).

The accelerations of cart and pole hang together by two linear equations; they are solved as such.
A network is a row of genes, laid out as the handout says.
"""

from __future__ import annotations

import numpy as np

__all__ = ["HIDDEN", "STEP", "STEPS", "course", "lengths", "moved", "network", "standing"]

STEP = 0.02  # s
STEPS = 500  # of a whole game
HIDDEN = 4  # neurons of a player

_CART, _POLE, _HALF = 1.0, 0.1, 0.5  # kg, kg, m: half the pole's length
_PUSH, _GRAVITY = 10.0, 9.8  # N, m/s²
_EDGE, _TILT = 2.4, 12 * 3.141592653589793 / 180  # m, rad


def network(genes: np.ndarray, x: np.ndarray) -> np.ndarray:
    """What networks, (P, G), answer to samples (m, n) or each to samples of its own, (P, m, n)."""
    count, inputs = len(genes), x.shape[-1]
    hidden = (genes.shape[1] - 1) // (inputs + 2)
    rows = genes[:, :-1].reshape(count, inputs + 2, hidden)
    net = np.einsum("pih,pmi->pmh", rows[:, :inputs], np.broadcast_to(x, (count, *x.shape[-2:])))
    return np.einsum("pmh,ph->pm", np.tanh(net + rows[:, inputs, None]), rows[:, -1]) + genes[:, -1:]


def moved(states: np.ndarray, right: np.ndarray) -> np.ndarray:
    """States, (…, 4), a step later, pushed to the right or to the left, (…)."""
    speed, angle, turning = np.moveaxis(states, -1, 0)[1:]
    coupling = _POLE * _HALF * np.cos(angle)
    inertia = 4 / 3 * _POLE * _HALF**2
    pushed = np.where(right, _PUSH, -_PUSH) + _POLE * _HALF * turning**2 * np.sin(angle)
    pulled = _POLE * _HALF * _GRAVITY * np.sin(angle)
    shared = (_CART + _POLE) * inertia - coupling**2
    faster = (pushed * inertia - pulled * coupling) / shared
    tipping = ((_CART + _POLE) * pulled - coupling * pushed) / shared
    return states + STEP * np.stack([speed, faster, turning, tipping], axis=-1)


def standing(states: np.ndarray) -> np.ndarray:
    """Whether the cart is on its track and the pole up."""
    return (np.abs(states[..., 0]) <= _EDGE) & (np.abs(states[..., 2]) <= _TILT)


def lengths(genes: np.ndarray, starts: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """How many steps each player, (P, G), lasts from each start, (S, 4): (P, S)."""
    return _played(genes, starts, steps)[1]


def course(genes: np.ndarray, start: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """The states of one game of one player, (G,), from its start, (4,), to its end: (length + 1, 4)."""
    states, lasted = _played(genes[None], start[None], steps)
    return states[: lasted.item() + 1, 0, 0]


def _played(genes: np.ndarray, starts: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    states = np.broadcast_to(starts, (len(genes), *starts.shape)).astype(float)
    up, lasted, film = np.ones(states.shape[:2], bool), np.zeros(states.shape[:2], int), [states]
    while up.any() and len(film) <= steps:
        lasted += up
        states = np.where(up[..., None], moved(states, network(genes, states) > 0), states)
        up = up & standing(states)
        film.append(states)
    return np.array(film), lasted
