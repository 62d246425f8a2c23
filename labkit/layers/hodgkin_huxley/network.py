"""Neurons of Hodgkin and Huxley that talk to each other: a population and its matrix of synapses.

    C V_i' = I_i − (currents of the membrane) − Σ_j g_ij (V_i − E_j)
    g_ij'  = −g_ij / τ,    and g_ij grows by w_ji when neuron j fires

with V in mV, time in ms, I in µA/cm², and g and w in mS/cm²; E_j is the reversal potential of all
synapses that neuron j makes. The membrane is that of `labkit.layers.hodgkin_huxley.membrane`. As all g
decay alike, two numbers a neuron hold them all: Σ_j g_ij and Σ_j g_ij E_j.

Source: P. Dayan and L. F. Abbott, "Theoretical Neuroscience", MIT Press (2001), chapters 5 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

import keras
import tensorflow as tf

from labkit.layers.hodgkin_huxley.integrators import METHODS, Method, State
from labkit.layers.hodgkin_huxley.membrane import Membrane, kinetics, resting_state
from labkit.layers.hodgkin_huxley.membrane_layer import MembraneLayer
from labkit.layers.hodgkin_huxley.spikes import spike_train
from labkit.layers.hodgkin_huxley.trajectory import trajectory

__all__ = ["HodgkinHuxleyNetwork"]

Shape = tuple[int | None, ...]


@keras.saving.register_keras_serializable("labkit")
class HodgkinHuxleyNetwork(MembraneLayer):
    """A population of neurons coupled by exponential synapses.

    The weight ``coupling`` holds in row j and column i what a spike of neuron j adds to the conductance
    of its synapse on neuron i. A synapse excites where ``e_syn`` is above the threshold and inhibits
    where it is below the resting potential. A spike acts from the next step on.

    Gradients reach all parameters, ``coupling`` included, through the potentials; that a spike comes
    earlier or later is no part of them, for a spike is a step and has no slope. Otherwise arguments,
    errors and warnings are those of `HodgkinHuxley`.

    Args:
        dt: Between two samples, and the length of a step, in ms.
        method: ``"rk4"``, ``"exponential_euler"`` or ``"euler"``.
        coupling_initializer: Of ``coupling``, in mS/cm²; to set it: ``layer.coupling.assign(...)``.
        train_coupling: Whether ``coupling`` is trained.
        trainable_parameters: Names of the other parameters that are fitted.
        e_syn: Reversal potential of the synapses that a neuron makes, in mV: a number, or one for each
            neuron.
        tau_syn: Time constant of the synapses, in ms.
        return_gates: As for `HodgkinHuxley`, like all that follow there.

    Call arguments:
        current: In µA/cm².

    Input shape:
        ``(batch, time, neurons)``.

    Output shape:
        The potential in mV, ``(batch, time, neurons)``; a tuple of it and m, h, n and spikes where
        these are asked for.

    Example:
        The first of two neurons gets a current, and its synapse makes the second one spike as well:

        >>> pair = HodgkinHuxleyNetwork(dt=0.05, method="exponential_euler", return_spikes=True)
        >>> pair.build((None, 400, 2))
        >>> _ = pair.coupling.assign([[0.0, 0.5], [0.0, 0.0]])
        >>> voltage, spikes = pair(tf.constant([[[10.0, 0.0]] * 400]))
        >>> [int(count) for count in tf.reduce_sum(spikes, 1)[0]]
        [2, 2]
    """

    DEFAULTS: ClassVar[Mapping[str, float]] = {
        **MembraneLayer.DEFAULTS,
        "e_syn": 0.0,
        "tau_syn": 3.0,
    }

    def __init__(
        self,
        dt: float = 0.01,
        method: Method = "rk4",
        *,
        coupling_initializer: Any = "zeros",
        train_coupling: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(dt, method, **kwargs)
        self.coupling_initializer = keras.initializers.get(coupling_initializer)
        self.train_coupling = bool(train_coupling)

    def build(self, input_shape: Shape) -> None:
        """Make a weight of each parameter, and the coupling."""
        self._check_shape(input_shape)
        self._add_parameters()
        self.coupling = self.add_weight(
            name="coupling",
            shape=(input_shape[2], input_shape[2]),
            initializer=self.coupling_initializer,
            trainable=self.train_coupling,
            dtype=self.variable_dtype,
            autocast=False,
        )
        self.built = True

    def call(self, current: Any) -> Any:
        """Simulate; see the class."""
        current = tf.cast(current, self.variable_dtype)
        self._check_shape(tuple(current.shape))
        self._check_current(current)
        gates, values = self.return_gates or self._watches_gates(), self.parameters()
        run = _simulation(self.method, gates, self.jit_compile, tf.executing_eagerly())
        states = run(
            tf.transpose(current, (1, 0, 2)),
            values,
            tf.convert_to_tensor(self.coupling),
            tf.constant(self.dt, current.dtype),
            tf.constant(self.threshold, current.dtype),
        )
        states = tuple(tf.transpose(x, (1, 0, 2)) for x in states)
        membrane = Membrane(*(values[name] for name in Membrane._fields))
        self._warn_if_unstable(states, current, membrane)
        states = states if self.return_gates else states[:1]
        if self.return_spikes:
            states = (*states, spike_train(states[0], self.threshold))
        outputs = tuple(tf.cast(x, self.compute_dtype) for x in states)
        return outputs if len(outputs) > 1 else outputs[0]

    def compute_output_shape(self, input_shape: Shape) -> Any:
        """Of what `call` gives."""
        self._check_shape(input_shape)
        count = 1 + 3 * self.return_gates + self.return_spikes
        return (tuple(input_shape),) * count if count > 1 else tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """As JSON can hold it; the coupling is a weight and no part of it."""
        return {
            **super().get_config(),
            "coupling_initializer": keras.initializers.serialize(self.coupling_initializer),
            "train_coupling": self.train_coupling,
        }

    def _check_shape(self, shape: Shape) -> None:
        known = self.coupling.shape[0] if self.built else self.neurons
        wanted = known or "neurons"
        if len(shape) != 3 or not shape[2] or shape[1] == 0 or shape[2] != (known or shape[2]):
            raise ValueError(
                f"The current must have the shape (batch, time, {wanted}), with at least one sample of "
                f"time and the number of neurons known. Received: shape {tuple(shape)}"
            )


@lru_cache
def _simulation(
    method: Method, gates: bool, jit_compile: bool, eager: bool
) -> Callable[..., tuple[Any, ...]]:
    """From currents (time, batch, neurons), parameters, coupling, dt and threshold to the states.

    `eager` keeps calls from Python and from graphs apart, as in `population`.
    """
    integrator = METHODS[method]

    def run(current: Any, values: Any, coupling: Any, dt: Any, threshold: Any) -> tuple[Any, ...]:
        names = (*Membrane._fields, "e_syn", "tau_syn")
        neurons = resting_state(
            Membrane(*(values[name] for name in Membrane._fields)), tf.shape(current)[1:]
        )

        def step(state: State, current: Any, parameters: State) -> State:
            *listed, coupling, dt, threshold = parameters
            *membrane, e_syn, tau_syn = listed
            after = integrator(
                lambda x: _coupled_kinetics(x, current, Membrane(*membrane), tau_syn), state, dt
            )
            fired = (state[0] < threshold) & (after[0] >= threshold)
            jumps = _jumps(tf.cast(fired, current.dtype), coupling, e_syn)
            return (*after[:4], *(x + jump for x, jump in zip(after[4:], jumps)))

        quiet = tf.zeros_like(neurons[0])
        parameters = (*(values[name] for name in names), coupling, dt, threshold)
        states = trajectory(step, (*neurons, quiet, quiet), current, parameters)
        return states[:4] if gates else states[:1]

    return tf.function(run, jit_compile=jit_compile or None, autograph=False)


def _coupled_kinetics(
    state: State, current: Any, membrane: Membrane, tau_syn: Any
) -> tuple[tuple[Any, Any], ...]:
    """Rate and drive of V, m, h, n, and of the two sums over the synapses of a neuron."""
    conductance, drive = state[4:]
    (rate, inward), *gates = kinetics(state[:4], current, membrane)
    charge = (
        rate + conductance / membrane.capacitance,
        inward + drive / membrane.capacitance,
    )
    decay = (1 / tau_syn, tf.zeros_like(drive))
    return charge, *gates, decay, decay


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _jumps(fired: Any, coupling: Any, e_syn: Any) -> Any:
    """What the neurons that fired add to both sums; without any, which is most often, at no cost.

    The gradient is written out, for XLA does not compile that of a condition inside a loop. A spike
    has no slope, and none is given.
    """
    jumps = tf.cond(
        tf.reduce_any(fired > 0),
        lambda: (tf.matmul(fired, coupling), tf.matmul(fired * e_syn, coupling)),
        lambda: (tf.zeros_like(fired), tf.zeros_like(fired)),
    )

    def gradient(conductance: Any, drive: Any) -> tuple[Any, Any, Any]:
        slopes = tf.matmul(fired, conductance, transpose_a=True)
        slopes += tf.matmul(fired * e_syn, drive, transpose_a=True)
        reversal = fired * tf.matmul(drive, coupling, transpose_b=True)
        if e_syn.shape.rank == 0:
            return tf.zeros_like(fired), slopes, tf.reduce_sum(reversal)
        return tf.zeros_like(fired), slopes, tf.reduce_sum(reversal, 0)

    return jumps, gradient
