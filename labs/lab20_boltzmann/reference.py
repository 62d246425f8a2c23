"""What the functions of lab 20 should return: by the kit's machines, and by taped slopes."""

import numpy as np
import tensorflow as tf
from scipy import special, stats

from labkit.layers import BoltzmannMachine
from labkit.layers.boltzmann import energy as formulas
from labkit.layers.boltzmann.energy import Parameters
from labkit.layers.boltzmann.enumeration import all_states, means


def energy(w, b, states):
    return formulas.energy(tf.constant(w), tf.constant(b), tf.constant(states))


def probabilities(w, b):
    machine = BoltzmannMachine(dtype="float64")
    machine.build((None, len(b)))
    machine.kernel.assign(w)
    machine.bias.assign(b)
    return machine.probabilities(), machine.log_partition()


def gibbs(w, b, states, uniforms):
    """A unit is on where its field lies above the log odds of its number; fields are kept."""
    state, film = states.copy(), [states]
    field = np.einsum("ij,mj->mi", w, state) + b
    for odds in special.logit(uniforms):
        for unit, column in enumerate(odds.T):
            change = (field[:, unit] > column) - state[:, unit]
            state[:, unit] += change
            field += np.outer(change, w[unit])
        film.append(state.copy())
    return np.stack(film)


def statistics(states, p):
    return tuple(means(tf.constant(states), tf.constant(p)))


def learn(shares, rate, steps):
    """Down the slope of the divergence, which is taped; each pair has one coupling here."""
    units = len(shares).bit_length() - 1
    states = tf.constant(all_states(units), tf.float64)
    pairs = np.argwhere(np.triu(np.ones((units, units)), 1))
    features = tf.concat([tf.reduce_prod(tf.gather(states, pairs, axis=1), axis=2), states], axis=1)
    values, divergences = tf.zeros(features.shape[1], tf.float64), []
    for _step in range(steps + 1):
        with tf.GradientTape() as tape:
            tape.watch(values)
            logs = tf.nn.log_softmax(tf.linalg.matvec(features, values))
            crossed = -tf.tensordot(tf.constant(shares), logs, 1)
        divergences.append(crossed - stats.entropy(shares))
        last, values = values, values - rate * tape.gradient(crossed, values)
    w = np.zeros((units, units))
    w[tuple(pairs.T)] = last[: len(pairs)]
    return w + w.T, last[len(pairs) :], np.array(divergences)


def hidden_probabilities(w, c, v):
    return tf.sigmoid(formulas.hidden_field(Parameters(tf.constant(w), None, c), v))


def visible_probabilities(w, b, h):
    return tf.sigmoid(formulas.visible_field(Parameters(tf.constant(w), b, None), h))


def free_energy(w, b, c, v):
    return formulas.free_energy("bernoulli", _parameters(w, b, c), tf.constant(v))


def pseudo_likelihood(w, b, c, v, flips):
    return formulas.pseudo_likelihood(_parameters(w, b, c), tf.constant(v), flips)


def reconstruction_error(w, b, c, v):
    return tf.reduce_mean(tf.math.squared_difference(v, with_keras(w, b, c, v)[1]))


def dream(w, b, c, v, hidden_uniforms, visible_uniforms):
    thresholds = special.logit(hidden_uniforms), special.logit(visible_uniforms)
    return _dreamt(_parameters(w, b, c), tf.constant(v), *map(tf.constant, thresholds))


def contrast(w, c, data, dreamt):
    parameters = _parameters(w, np.zeros(len(w)), c)
    return tuple(_slopes(parameters, tf.constant(data), tf.constant(dreamt)))


def train(weights, x, batches, rate, hidden_uniforms, visible_uniforms, persistent):
    parameters, x = _parameters(*weights), tf.constant(x)
    dreamt, ends, errors = tf.gather(x, batches[0, 0]), [], []
    step = tf.function(_learnt)
    numbers = special.logit(hidden_uniforms), special.logit(visible_uniforms)
    for rows, for_hidden, for_visible in zip(batches, *numbers):
        for each in zip(rows, for_hidden, for_visible):
            data, *thresholds = tf.gather(x, each[0]), *map(tf.constant, each[1:])
            start = dreamt if persistent else data
            dreamt, parameters = step(parameters, data, start, *thresholds, tf.constant(rate, x.dtype))
        ends.append(dreamt)
        errors.append(reconstruction_error(*parameters, x))
    return *parameters, tf.stack(ends), tf.stack(errors)


def with_keras(w, b, c, v):
    hidden = hidden_probabilities(w, c, v)
    return hidden, visible_probabilities(w, b, hidden)


def _parameters(w, b, c):
    return Parameters(tf.constant(w), tf.constant(b), tf.constant(c))


def _dreamt(parameters, visible, for_hidden, for_visible):
    """Units are on where their field lies above the log odds of their number."""
    for step in range(for_hidden.shape[0]):
        hidden = formulas.hidden_field(parameters, visible) > tf.cast(for_hidden[step], visible.dtype)
        field = formulas.visible_field(parameters, tf.cast(hidden, visible.dtype))
        visible = tf.cast(field > tf.cast(for_visible[step], visible.dtype), visible.dtype)
    return visible


def _slopes(parameters, data, dreamt):
    """How the free energy of dreams, less that of data, changes with the parameters."""
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        of_data, of_dreams = (
            tf.reduce_mean(formulas.free_energy("bernoulli", parameters, rows))
            for rows in (data, dreamt)
        )
        lead = of_dreams - of_data
    return tape.gradient(lead, parameters)


def _learnt(parameters, data, start, for_hidden, for_visible, rate):
    dreamt = _dreamt(parameters, start, for_hidden, for_visible)
    slopes = _slopes(parameters, data, dreamt)
    return dreamt, Parameters(*(old + rate * slope for old, slope in zip(parameters, slopes)))
