"""What the functions of lab 14 should return, as TensorFlow's tape and Keras' optimizers have it."""

import keras
import numpy as np
import tensorflow as tf

_ROW = tf.TensorSpec((None,), "float64")


def cost(w, x, y):
    return keras.losses.mean_squared_error(y, tf.linalg.matvec(x, w))


@tf.function(input_signature=[_ROW, tf.TensorSpec((None, None), "float64"), _ROW])
def gradient(w, x, y):
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = cost(w, x, y)
    return tape.gradient(loss, w)


def curvature(x):
    """The gradient grows evenly with the weights; where the answers are 0 it is 0 without weights."""
    return [gradient(unit, x, np.zeros(len(x))) for unit in np.eye(x.shape[1])]


def greatest_rate(a):
    """A symmetric matrix without negative eigenvalues stretches by its largest, and by no more."""
    return 2 / np.linalg.norm(a, 2)


def descend(start, x, y, rate, steps):
    return _path(keras.optimizers.SGD(), start, [(x, y)] * steps, rate)


def mini_batches(start, x, y, rate, size, orders):
    parts = [rows for order in orders for rows in np.split(order, range(size, len(order), size))]
    return _path(keras.optimizers.SGD(), start, [(x[rows], y[rows]) for rows in parts], rate)


def momentum(start, x, y, rate, beta, steps):
    return _path(keras.optimizers.SGD(momentum=np.float64(beta)), start, [(x, y)] * steps, rate)


def rmsprop(start, x, y, rate, rho, steps):
    return _path(keras.optimizers.RMSprop(rho=np.float64(rho)), start, [(x, y)] * steps, rate)


def adam(start, x, y, rate, betas, corrected, steps):
    """Keras' Adam; where it must not correct, each step is handed a rate that undoes it."""
    betas, t = np.array(betas), np.arange(1, steps + 1)[:, None]
    first, second = (1 - betas**t).T
    rates = rate if corrected else rate * first / np.sqrt(second)
    optimizer = keras.optimizers.Adam(beta_1=betas[0], beta_2=betas[1])
    return _path(optimizer, start, [(x, y)] * steps, rates)


def with_keras(name, start, x, y, rate, steps):
    name, given = ("sgd", {"momentum": 0.9}) if name == "momentum" else (name, {})
    way = keras.optimizers.get({"class_name": name, "config": given})
    return _path(way, start, [(x, y)] * steps, rate)


def _path(optimizer, start, batches, rates):
    """The path by an optimizer's own formulas, in float64, with the rates that are given here."""
    w = tf.Variable(start)
    optimizer.build([w])
    path = [start]
    for batch, rate in zip(batches, np.broadcast_to(np.float64(rates), len(batches))):
        optimizer.update_step(gradient(w, *batch), w, rate)
        optimizer.iterations.assign_add(1)
        path.append(w.numpy())
    return np.array(path)
