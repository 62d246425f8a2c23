"""A small Boltzmann machine exactly: every state is visited, so Z and all means are sums.

    p(s) = exp(-E(s)) / Z,   Z = Σ_s exp(-E(s)),   p(v) = Σ_h p(v, h)

States are numbered as binary numbers, the first unit being the highest digit; visible units come
first, so the states of one visible pattern lie side by side. Couplings are symmetric with a zero
diagonal.

Source: D. Ackley, G. Hinton and T. Sejnowski, "A learning algorithm for Boltzmann machines",
Cognitive Science 9 (1985).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from labkit.layers.boltzmann.energy import energy

__all__ = [
    "MOST_UNITS",
    "Means",
    "all_states",
    "clamped_means",
    "free_means",
    "frequencies",
    "marginals",
    "means",
    "numbers",
]

MOST_UNITS = 16


class Means(NamedTuple):
    """<s_i s_j>, with a zero diagonal, and <s_i>."""

    products: Any
    states: Any

    def minus(self, other: Means) -> Means:
        """Their differences."""
        return Means(self.products - other.products, self.states - other.states)


def all_states(units: int) -> np.ndarray:
    """Every state in the order of its number, ``(2 ** units, units)``.

    Example:
        >>> all_states(2).tolist()
        [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    return np.arange(2**units)[:, None] >> np.arange(units)[::-1] & 1


def numbers(patterns: np.ndarray) -> np.ndarray:
    """The number of each pattern, as `all_states` counts; ``(samples,)``."""
    return np.asarray(patterns.astype(np.int64) @ (1 << np.arange(patterns.shape[1])[::-1]))


def frequencies(patterns: np.ndarray) -> np.ndarray:
    """How often each possible pattern is among these, with sum 1; ``(2 ** units,)``."""
    counts = np.bincount(numbers(patterns), minlength=2 ** patterns.shape[1])
    return np.asarray(counts / len(patterns))


def marginals(couplings: Any, bias: Any, visible: int) -> tuple[Any, Any]:
    """Log Z, and log p of every visible pattern, ``(2 ** visible,)``."""
    logs = tf.reduce_logsumexp(_log_weights(couplings, bias, visible), 1)
    log_z = tf.reduce_logsumexp(logs)
    return log_z, logs - log_z


def free_means(couplings: Any, bias: Any) -> Means:
    """Means while nothing is clamped: the negative phase."""
    states = _states(bias)
    return means(states, tf.nn.softmax(-energy(couplings, bias, states)))


def clamped_means(couplings: Any, bias: Any, shares: Any) -> Means:
    """Means while visible patterns are clamped for these shares of the time: the positive phase.

    Args:
        couplings: w, ``(units, units)``.
        bias: b, ``(units,)``.
        shares: Of every visible pattern in the order of its number, with sum 1, ``(2 ** visible,)``.
    """
    visible = shares.shape[0].bit_length() - 1
    hidden = tf.nn.softmax(_log_weights(couplings, bias, visible), axis=1)
    return means(_states(bias), tf.reshape(shares[:, None] * hidden, (-1,)))


def means(states: Any, shares: Any) -> Means:
    """Means over states that have these shares, with sum 1."""
    products = tf.matmul(states * shares[:, None], states, transpose_a=True)
    empty = tf.zeros_like(products[0])
    return Means(
        tf.linalg.set_diag(products, empty), tf.linalg.matvec(states, shares, transpose_a=True)
    )


def _states(bias: Any) -> Any:
    return tf.constant(all_states(bias.shape[0]), bias.dtype)


def _log_weights(couplings: Any, bias: Any, visible: int) -> Any:
    """-E of all states, visible patterns down and hidden ones across."""
    return tf.reshape(-energy(couplings, bias, _states(bias)), (2**visible, -1))
