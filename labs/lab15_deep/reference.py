"""What the functions of lab 15 should return, as Keras' layers and TensorFlow's tape have it."""

import keras
import numpy as np
import tensorflow as tf
from scipy import stats

_FINE = {"dtype": "float64"}
_EPSILON = 1e-3


def spread(weights, x, activation):
    layers = [x, *_through([tf.constant(w) for w in weights], x, activation)]
    return [tf.norm(a) / np.sqrt(a.shape[0] * a.shape[1]) for a in layers]


def gradient_norms(weights, x, y, activation):
    arrays = [tf.constant(w) for w in weights]
    with tf.GradientTape() as tape:
        tape.watch(arrays)
        cost = tf.nn.l2_loss(_through(arrays, x, activation)[-1] - y) / len(x)
    return [tf.linalg.global_norm([g]) for g in tape.gradient(cost, arrays)]


def deviation(rule, fan_in, fan_out):
    """By what Keras' initializers say of themselves."""
    named = {"glorot": keras.initializers.GlorotUniform, "he": keras.initializers.HeUniform}[rule]()
    fans = {"fan_in": fan_in, "fan_avg": (fan_in + fan_out) / 2}
    return (named.scale / fans[named.mode]) ** 0.5


def initial_weights(rule, distribution, numbers):
    wanted = deviation(rule, *numbers.shape[::-1])
    if distribution == "normal":
        return stats.norm.isf(stats.norm.sf(numbers), scale=wanted)
    unit = stats.uniform(-1, 2)
    limit = wanted / unit.std()
    return limit * unit.ppf(numbers)


def normalize(train, x):
    layer = keras.layers.Normalization(**_FINE)
    layer.adapt(train)
    return layer(x)


def batch_norm_training(x, gamma, beta, mean, variance, momentum):
    layer = _normalization(gamma, beta, mean, variance, momentum)
    outputs = layer(x, training=True)
    return outputs, layer.moving_mean, layer.moving_variance


def batch_norm_inference(x, gamma, beta, mean, variance):
    return _normalization(gamma, beta, mean, variance, 0.99)(x, training=False)


def batch_norm_backward(x, gamma, upstream):
    zeros, x = np.zeros_like(gamma), tf.constant(x)
    layer = _normalization(gamma, zeros, zeros, zeros + 1, 0.99)
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = layer(x, training=True)
    return tape.gradient(outputs, (x, layer.gamma, layer.beta), tf.constant(upstream))


def penalty(w, l1, l2):
    w = tf.constant(w)
    with tf.GradientTape() as tape:
        tape.watch(w)
        cost = keras.regularizers.L1L2(l1, l2)(w)
    return cost, tape.gradient(cost, w)


def dropout(a, u, rate, training):
    """TensorFlow's own dropout, with the given numbers in place of its random ones."""
    if not training:
        return keras.layers.Dropout(rate, **_FINE)(a, training=False)
    return tf.nn.experimental.general_dropout(a, rate, lambda *_given, **_named: tf.constant(u))


def epoch(w, x, y, rate, size):
    """A Dense layer of Keras, its optimizer, and batches by TensorFlow's data sets."""
    neuron = keras.layers.Dense(1, use_bias=False, **_FINE)
    neuron.build((None, len(w)))
    neuron.set_weights([w[:, None]])
    optimizer, batches = keras.optimizers.SGD(rate), tf.data.Dataset.from_tensor_slices((x, y))
    costs = [_half_error(neuron, x, y)]
    for rows, wanted in batches.batch(size):
        with tf.GradientTape() as tape:
            cost = _half_error(neuron, rows, wanted)
        optimizer.apply(tape.gradient(cost, [neuron.kernel]), [neuron.kernel])
        costs.append(_half_error(neuron, x, y))
    return neuron.kernel[:, 0], costs


def with_keras(w, gamma, beta, mean, variance, momentum, x, new):
    """By hand, since the student has Keras do it."""
    nets = np.einsum("mi,ni->mn", x, w)
    here, wide = np.average(nets, axis=0), np.cov(nets.T, bias=True).diagonal()
    mean, variance = (
        old + (1 - momentum) * (now - old) for old, now in ((mean, here), (variance, wide))
    )
    trained = (nets - here) * (gamma * (wide + _EPSILON) ** -0.5) + beta
    return trained, (np.einsum("mi,ni->mn", new, w) - mean) * (
        gamma * (variance + _EPSILON) ** -0.5
    ) + beta


def _through(weights, x, activation):
    """The activations of all layers."""
    bend, activations = keras.activations.get(activation), [tf.constant(x)]
    for w in weights:
        activations.append(bend(tf.matmul(activations[-1], w, transpose_b=True)))
    return activations[1:]


def _normalization(gamma, beta, mean, variance, momentum):
    layer = keras.layers.BatchNormalization(momentum=momentum, **_FINE)
    layer.build((None, len(gamma)))
    layer.set_weights([gamma, beta, mean, variance])
    return layer


def _half_error(neuron, x, y):
    return tf.reduce_mean((neuron(x)[:, 0] - y) ** 2) / 2
