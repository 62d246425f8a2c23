"""What the functions of lab 18 should return, as Keras' layers and TensorFlow's tape have it."""

import keras
import numpy as np
import tensorflow as tf


def unroll(weights, x, start):
    recurrent, readout = _layers(weights)
    states = recurrent(x[None], initial_state=tf.constant(start[None]))
    return tf.concat([start[None], states[0]], 0), readout(states)[0]


def ordered_derivatives(direct):
    """A linear system with these slopes, and a nudge to each quantity, which the tape follows."""
    nudges = [tf.Variable(0.0, dtype="float64") for _row in direct]
    with tf.GradientTape() as tape:
        system = []
        for row, nudge in zip(direct, nudges):
            system.append(tf.add_n([nudge, *(slope * z for slope, z in zip(row, system))]))
    return tf.stack(tape.gradient(system[-1], nudges))


def backward(weights, states, errors):
    nudges = tf.Variable(np.zeros_like(states[1:]))
    with tf.GradientTape() as tape:
        again = tf.stack(_again(weights[1], states, tf.unstack(nudges)))
        cost = tf.reduce_sum(errors * tf.matmul(again[1:], weights[3], transpose_b=True))
    return tape.gradient(cost, nudges)


def gradient(weights, x, d, start):
    return truncated(weights, x, d, start, len(x))


def truncated(weights, x, d, start, k):
    return _taped([tf.Variable(w) for w in weights], x, d, start, k)[1]


def influence(w_h, states):
    given = [tf.Variable(np.zeros_like(state)) for state in states]
    with tf.GradientTape(persistent=True) as tape:
        last = tf.unstack(_again(w_h, states, given[1:], given[0])[-1])
    matrices = np.array([tape.gradient(one, given) for one in last])
    slopes = 1 - states**2
    norms = [1.0]
    for t in range(len(states) - 2, -1, -1):
        # Only state 0 is nudged itself; the others are by their net inputs, through a slope.
        matrix = matrices[:, t] / (slopes[t] if t else 1)
        norms.append(np.linalg.svd(matrix, compute_uv=False)[0])
    return np.array(norms)


def clip(gradients, most):
    return tuple(tf.clip_by_global_norm(gradients, most)[0])


def train(weights, x, d, rate, most, k, steps):
    """A long training is judged by where it arrives, and has no truth that is worth its while."""
    own, start = [tf.Variable(w) for w in weights], np.zeros(len(weights[1]))
    optimizer = keras.optimizers.SGD(rate, global_clipnorm=most)
    optimizer.build(own)
    costs, norms = [], []
    for _step in range(steps if steps < 100 else 1):
        cost, slopes = _taped(own, x, d, start, k)
        costs.append(cost)
        norms.append(tf.linalg.global_norm(slopes))
        optimizer.apply(slopes)
    return *own, np.array([*costs, _taped(own, x, d, start, k)[0]]), np.array(norms)


def run_ahead(weights, sequence, start, seen):
    recurrent, readout = _layers(weights)
    state, value, outputs = tf.constant(start[None]), None, []
    for t, real in enumerate(sequence):
        value = tf.constant(real[None]) if t < seen else outputs[-1]
        state = recurrent.cell(value, [state])[0]
        outputs.append(readout(state))
    return tf.concat(outputs, 0)


def universal(w_in, w_now, w_before, b, x, start):
    """All nodes at once, as often as there are nodes: then the last one has heard of the first."""
    rows = [tf.constant(start)]
    for value in x:
        net = tf.linalg.matvec(w_in, value) + tf.linalg.matvec(w_before, rows[-1]) + b
        now = tf.zeros_like(net)
        for _round in range(len(b)):
            now = tf.tanh(net + tf.linalg.matvec(w_now, now))
        rows.append(now)
    return tf.stack(rows)


def with_keras(weights, x, start):
    return unroll(weights, x, start)[1]


def _layers(weights):
    """The network in Keras, in double precision."""
    w_x, w_h, b, w_y, c = (tf.constant(w) for w in weights)
    recurrent = keras.layers.SimpleRNN(len(b), return_sequences=True, dtype="float64")
    readout = keras.layers.Dense(len(c), dtype="float64")
    recurrent.build((1, None, w_x.shape[1]))
    readout.build((1, len(b)))
    recurrent.set_weights([tf.transpose(w_x), tf.transpose(w_h), b])
    readout.set_weights([tf.transpose(w_y), c])
    return recurrent, readout


def _again(w_h, states, nudges, first=0.0):
    """The states once more, from net inputs that give just these, each with a nudge of its own."""
    again = [states[0] + first]
    for before, state, nudge in zip(states, states[1:], nudges):
        moved = tf.linalg.matvec(w_h, again[-1] - before)
        again.append(tf.tanh(np.arctanh(state) + moved + nudge))
    return again


def _taped(own, x, d, start, k):
    """Cost and gradient; the tape forgets at the edge of a window what state led there."""
    with tf.GradientTape() as tape:
        w_x, w_h, b, w_y, c = own
        state, cost = tf.constant(start), 0.0
        for t, (value, right) in enumerate(zip(x, d)):
            kept = state if t % k else tf.stop_gradient(state)
            state = tf.tanh(tf.linalg.matvec(w_x, value) + tf.linalg.matvec(w_h, kept) + b)
            cost += tf.reduce_sum((tf.linalg.matvec(w_y, state) + c - right) ** 2) / 2
    return cost, [*tape.gradient(cost, [*own])]
