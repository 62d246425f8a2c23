"""What the functions of lab 10 should return; learning by Hebb is the kit's own layer."""

import numpy as np

from labkit.layers import Hebbian


def step(net):
    return np.heaviside(net, 0.0)


def neuron(w, b, x):
    return np.heaviside(np.tensordot(x, w, 1) + b, 0.0)


def hebb(w, x, y, rate):
    layer = Hebbian(1, learning_rate=rate, kernel_initializer="zeros", dtype="float64")
    layer.adapt(x, y, shuffle=False)
    return w + layer.kernel.numpy()[:, 0]


def perceptron_step(w, b, x, y, rate):
    line = _corrected(np.append(w, b), np.append(x, 1.0), y, rate)
    return line[:-1], line[-1]


def perceptron(x, y, rate, epochs):
    """In the plane of weights and bias together, every row has a 1 behind it."""
    rows = np.hstack([x, np.ones((len(x), 1))])
    lines, mistakes = [np.zeros(rows.shape[1])], []
    while len(mistakes) < epochs and 0 not in mistakes:
        path = [lines[-1]]
        for row, wanted in zip(rows, y):
            path.append(_corrected(path[-1], row, wanted, rate))
        lines.append(path[-1])
        mistakes.append(np.count_nonzero(np.any(np.diff(path, axis=0), axis=1)))
    return np.array(lines), np.array(mistakes)


def gates():
    """One answer of many; the rubric looks at what the gates compute."""
    return tuple(np.array(gate) for gate in ([2.0, 2, -3], [2.0, 2, -1], [-2.0, -2, 3], [-2.0, 0, 1]))


def _corrected(line, row, wanted, rate):
    return line + rate * (wanted - np.heaviside(line @ row, 0.0)) * row
