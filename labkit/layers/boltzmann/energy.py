"""The energy of both machines, and what follows from it without sampling or summing over states.

A Boltzmann machine has units s that are 0 or 1, with couplings w_ij = w_ji and w_ii = 0:

    E(s) = -Σ_{i<j} w_ij s_i s_j - Σ_i b_i s_i           p(s_i = 1 | the rest) = σ(b_i + Σ_j w_ij s_j)

A restricted one couples visible units v with hidden units h only. Hidden ones are 0 or 1, visible ones
0 or 1 (Bernoulli) or real with variance 1 (Gaussian):

    Bernoulli   E(v, h) = -b·v - c·h - v·w h             p(v_i = 1 | h) = σ(b_i + Σ_j w_ij h_j)
    Gaussian    E(v, h) = |v - b|²/2 - c·h - v·w h       p(v_i | h) = N(b_i + Σ_j w_ij h_j, 1)
    both        p(h_j = 1 | v) = σ(c_j + Σ_i v_i w_ij)
    free energy F(v) = -log Σ_h exp(-E(v, h)) = U(v) - Σ_j log(1 + exp(c_j + Σ_i v_i w_ij))
                with U(v) = -b·v or |v - b|²/2

Its pseudo-likelihood asks how much more probable a sample of n units is than the same with one of them
flipped, log p(v) ≈ n log σ(F(flipped) - F(v)). Nothing has a unit; the temperature is 1.

Source: D. Ackley, G. Hinton and T. Sejnowski, Cognitive Science 9 (1985); P. Smolensky, "Information
processing in dynamical systems", in Parallel Distributed Processing 1 (1986); M. Welling, M. Rosen-Zvi
and G. Hinton, "Exponential family harmoniums", NIPS 17 (2004); J. Besag, "Statistical analysis of
non-lattice data", The Statistician 24 (1975); C. Peterson and J. Anderson, "A mean field theory
learning algorithm for neural networks", Complex Systems 1 (1987).
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import tensorflow as tf

__all__ = [
    "Parameters",
    "Visible",
    "energy",
    "free_energy",
    "hidden_field",
    "log_weight",
    "mean_field",
    "pseudo_likelihood",
    "symmetric",
    "visible_field",
]

Visible = Literal["bernoulli", "gaussian"]


class Parameters(NamedTuple):
    """Of a restricted machine: couplings w (visible, hidden), visible bias b and hidden bias c."""

    kernel: Any
    visible_bias: Any
    hidden_bias: Any


def symmetric(kernel: Any) -> Any:
    """Couplings that work both ways alike, and none of a unit with itself."""
    w = tf.convert_to_tensor(kernel)
    w = (w + tf.transpose(w)) / 2
    return tf.linalg.set_diag(w, tf.zeros_like(w[0]))


def energy(couplings: Any, bias: Any, states: Any) -> Any:
    """E of each state of a Boltzmann machine, ``(states,)``."""
    pull = tf.matmul(states, couplings) / 2 + bias
    return -tf.reduce_sum(states * pull, 1)


def mean_field(couplings: Any, bias: Any, visible: Any, steps: int) -> Any:
    """Means of a Boltzmann machine's hidden units that fit each other, ``(batch, hidden)``.

    Each step goes halfway, as a whole step may swing for ever between two answers.
    """
    clamped = visible.shape[1]
    field = tf.matmul(visible, couplings[:clamped, clamped:]) + bias[clamped:]
    among = couplings[clamped:, clamped:]
    hidden = tf.sigmoid(field)
    for _step in range(steps):
        hidden = (hidden + tf.sigmoid(field + tf.matmul(hidden, among))) / 2
    return hidden


def hidden_field(parameters: Parameters, visible: Any) -> Any:
    """What drives the hidden units, c + v w; ``(batch, hidden)``."""
    return tf.matmul(visible, parameters.kernel) + parameters.hidden_bias


def visible_field(parameters: Parameters, hidden: Any) -> Any:
    """What drives the visible units, b + h wᵀ; ``(batch, visible)``."""
    return tf.matmul(hidden, parameters.kernel, transpose_b=True) + parameters.visible_bias


def log_weight(kind: Visible, bias: Any, visible: Any) -> Any:
    """-U(v), the part of -E that visible units have without the hidden ones; ``(batch,)``."""
    if kind == "gaussian":
        return -tf.reduce_sum(tf.math.squared_difference(visible, bias), 1) / 2
    return tf.linalg.matvec(visible, bias)


def free_energy(kind: Visible, parameters: Parameters, visible: Any) -> Any:
    """F(v), ``(batch,)``: low where the machine finds v probable.

    Example:
        >>> idle = Parameters(tf.zeros((2, 1)), tf.zeros(2), tf.zeros(1))
        >>> print(free_energy("bernoulli", idle, tf.ones((1, 2))).numpy().round(4))
        [-0.6931]
    """
    hidden = tf.reduce_sum(tf.math.softplus(hidden_field(parameters, visible)), 1)
    return -log_weight(kind, parameters.visible_bias, visible) - hidden


def pseudo_likelihood(parameters: Parameters, visible: Any, chosen: Any) -> Any:
    """Log p of each sample of 0 and 1, judged by flipping its chosen unit; ``(samples,)``."""
    units = visible.shape[1]
    flipped = visible + tf.one_hot(chosen, units, dtype=visible.dtype) * (1 - 2 * visible)
    rise = free_energy("bernoulli", parameters, flipped) - free_energy("bernoulli", parameters, visible)
    return -units * tf.math.softplus(-rise)
