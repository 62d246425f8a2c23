"""The partition function of a restricted Boltzmann machine, exactly or by an estimate.

log p(v) = -F(v) - log Z needs it, Z = Σ_v exp(-F(v)). With few units on one side it is a sum over all
their states. With many it is estimated by annealed importance sampling: from a
machine without couplings, whose Z_0 is known, M runs are led through machines between it and this
one, with β from 0 to 1,

    p*_β(v) = exp(-U(v)) Π_j (1 + exp(β (c_j + Σ_i v_i w_ij))),   U with bias (1 - β) a + β b,
    log ω = Σ_k log p*_{β_k}(v_k) - log p*_{β_{k-1}}(v_k),   Z ≈ Z_0 · mean of ω,

each v_{k+1} one step of Gibbs sampling at β_k after v_k.

Source: R. Salakhutdinov and I. Murray, "On the quantitative analysis of deep belief networks", ICML
(2008).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.boltzmann.energy import Parameters, Visible, free_energy, hidden_field, log_weight
from labkit.layers.boltzmann.gibbs import bernoulli, draw_visible, pair

__all__ = ["LogPartition", "annealed_log_partition", "exact_log_partition"]

_MOST_UNITS = 20  # whose states are all visited: a million sums
_AT_ONCE = 12  # of these units are enumerated in one product


@dataclass(frozen=True, slots=True)
class LogPartition:
    """An estimate of log Z.

    Attributes:
        value: The estimate.
        low: log of Z's estimate less three standard errors; -inf where that is not positive.
        high: The same, three more.
    """

    value: float
    low: float
    high: float


def exact_log_partition(kind: Visible, parameters: Parameters) -> float:
    """Log Z by summing over all states of the smaller side.

    Raises:
        ValueError: Neither side has few enough units.
    """
    visible, hidden = parameters.kernel.shape
    exact = Parameters(*(tf.cast(each, tf.float64) for each in parameters))
    if hidden <= _MOST_UNITS and (kind == "gaussian" or hidden <= visible):
        return _summed(hidden, lambda states: _hidden_log_weight(kind, exact, states))
    if kind == "bernoulli" and visible <= _MOST_UNITS:
        return _summed(visible, lambda states: -free_energy(kind, exact, states))
    raise ValueError(
        f"log Z can be summed up with at most {_MOST_UNITS} hidden units, or as many visible ones that "
        "are on or off; `estimate_log_partition` estimates it for others. "
        f"Received: {visible} visible and {hidden} hidden units"
    )


def _summed(units: int, log_weights: Callable[[Any], Any]) -> float:
    """Log of the sum over all states of so many units, some at a time to spare memory."""
    many = min(units, _AT_ONCE)
    total = -math.inf
    for first in range(0, 2**units, 2**many):
        numbers = np.arange(first, first + 2**many)
        states = tf.constant(numbers[:, None] >> np.arange(units) & 1, tf.float64)
        total = float(np.logaddexp(total, tf.reduce_logsumexp(log_weights(states))))
    return total


def _hidden_log_weight(kind: Visible, parameters: Parameters, hidden: Any) -> Any:
    """Log Σ_v exp(-E(v, h)), or the integral over v; ``(states,)``."""
    own = tf.linalg.matvec(hidden, parameters.hidden_bias)
    pull = tf.matmul(hidden, parameters.kernel, transpose_b=True)
    if kind == "gaussian":
        size = pull.shape[1] * math.log(2 * math.pi) / 2
        return own + size + tf.reduce_sum(pull * (parameters.visible_bias + pull / 2), 1)
    return own + tf.reduce_sum(tf.math.softplus(parameters.visible_bias + pull), 1)


def annealed_log_partition(
    kind: Visible, parameters: Parameters, base: Any, *, runs: int, steps: int, seed: int
) -> LogPartition:
    """Log Z by annealed importance sampling.

    Args:
        kind: Of the visible units.
        parameters: Of the machine.
        base: Visible biases a of the machine without couplings, ``(visible,)``.
        runs: M, how many runs; the error falls with its root.
        steps: How many machines the way takes; more make each run surer.
        seed: Same seed, same estimate.
    """
    logs = _annealed(kind, parameters, base, runs, tf.constant(steps), tf.constant(seed, tf.int64))
    w = np.asarray(logs, float)
    top = w.max()
    ratios = np.exp(w - top)
    mean = ratios.mean()
    error = 3 * ratios.std(ddof=1) / math.sqrt(runs)
    start = _base_log_partition(kind, base, parameters.kernel.shape[1]) + top
    low = start + math.log(mean - error) if mean > error else -math.inf
    return LogPartition(start + math.log(mean), low, start + math.log(mean + error))


def _base_log_partition(kind: Visible, base: Any, hidden: int) -> float:
    free = hidden * math.log(2)
    if kind == "gaussian":
        return free + len(base) * math.log(2 * math.pi) / 2
    return free + float(tf.reduce_sum(tf.math.softplus(tf.cast(base, tf.float64))))


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def _annealed(
    kind: Visible, parameters: Parameters, base: Any, runs: int, steps: Any, seed: Any
) -> Any:
    dtype = parameters.kernel.dtype

    def part(share: Any, visible: Any, field: Any) -> Any:
        bias = base + share * (parameters.visible_bias - base)
        coupled = tf.reduce_sum(tf.math.softplus(share * field), 1)
        return tf.cast(log_weight(kind, bias, visible) + coupled, tf.float64)

    def one(number: Any, visible: Any, logs: Any) -> tuple[Any, Any, Any]:
        here, there = (tf.cast(each / steps, dtype) for each in (number, number + 1))
        field = hidden_field(parameters, visible)
        logs += part(there, visible, field) - part(here, visible, field)
        hidden = bernoulli(tf.sigmoid(there * field), pair(seed, 2 * number))
        pull = tf.matmul(there * hidden, parameters.kernel, transpose_b=True)
        bias = base + there * (parameters.visible_bias - base)
        return number + 1, draw_visible(kind, bias + pull, pair(seed, 2 * number + 1)), logs

    bias = tf.tile(base[None], (runs, 1))
    start = (0, draw_visible(kind, bias, pair(seed, -1)), tf.zeros(runs, tf.float64))
    return tf.while_loop(lambda number, *_rest: number < steps, one, start)[2]
