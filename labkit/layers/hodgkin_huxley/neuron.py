"""Hodgkin and Huxley's neuron: a current goes in, and a membrane potential comes out.

    C V' = I − g_Na m³ h (V − E_Na) − g_K n⁴ (V − E_K) − g_L (V − E_L)
    x'   = α_x(V) (1 − x) − β_x(V) x          for the gates x = m, h, n

with V and E in mV, time in ms, I in µA/cm², g in mS/cm² and C in µF/cm²; the rates α and β are in
`rates`, beside this file, and the ways to step through time in `integrators`. The neuron is at rest
before the first sample. Sample k of current and potential belongs to the time k dt; the current is held
until the next sample, so the last one has no effect yet.

Source: A. L. Hodgkin and A. F. Huxley, "A quantitative description of membrane current and its
application to conduction and excitation in nerve", Journal of Physiology 117 (1952).
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from labkit.layers.hodgkin_huxley.membrane import Membrane
from labkit.layers.hodgkin_huxley.membrane_layer import MembraneLayer
from labkit.layers.hodgkin_huxley.population import simulated
from labkit.layers.hodgkin_huxley.spikes import spike_train

__all__ = ["HodgkinHuxley"]

Shape = tuple[int | None, ...]


@keras.saving.register_keras_serializable("labkit")
class HodgkinHuxley(MembraneLayer):
    """The membrane potential of neurons under a current (Hodgkin and Huxley 1952).

    Every parameter of the membrane is a number, or one for each neuron. Those named in
    ``trainable_parameters`` are fitted by `fit`; `parameters` gives them all.

    A current that is not finite raises an error, in a graph (`fit`, `predict`) when it runs. A step
    too long for the method gives a `RuntimeWarning` where the layer is called eagerly, but not in a
    graph; and a graph that XLA compiles (``compile(jit_compile=True)``, which is Keras' choice with a
    GPU) knows no errors at all: NaN goes in and comes out. So call the layer once on your current
    before you fit.

    It computes in float32, or in float64 with ``dtype="float64"``; less is refused.

    Args:
        dt: Between two samples, and the length of a step, in ms.
        method: ``"rk4"``, ``"exponential_euler"`` (stable at any dt) or ``"euler"``.
        trainable_parameters: Names of the parameters that are fitted.
        return_gates: Whether m, h and n are given, too.
        return_spikes: Whether the 0/1 train of spikes is given, too.
        threshold: A spike is its crossing upward, in mV.
        jit_compile: Whether XLA compiles the loop over time: some seconds once for each shape.
        capacitance: In µF/cm².
        g_na: Largest conductance of the sodium channels, in mS/cm².
        g_k: Largest conductance of the potassium channels, in mS/cm².
        g_leak: Conductance of what is always open, in mS/cm².
        e_na: Reversal potential of sodium, in mV.
        e_k: Reversal potential of potassium, in mV.
        e_leak: Reversal potential of the leak, in mV.
        rest: Potential at the first sample, with the gates in their steady state, in mV.

    Call arguments:
        current: In µA/cm².

    Input shape:
        ``(batch, time)``, a neuron a row; or ``(batch, time, neurons)``. Where parameters are given for
        each neuron, a current ``(batch, time)`` or ``(batch, time, 1)`` goes to all of them.

    Output shape:
        The potential in mV, ``(batch, time)``; or ``(batch, time, neurons)`` for an input of that shape
        or parameters for each neuron. A tuple of it and m, h, n and spikes, all of the same shape,
        where these are asked for.

    Example:
        A neuron under 10 µA/cm² for 50 ms:

        >>> neuron = HodgkinHuxley(dt=0.05, method="exponential_euler")
        >>> voltage = neuron(tf.fill((1, 1000), 10.0))
        >>> [round(float(time), 1) for time in neuron.spike_times(voltage)[0]]
        [2.1, 17.4, 32.4, 47.4]

        `examples/fit_conductances.py` recovers conductances from a recorded potential with `fit`.
    """

    def build(self, input_shape: Shape) -> None:
        """Make a weight of each parameter."""
        self._check_shape(input_shape)
        self._add_parameters()
        self.built = True

    def call(self, current: Any) -> Any:
        """Simulate; see the class."""
        current = tf.cast(current, self.variable_dtype)
        self._check_shape(tuple(current.shape))
        self._check_current(current)
        rows, membrane = self._as_rows(current)
        states = simulated(
            rows,
            membrane,
            self.dt,
            self.method,
            gates=self.return_gates or self._watches_gates(),
            jit_compile=self.jit_compile,
        )
        columns = (x[:, None] if x.shape.rank else x for x in membrane)
        self._warn_if_unstable(states, current, Membrane(*columns))
        states = states if self.return_gates else states[:1]
        if self.return_spikes:
            states = (*states, spike_train(states[0], self.threshold))
        outputs = tuple(tf.cast(self._from_rows(x, current), self.compute_dtype) for x in states)
        return outputs if len(outputs) > 1 else outputs[0]

    def compute_output_shape(self, input_shape: Shape) -> Any:
        """Of what `call` gives."""
        self._check_shape(input_shape)
        neurons = self.neurons or (input_shape[2] if len(input_shape) == 3 else None)
        wide = self.neurons is not None or len(input_shape) == 3
        shape = (*input_shape[:2], neurons) if wide else tuple(input_shape)
        count = 1 + 3 * self.return_gates + self.return_spikes
        return (shape,) * count if count > 1 else shape

    def _check_shape(self, shape: Shape) -> None:
        if len(shape) not in (2, 3) or 0 in shape[1:]:
            raise ValueError(
                "The current must have the shape (batch, time) or (batch, time, neurons), with at "
                f"least one sample of time. Received: shape {tuple(shape)}"
            )
        if self.neurons and len(shape) == 3 and shape[2] not in (None, 1, self.neurons):
            raise ValueError(
                f"There are parameters for {self.neurons} neurons, so the current must have the shape "
                f"(batch, time, {self.neurons}) or (batch, time). Received: shape {tuple(shape)}"
            )

    def _as_rows(self, current: Any) -> tuple[Any, Membrane]:
        """Current and parameters of all neurons of the batch, one after the other."""
        values = Membrane(**self.parameters())
        if self.neurons:
            batch, time = tf.shape(current)[0], tf.shape(current)[1]
            wide = current if current.shape.rank == 3 else current[..., None]
            current = tf.broadcast_to(wide, (batch, time, self.neurons))
            values = Membrane(*(x if x.shape.rank == 0 else tf.tile(x, [batch]) for x in values))
        if current.shape.rank == 3:
            across = tf.transpose(current, (0, 2, 1))
            current = tf.reshape(across, (-1, *_sizes(current)[1:2]))
        return current, values

    def _from_rows(self, rows: Any, current: Any) -> Any:
        """What was computed for all neurons of the batch, in the shape of the output."""
        if self.neurons is None and current.shape.rank == 2:
            return rows
        batch, time, *last = _sizes(current)
        neurons = self.neurons or last[0]
        return tf.transpose(tf.reshape(rows, (batch, neurons, time)), (0, 2, 1))


def _sizes(x: Any) -> list[Any]:
    """The shape, with numbers where they are known."""
    return [tf.shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape)]
