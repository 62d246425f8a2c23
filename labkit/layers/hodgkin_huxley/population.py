"""Neurons side by side: how a population of them is stepped through time as fast as the cores allow.

XLA makes one short program of a step, and its loop over time costs about a microsecond a step. What
it does badly is to share such short work among cores: each step waits for all of them. So a population
is cut into blocks too small to be shared out, and TensorFlow runs whole blocks side by side.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import tensorflow as tf

from labkit.layers.hodgkin_huxley.integrators import METHODS, Method, State
from labkit.layers.hodgkin_huxley.membrane import Membrane, kinetics, resting_state
from labkit.layers.hodgkin_huxley.trajectory import trajectory

__all__ = ["simulated"]

# Bytes of a variable of the most neurons that XLA steps by itself, without sharing a step out: measured
_MOST = {"euler": 2048, "exponential_euler": 2048, "rk4": 512}
_LEAST = 512  # below it a step costs the same, however few they are


def simulated(
    current: Any,
    membrane: Membrane,
    dt: float,
    method: Method,
    *,
    gates: bool = False,
    jit_compile: bool = True,
) -> tuple[Any, ...]:
    """Potential, and m, h and n where asked for, of neurons that know nothing of each other.

    Args:
        current: In µA/cm², ``(neurons, time)``, each sample held for one step.
        membrane: Each value a scalar or ``(neurons,)``.
        dt: Length of a step, in ms.
        method: Of integration.
        gates: Whether m, h and n are wanted.
        jit_compile: Whether XLA compiles the loop.

    Returns:
        Tensors ``(neurons, time)``, in mV the first; sample k belongs to the begin of step k.
    """
    blocks = 1
    # In a graph the number of neurons may be unknown, and XLA would compile every block anew.
    eager = tf.executing_eagerly()
    if eager and jit_compile:
        size = int(current.shape[0]) * current.dtype.size
        blocks = max(1, -(-size // _MOST[method]), min(os.cpu_count() or 1, size // _LEAST))
    step = tf.constant(dt, current.dtype)
    return _in_blocks(method, gates, jit_compile, eager)(current, membrane, step, blocks)


@lru_cache
def _in_blocks(
    method: Method, gates: bool, jit_compile: bool, eager: bool
) -> Callable[..., tuple[Any, ...]]:
    """The simulation as a function of TensorFlow, one for each set of arguments.

    `eager` only keeps calls from Python and from graphs apart: a function whose gradient a graph has
    taken gives none any more where XLA compiles it for a call from Python.
    """
    block = tf.function(_block(method, gates), jit_compile=jit_compile or None, autograph=False)

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def run(current: Any, membrane: Membrane, dt: Any, blocks: int) -> tuple[Any, ...]:
        if blocks == 1:
            return tuple(map(tf.transpose, block(tf.transpose(current), membrane, dt)))
        count = current.shape[0]
        size = -(-count // blocks)
        # Blocks are alike, so that XLA compiles one; the last neuron fills up the last block.
        filled = tf.minimum(tf.range(blocks * size), count - 1)
        cut = [_cut(x, filled, blocks, count) for x in (current, *membrane)]
        parts = [
            [tf.transpose(x) for x in block(tf.transpose(some), Membrane(*values), dt)]
            for some, *values in zip(*cut)
        ]
        return tuple(tf.concat(part, 0)[:count] for part in zip(*parts))

    return run


def _cut(x: Any, filled: Any, blocks: int, count: int) -> list[Any]:
    """A tensor's rows in blocks; a scalar is the same for all."""
    if x.shape.rank == 0:
        return [x] * blocks
    return tf.split(x if count % blocks == 0 else tf.gather(x, filled), blocks)


def _block(method: Method, gates: bool) -> Callable[..., State]:
    integrator = METHODS[method]

    def block(current: Any, membrane: Membrane, dt: Any) -> State:
        def step(state: State, current: Any, parameters: State) -> State:
            held = Membrane(*parameters[:-1])
            return integrator(lambda x: kinetics(x, current, held), state, parameters[-1])

        start = resting_state(membrane, tf.shape(current)[1:])
        states = trajectory(step, start, current, (*membrane, dt))
        return states if gates else states[:1]

    return block
