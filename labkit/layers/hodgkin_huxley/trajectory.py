"""Many steps of a simulation, one after another, as one TensorFlow loop that can be differentiated.

The gradient is the discrete adjoint: with states x_{k+1} = s(x_k, u_k, p) and a loss L of all of them,

    λ_k = ∂L/∂x_k + (∂s/∂x_k)ᵀ λ_{k+1}
    dL/du_k = (∂s/∂u_k)ᵀ λ_{k+1}            dL/dp = Σ_k (∂s/∂p)ᵀ λ_{k+1}

Forward, only the states are kept; backward, each step is taken once more from the state it began at.
So a gradient needs the memory of the states and no more, however much goes on within a step.

Source: A. Griewank and A. Walther, "Evaluating Derivatives", 2nd edition, SIAM (2008), chapter 12.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from labkit.layers.hodgkin_huxley.integrators import State

__all__ = ["Step", "trajectory"]

# From a state, the input of this step, and the parameters, to the next state.
Step = Callable[[State, Any, State], State]


def trajectory(step: Step, state: State, inputs: Any, parameters: State) -> State:
    """The states at the begin of every step.

    Args:
        step: Takes one step.
        state: At the begin of the first step.
        inputs: One for each step, along the first axis; the last one is not used.
        parameters: Tensors that are the same in all steps.

    Returns:
        A tensor for each variable of the state, its first axis as long as that of the inputs.
    """
    variables = len(state)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def run(inputs: Any, *rest: Any) -> Any:
        states = _forward(step, rest[:variables], inputs, rest[variables:])

        def gradient(*upstream: Any) -> tuple[Any, ...]:
            return _backward(step, states, inputs, rest[variables:], upstream)

        return states, gradient

    return tuple(run(inputs, *state, *parameters))


def _forward(step: Step, state: State, inputs: Any, parameters: State) -> State:
    count = tf.shape(inputs)[0]
    records = tuple(tf.TensorArray(x.dtype, count, element_shape=x.shape) for x in state)

    def body(k: Any, state: State, records: State) -> tuple[Any, State, State]:
        written = tuple(record.write(k, x) for record, x in zip(records, state))
        return k + 1, tuple(step(state, inputs[k], parameters)), written

    _k, state, records = tf.while_loop(
        lambda k, _state, _records: k < count - 1,
        body,
        (0, tuple(state), records),
        maximum_iterations=count,
    )
    return tuple(record.write(count - 1, x).stack() for record, x in zip(records, state))


def _backward(
    step: Step, states: State, inputs: Any, parameters: State, upstream: State
) -> tuple[Any, ...]:
    """Gradients of the inputs, of the first state, and of the parameters."""
    count = tf.shape(inputs)[0]

    def body(back: Any, adjoint: State, total: State, record: Any) -> tuple[Any, ...]:
        k = count - 2 - back
        sources = (*(x[k] for x in states), inputs[k], *parameters)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(sources)
            after = step(sources[: len(states)], sources[len(states)], sources[len(states) + 1 :])
        slopes = tape.gradient(after, sources, adjoint, unconnected_gradients="zero")
        adjoint = tuple(one + each[k] for one, each in zip(slopes, upstream))
        total = tuple(one + other for one, other in zip(total, slopes[len(states) + 1 :]))
        return back + 1, adjoint, total, record.write(k, slopes[len(states)])

    record = tf.TensorArray(inputs.dtype, count, element_shape=inputs.shape[1:])
    record = record.write(count - 1, tf.zeros_like(inputs[0]))
    _back, adjoint, total, record = tf.while_loop(
        lambda back, *_others: back < count - 1,
        body,
        (0, tuple(x[-1] for x in upstream), tuple(tf.zeros_like(p) for p in parameters), record),
        maximum_iterations=count,
    )
    return (record.stack(), *adjoint, *total)
