"""What the layers with Hodgkin and Huxley's membrane share: parameters as weights, and errors.

A parameter is one weight, a scalar or a value a neuron. One that is trainable and must stay positive
(capacitance, conductances, time constants) is kept as its logarithm: no step of an optimizer can make
it negative, and one learning rate, a relative one, suits 120 and 0.3 mS/cm² alike.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from labkit.layers.arguments import precise
from labkit.layers.hodgkin_huxley.integrators import METHODS, Method, State
from labkit.layers.hodgkin_huxley.membrane import Membrane, conductance
from labkit.layers.hodgkin_huxley.spikes import spike_times

__all__ = ["MembraneLayer"]

_DIVISORS = ("capacitance", "tau_syn")
_TOLERANCE = 1.0  # mV beyond what the equations allow
_EULER_LIMIT = 2.0  # of step × rate, on the real axis


class MembraneLayer(keras.layers.Layer):
    """A layer with the parameters of a membrane; see `HodgkinHuxley` for the arguments."""

    DEFAULTS: ClassVar[Mapping[str, float]] = Membrane()._asdict()
    POSITIVE: ClassVar[tuple[str, ...]] = ("capacitance", "g_na", "g_k", "g_leak", "tau_syn")
    PER_NEURON: ClassVar[tuple[str, ...]] = (*Membrane._fields, "e_syn")

    def __init__(
        self,
        dt: float = 0.01,
        method: Method = "rk4",
        *,
        trainable_parameters: Sequence[str] = (),
        return_gates: bool = False,
        return_spikes: bool = False,
        threshold: float = 0.0,
        jit_compile: bool = True,
        **kwargs: Any,
    ) -> None:
        given = {name: kwargs.pop(name, value) for name, value in self.DEFAULTS.items()}
        super().__init__(autocast=False, **kwargs)
        precise(self)
        self.dt = _positive_number("dt", dt, "in ms")
        if method not in METHODS:
            raise ValueError(f"`method` must be one of {tuple(METHODS)}. Received: method={method!r}")
        self.method: Method = method
        self.trainable_parameters = self._names(trainable_parameters)
        self.values = {name: self._checked(name, value) for name, value in given.items()}
        self.neurons = self._neurons()
        self.return_gates, self.return_spikes = bool(return_gates), bool(return_spikes)
        self.threshold = float(threshold)
        self.jit_compile = bool(jit_compile)

    def parameters(self) -> dict[str, Any]:
        """All parameters as tensors in their own units, whether trained or not."""
        if not self.built:
            return {n: tf.constant(v, self.variable_dtype) for n, v in self.values.items()}
        kept = {name: tf.convert_to_tensor(weight) for name, weight in self._kept.items()}
        return {name: tf.exp(x) if self._is_log(name) else x for name, x in kept.items()}

    def spike_times(self, voltage: Any) -> tf.RaggedTensor:
        """Times of the spikes in a potential that this layer gave, in ms, a row for each neuron."""
        return spike_times(voltage, self.dt, self.threshold)

    def get_config(self) -> dict[str, Any]:
        """As JSON can hold it; of a trained layer, the parameters it began with."""
        return {
            **super().get_config(),
            "dt": self.dt,
            "method": self.method,
            "trainable_parameters": list(self.trainable_parameters),
            "return_gates": self.return_gates,
            "return_spikes": self.return_spikes,
            "threshold": self.threshold,
            "jit_compile": self.jit_compile,
            **self.values,
        }

    def _add_parameters(self) -> None:
        self._kept = {name: self._weight(name, value) for name, value in self.values.items()}

    def _weight(self, name: str, value: float | list[float]) -> Any:
        start = np.log(value) if self._is_log(name) else np.array(value)
        return self.add_weight(
            name=f"log_{name}" if self._is_log(name) else name,
            shape=start.shape,
            initializer=keras.initializers.Constant(start),
            trainable=name in self.trainable_parameters,
            dtype=self.variable_dtype,
            autocast=False,
        )

    def _is_log(self, name: str) -> bool:
        return name in self.trainable_parameters and name in self.POSITIVE

    def _names(self, names: Sequence[str]) -> tuple[str, ...]:
        chosen = (names,) if isinstance(names, str) else tuple(names)
        if unknown := [name for name in chosen if name not in self.DEFAULTS]:
            raise ValueError(
                f"`trainable_parameters` may name {', '.join(self.DEFAULTS)}. Received: {unknown}"
            )
        return chosen

    def _checked(self, name: str, value: Any) -> float | list[float]:
        """A parameter as a number or a list of numbers."""
        try:
            numbers = np.asarray(value, np.float64)
        except (TypeError, ValueError):
            raise TypeError(f"`{name}` must be a number, or numbers. Received: {value!r}") from None
        if numbers.ndim > (name in self.PER_NEURON) or not numbers.size:
            kinds = "a number, or one for each neuron" if name in self.PER_NEURON else "a number"
            raise ValueError(f"`{name}` must be {kinds}. Received: shape {numbers.shape}")
        if not np.isfinite(numbers).all():
            raise ValueError(f"`{name}` must be finite. Received: {name}={value!r}")
        above = name in _DIVISORS or self._is_log(name)
        if name in self.POSITIVE and ((numbers <= 0) if above else (numbers < 0)).any():
            least = "above 0" if above else "0 or more"
            raise ValueError(f"`{name}` must be {least}. Received: {name}={value!r}")
        return numbers.tolist()

    def _neurons(self) -> int | None:
        """How many neurons the parameters are for; None where all are scalars."""
        sizes = {name: len(v) for name, v in self.values.items() if isinstance(v, list)}
        if len(set(sizes.values())) > 1:
            raise ValueError(
                f"Parameters for each neuron must have as many values as each other. Received: {sizes}"
            )
        return next(iter(sizes.values()), None)

    def _check_current(self, current: Any) -> None:
        """Refuse a current that is not finite; a graph does so when it runs, under XLA not at all."""
        finite = tf.math.is_finite(current)
        if not tf.executing_eagerly():
            tf.debugging.assert_equal(
                finite, tf.ones_like(finite), "The current must be finite (µA/cm²)."
            )
        elif not tf.reduce_all(finite):
            bad = tf.where(~finite)[0].numpy().tolist()
            raise ValueError(
                "The current must be finite (µA/cm²). Received: "
                f"{current[tuple(bad)].numpy()} at index {tuple(bad)}"
            )

    def _watches_gates(self) -> bool:
        """Whether the gates are needed to see that a step is too long: of forward Euler, eagerly."""
        return self.method == "euler" and tf.executing_eagerly()

    def _warn_if_unstable(self, states: State, current: Any, membrane: Membrane) -> None:
        """Warn of a potential that the equations cannot reach, or a step too long: eagerly only.

        At its extremes V cannot leave the range of the reversal potentials by more than the current
        drives through the leak: beyond it, the currents through the membrane all lead back.

        With the gates held, V' = drive − g V / C, g being the sum of all conductances. Forward Euler
        multiplies the distance of V to its target by 1 − dt g / C, whose modulus is above 1 where
        dt g / C is above 2: spikes may then be wrong even where V stays in its range. RK4 gives right
        spikes beyond its own limit of 2.785 as well, so that for it V alone counts.

        Args:
            states: V and, where they are watched, m, h and n.
            current: In µA/cm².
            membrane: Each value a scalar, or as many as the states have neurons.
        """
        voltage = states[0]
        if not tf.executing_eagerly() or not tf.size(voltage):
            return
        given = {name: np.asarray(value) for name, value in self.parameters().items()}
        ends = [given[name] for name in given if name.startswith("e_") or name == "rest"]
        low, high, leak = min(map(np.min, ends)), max(map(np.max, ends)), given["g_leak"].min()
        if leak > 0:
            low += min(0.0, float(tf.reduce_min(current)) / leak)
            high += max(0.0, float(tf.reduce_max(current)) / leak)
        else:
            low, high = -math.inf, math.inf
        least, most = float(tf.reduce_min(voltage)), float(tf.reduce_max(voltage))
        if not (math.isfinite(least + most) and low - _TOLERANCE < least and most < high + _TOLERANCE):
            self._warn(
                f"is unstable: its potential runs from {least:.4g} to {most:.4g} mV, which no membrane "
                "reaches"
            )
        elif self._watches_gates():
            pace = self.dt * float(tf.reduce_max(conductance(states, membrane) / membrane.capacitance))
            if pace > _EULER_LIMIT:
                self._warn(
                    f"may be unstable: dt g / C comes to {pace:.4g}, and Euler's method stands 2"
                )

    def _warn(self, reason: str) -> None:
        warnings.warn(
            f"The simulation {reason}. Take a smaller dt, or method='exponential_euler'. "
            f"Received: dt={self.dt} ms, method={self.method!r}",
            RuntimeWarning,
            stacklevel=3,
        )


def _positive_number(name: str, value: Any, unit: str) -> float:
    number = float(value) if isinstance(value, (int, float, np.number)) else math.nan
    if isinstance(value, bool) or not (math.isfinite(number) and number > 0):
        raise ValueError(f"`{name}` must be a number above 0, {unit}. Received: {name}={value!r}")
    return number
