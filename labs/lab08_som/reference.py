"""What the functions of lab 8 should return: the kit's own layer; SciPy where it has no such part."""

import numpy as np
from scipy.signal import windows
from scipy.spatial.distance import cdist

from labkit.layers import SelfOrganizingMap
from labkit.layers.som import Decay


def distances(weights, x):
    return cdist(x, _units(weights)).reshape(-1, *weights.shape[:2])


def best_matching_unit(weights, x):
    return np.transpose(np.divmod(cdist(x, _units(weights)).argmin(1), weights.shape[1]))


def decay(first, last, steps):
    return Decay(first, last).at(np.linspace(0, 1, steps, endpoint=False))


def neighbourhood(rows, columns, best, radius):
    """A bell over the plane is a bell down times a bell across."""
    down, across = (
        windows.gaussian(2 * size - 1, radius)[size - 1 - place :][:size]
        for size, place in zip((rows, columns), best)
    )
    return np.outer(down, across)


def online_step(weights, sample, rate, radius):
    return train_online(weights, sample[None], [0], (rate, rate), (radius, radius))


def train_online(weights, x, order, rate, radius):
    layer = _layer(weights, learning_rate=Decay(*rate), radius=Decay(*radius))
    layer.adapt(x[order], epochs=1, rule="online", shuffle=False, resume=True)
    return layer.codebook.numpy()


def train_batch(weights, x, radius, epochs):
    return _trained(weights, x, radius, epochs).codebook.numpy()


def quantization_error(weights, x):
    return _layer(weights).quantization_error(x)


def topographic_error(weights, x):
    return _layer(weights).topographic_error(x)


def u_matrix(weights):
    return _layer(weights).u_matrix()


def hits(weights, x, labels):
    return _hits(_layer(weights), x, labels)


def digit_map(weights, x, labels, radius, epochs):
    layers = _layer(weights), _trained(weights, x, radius, epochs)
    errors = [[layer.quantization_error(x), layer.topographic_error(x)] for layer in layers]
    learnt = layers[1]
    return learnt.codebook.numpy(), learnt.u_matrix(), _hits(learnt, x, labels), np.array(errors)


def locate(weights, x):
    return _layer(weights)(x).numpy()


def _layer(weights, **options):
    """The kit's map, with these weights."""
    layer = SelfOrganizingMap(*weights.shape[:2], seed=0, dtype="float64", **options)
    layer.build((None, weights.shape[2]))
    layer.codebook.assign(weights)
    return layer


def _trained(weights, x, radius, epochs):
    layer = _layer(weights, radius=Decay(*radius))
    layer.adapt(x, epochs=epochs, rule="batch", resume=True)
    return layer


def _hits(layer, x, labels):
    nothing = np.zeros((layer.grid.rows, layer.grid.columns))
    groups = (x[labels == label] for label in range(10))
    return np.stack([layer.hit_map(group) if len(group) else nothing for group in groups])


def _units(weights):
    return weights.reshape(-1, weights.shape[2])
