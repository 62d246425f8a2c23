"""What the functions of lab 13 should return, as Keras' layers and TensorFlow's tape have it."""

import keras
import numpy as np
import tensorflow as tf

_FINE = {"dtype": "float64"}


def hadamard(a, b):
    return keras.layers.Multiply(**_FINE)([a, b])


def step(w, gradient, rate):
    variable = tf.Variable(w)
    keras.optimizers.SGD(rate).apply([tf.constant(gradient)], [variable])
    return variable


def forward_one(weights, biases, x):
    return _model(weights, biases)(x[None])[0]


def forward(weights, biases, x):
    """Two layers of Keras for each of the network's: one adds up, one bends."""
    model = _model(weights, biases)
    inside = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    seen = [array.numpy() for array in inside(x)]
    return seen[::2], [x, *seen[1::2]]


def cost(outputs, y):
    return outputs.shape[1] / 2 * keras.losses.MeanSquaredError(**_FINE)(y, outputs)


def deltas(weights, biases, x, y):
    """Add a nothing to every net input; the tape knows what each of them would cost."""
    nothing = [tf.Variable(tf.zeros((len(x), len(b)), "float64")) for b in biases]
    with tf.GradientTape() as tape:
        total = len(x) * _cost(weights, biases, x, y, nothing)
    return _arrays(tape.gradient(total, nothing))


def gradients(weights, biases, x, y):
    model = _model(weights, biases)
    with tf.GradientTape() as tape:
        loss = cost(model(x), y)
    found = _arrays(tape.gradient(loss, model.trainable_variables))
    return [kernel.T for kernel in found[::2]], found[1::2]


def numerical_gradient(weights, biases, x, y, h):
    """All numbers of the network in one row; the moved rows are those of a matrix."""
    row, shapes = _row(weights, biases), [array.shape for array in (*weights, *biases)]
    moved = [row + sign * h * np.eye(len(row)) for sign in (1, -1)]
    above, below = (np.array([_cost(*_lists(r, shapes), x, y) for r in rows]) for rows in moved)
    return _lists((above - below) / (2 * h), shapes)


def disagreement(weights, biases, x, y, h):
    g = _row(*gradients(weights, biases, x, y))
    n = _row(*numerical_gradient(weights, biases, x, y, h))
    return np.sqrt((g - n) @ (g - n)) / (np.sqrt(g @ g) + np.sqrt(n @ n))


def train(weights, biases, x, y, rate, epochs):
    weights, biases, costs = _descent(weights, biases, x, y, rate, epochs)
    return _arrays(weights), _arrays(biases), costs.numpy()


def with_keras(weights, biases, x, y, rate, epochs):
    weights, biases, _costs = train(weights, biases, x, y, rate, epochs)
    return forward(weights, biases, x)[1][-1]


def _model(weights, biases):
    model = keras.Sequential([keras.Input((weights[0].shape[1],), **_FINE)])
    for w, b in zip(weights, biases):
        dense = keras.layers.Dense(len(b), **_FINE)
        model.add(dense)
        dense.set_weights([w.T, b])
        model.add(keras.layers.Activation("sigmoid", **_FINE))
    return model


def _cost(weights, biases, x, y, nothing=None):
    a = tf.convert_to_tensor(x)
    for place, (w, b) in enumerate(zip(weights, biases)):
        z = tf.einsum("mi,ni->mn", a, w) + b
        a = tf.sigmoid(z if nothing is None else z + nothing[place])
    return tf.nn.l2_loss(a - y) / x.shape[0]


@tf.function(autograph=False)
def _descent(weights, biases, x, y, rate, epochs):
    """One graph for all epochs."""
    count = len(weights)

    def epoch(number, arrays, costs):
        with tf.GradientTape() as tape:
            tape.watch(arrays)
            loss = _cost(arrays[:count], arrays[count:], x, y)
        slopes = tape.gradient(loss, arrays)
        moved = [array - rate * slope for array, slope in zip(arrays, slopes)]
        return number + 1, moved, costs.write(number, loss)

    costs = tf.TensorArray("float64", epochs + 1)
    start = [tf.convert_to_tensor(array) for array in (*weights, *biases)]
    _number, end, costs = tf.while_loop(lambda n, *_rest: n < epochs, epoch, (0, start, costs))
    costs = costs.write(epochs, _cost(end[:count], end[count:], x, y)).stack()
    return end[:count], end[count:], costs


def _row(weights, biases):
    return np.concatenate([np.ravel(array) for array in (*weights, *biases)])


def _lists(row, shapes):
    """Undo `_row`."""
    cuts = np.cumsum([np.prod(shape) for shape in shapes])[:-1]
    arrays = [part.reshape(shape) for part, shape in zip(np.split(row, cuts), shapes)]
    return arrays[: len(shapes) // 2], arrays[len(shapes) // 2 :]


def _arrays(tensors):
    return [tensor.numpy() for tensor in tensors]
