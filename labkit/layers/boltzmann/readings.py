"""What can be asked of a restricted Boltzmann machine: energies, likelihoods, samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from labkit.layers.boltzmann.data import checked, checked_count
from labkit.layers.boltzmann.energy import (
    Parameters,
    Visible,
    free_energy,
    hidden_field,
    pseudo_likelihood,
    visible_field,
)
from labkit.layers.boltzmann.gibbs import draw_visible, gibbs, pair
from labkit.layers.boltzmann.partition import (
    LogPartition,
    annealed_log_partition,
    exact_log_partition,
)

__all__ = ["MachineReadings", "log_odds"]

_ROWS = 10_000  # asked about at once


class MachineReadings:
    """A machine's answers, each as a method of the layer; all want a machine that is built."""

    visible: Visible
    seed: int
    kernel: Any
    visible_bias: Any
    hidden_bias: Any
    variable_dtype: str
    built: bool

    def free_energy(self, data: Any) -> np.ndarray:
        """F of each sample, ``(samples,)``; low where the machine finds it probable."""
        return self._asked(data, lambda v: free_energy(self.visible, self._parameters(), v))

    def pseudo_likelihood(self, data: Any, *, seed: int | None = None) -> np.ndarray:
        """Log p of each sample, judged by flipping one of its units, ``(samples,)``.

        The same seed flips the same units as `random_state` does in scikit-learn's `score_samples`.

        Args:
            data: Samples of 0 and 1.
            seed: Of the choice of units, by default the layer's.

        Raises:
            ValueError: The visible units are Gaussian: they cannot be flipped.
        """
        if self.visible != "bernoulli":
            raise ValueError(
                "Only units that are on or off can be flipped; `log_likelihood` works for others. "
                f"Received: visible={self.visible!r}"
            )
        x = self._checked(data)
        chosen = np.random.RandomState(self._seed(seed)).randint(0, x.shape[1], len(x))
        parameters = self._parameters()
        return _by_rows(
            lambda v, flip: pseudo_likelihood(parameters, tf.cast(v, self.variable_dtype), flip),
            x,
            chosen,
        )

    def reconstruct(self, data: Any) -> np.ndarray:
        """Mean of the visible units given the mean of the hidden ones; ``(samples, visible)``."""
        return self._asked(data, self._reconstructed)

    def _reconstructed(self, visible: Any) -> Any:
        hidden = tf.sigmoid(hidden_field(self._parameters(), visible))
        field = visible_field(self._parameters(), hidden)
        return field if self.visible == "gaussian" else tf.sigmoid(field)

    def sample(
        self, count: int, *, steps: int = 1_000, start: Any = None, seed: int | None = None
    ) -> np.ndarray:
        """Samples of the visible units by Gibbs sampling, ``(count, visible)``.

        Args:
            count: How many chains, each of which gives one.
            steps: Of each chain; the more, the less its start matters.
            start: Visible units to start from, ``(count, visible)``; by default drawn from the biases.
            seed: Same seed, same samples; by default the layer's.
        """
        count, steps = checked_count("count", count), checked_count("steps", steps, 0)
        parameters, chosen = self._parameters(), self._seed(seed)
        if start is None:
            field = tf.tile(parameters.visible_bias[None], (count, 1))
            visible = draw_visible(self.visible, field, pair(chosen, -1))
        else:
            visible = self._tensor(start, "start")
            if len(visible) != count:
                raise ValueError(f"`start` must have {count} rows. Received: {len(visible)} rows")
        number = tf.constant(chosen, tf.int64)
        return np.asarray(gibbs(self.visible, parameters, visible, tf.constant(steps), number))

    def log_partition(self) -> float:
        """Log Z, summed over all states of the smaller side, which may have 20 units."""
        return exact_log_partition(self.visible, self._parameters())

    def estimate_log_partition(
        self, *, runs: int = 100, steps: int = 1_000, data: Any = None, seed: int | None = None
    ) -> LogPartition:
        """Log Z by annealed importance sampling, with three standard errors either way.

        Args:
            runs: How many independent runs.
            steps: Machines on the way of each.
            data: Samples whose means the first machine has: give those it learned from. Without, the
                first machine has this one's visible biases; where couplings are strong that is far
                away, and the runs may miss most of Z by more than their spread tells.
            seed: Same seed, same estimate; by default the layer's.
        """
        runs, steps = checked_count("runs", runs, 2), checked_count("steps", steps)
        parameters = self._parameters()
        base = parameters.visible_bias
        if data is not None:
            base = tf.constant(log_odds(self.visible, self._checked(data)), base.dtype)
        return annealed_log_partition(
            self.visible, parameters, base, runs=runs, steps=steps, seed=self._seed(seed)
        )

    def log_likelihood(self, data: Any, log_partition: float | None = None) -> np.ndarray:
        """Log p of each sample, ``(samples,)``.

        Args:
            data: Samples in rows.
            log_partition: log Z, where it was estimated; by default it is summed up.
        """
        known = self.log_partition() if log_partition is None else log_partition
        return -self.free_energy(data) - known

    def _parameters(self) -> Parameters:
        if not self.built:
            raise ValueError("A machine without weights knows nothing: call `adapt` or `build` first.")
        return Parameters(*(tf.convert_to_tensor(weight.value) for weight in self._weights()))

    def _weights(self) -> tuple[Any, Any, Any]:
        return self.kernel, self.visible_bias, self.hidden_bias

    def _seed(self, seed: int | None) -> int:
        return self.seed if seed is None else checked_count("seed", seed, 0)

    def _checked(self, data: Any, name: str = "data") -> np.ndarray:
        units = self.kernel.shape[0] if self.built else None
        return checked(data, units, binary=self.visible == "bernoulli", name=name)

    def _tensor(self, data: Any, name: str = "data") -> Any:
        return tf.cast(self._checked(data, name), self.variable_dtype)

    def _asked(self, data: Any, ask: Any) -> np.ndarray:
        return _by_rows(lambda v: ask(tf.cast(v, self.variable_dtype)), self._checked(data))


def _by_rows(ask: Any, *arrays: np.ndarray) -> np.ndarray:
    """Answers to all rows, some at a time, so that memory does not grow with their number."""
    starts = range(0, len(arrays[0]), _ROWS)
    return np.concatenate(
        [np.asarray(ask(*(array[first : first + _ROWS] for array in arrays))) for first in starts]
    )


def log_odds(kind: Visible, x: np.ndarray) -> np.ndarray:
    """Visible biases with which a machine without couplings has the data's means."""
    if kind == "gaussian":
        return np.asarray(x.mean(0, dtype=float))
    on = (x.sum(0, dtype=float) + 1) / (len(x) + 2)  # as if one more sample of each were known
    return np.asarray(np.log(on / (1 - on)))
