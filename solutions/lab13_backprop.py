"""Lab 13: a network of several layers, and how mistakes travel back through it.

Run it with `make lab13` or `labkit run lab13`. You write ten small functions with NumPy, and at the end
the same network in Keras. README.md in this folder has the idea and the mathematics.

A network is two lists with an array for each layer: `weights`, each (neurons, inputs), and `biases`,
each (neurons,). There may be any number of layers. Every neuron answers with the sigmoid of its net
input. Many samples are the rows of one array.
"""

import keras
import numpy as np
from keras import layers, ops


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return the sigmoid of net inputs, safe for any of them. This is given; you wrote it in lab 11."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


def slope(z: np.ndarray) -> np.ndarray:
    """Return the derivative of the sigmoid at net inputs ``z``. This is given, too."""
    return sigmoid(z) * sigmoid(-z)


def hadamard(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the product ⊙ of two arrays of one shape, number by number: an array of that shape."""
    # cut: Neither the scalar product nor the product of two matrices: NumPy has an operator for it.
    return a * b
    # end cut


def step(w: np.ndarray, gradient: np.ndarray, rate: float) -> np.ndarray:
    """Return what one step of descent by ``rate`` makes of ``w``, whose gradient has the same shape.

    `w` itself stays as it is.
    """
    # cut: Downhill is against the gradient. Return a new array: w -= ... would change the caller's.
    return w - rate * gradient
    # end cut


def forward_one(weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Return what the last layer answers to one sample ``x``, (inputs,): an array (outputs,)."""
    # cut: What a layer answers is the input of the next. A layer takes W @ a + b, then sigmoid().
    a = x
    for w, b in zip(weights, biases):
        a = sigmoid(w @ a + b)
    return a
    # end cut


def forward(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Ask the network about all rows of ``x``, (m, inputs), at once, and keep what happens inside.

    Returns:
        The net inputs of each layer, each (m, neurons), one for each layer; and the activations,
        likewise, with `x` before them: one array more.
    """
    # cut: Samples are rows now, so a layer's matrix stands on the right of them. Which of the two has
    # to be transposed? Begin with the lists [] and [x]; each layer appends to both.
    nets, activations = [], [x]
    for w, b in zip(weights, biases):
        nets.append(activations[-1] @ w.T + b)
        activations.append(sigmoid(nets[-1]))
    return nets, activations
    # end cut


def cost(outputs: np.ndarray, y: np.ndarray) -> float:
    """Return half the sum of squared errors over the outputs, averaged over the samples.

    Args:
        outputs: What the network answers, (m, outputs).
        y: What it should answer, (m, outputs).
    """
    # cut: The sum of all squares, half of it, divided by the number m of samples.
    return float(np.sum((outputs - y) ** 2) / 2 / len(y))
    # end cut


def deltas(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> list[np.ndarray]:
    """Return the errors δ of all layers, first layer first, each (m, neurons).

    δ is the derivative of one sample's cost, ½ Σ (a − y)², by a net input; there is no 1/m in it.
    """
    # cut: The last layer: (a − y) ⊙ f'(z). Then from the last but one down to the first: the δ behind
    # it, through the weights that lie between, ⊙ f'(z). For samples as rows, is W to be transposed?
    nets, activations = forward(weights, biases, x)
    errors = [hadamard(activations[-1] - y, slope(nets[-1]))]
    for layer in range(len(weights) - 2, -1, -1):
        errors.insert(0, hadamard(errors[0] @ weights[layer + 1], slope(nets[layer])))
    return errors
    # end cut


def gradients(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the gradient of cost() for all weights and for all biases: two lists.

    Their arrays have the shapes of those in `weights` and in `biases`.
    """
    # cut: A weight's share: the δ of the neuron it leads to times the activation it comes from, as
    # a mean over the samples. One product of two matrices has that for a whole layer. The input of a
    # bias is 1.
    _nets, activations = forward(weights, biases, x)
    errors = deltas(weights, biases, x, y)
    for_weights = [d.T @ a / len(x) for d, a in zip(errors, activations)]
    return for_weights, [d.mean(axis=0) for d in errors]
    # end cut


def numerical_gradient(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, h: float
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return as gradients() does, by central differences: (C(w + h) - C(w - h)) / 2h for each number.

    When it returns, `weights` and `biases` are as they were.
    """

    # cut: Of each array make one of zeros. For each place of the array (np.ndindex(array.shape) lists
    # them) set that one number to + h and to - h of what it was, compute both costs, and put it back.
    def differences(array):
        found = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            kept, ends = array[place], []
            for moved in (kept + h, kept - h):
                array[place] = moved
                ends.append(cost(forward(weights, biases, x)[1][-1], y))
            array[place] = kept
            found[place] = (ends[0] - ends[1]) / (2 * h)
        return found

    return [differences(w) for w in weights], [differences(b) for b in biases]
    # end cut


def disagreement(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, h: float
) -> float:
    """Return how far gradients() and numerical_gradient() are apart: |g - n| / (|g| + |n|).

    Both are unrolled, weights and biases, into one long vector; | | is its length, the root of the sum
    of its squares.
    """
    # cut: np.concatenate puts unrolled arrays in a row; array.ravel() unrolls one.
    both = gradients(weights, biases, x, y), numerical_gradient(weights, biases, x, y, h)
    g, n = (np.concatenate([part.ravel() for part in ws + bs]) for ws, bs in both)
    return float(np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n)))
    # end cut


def train(
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    rate: float,
    epochs: int,
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Descend from the given weights and biases; every epoch is one step() on all rows of ``x``.

    Returns:
        The weights and the biases at the end, two lists; and the costs, (epochs + 1,): before the first
        epoch and after each.
    """
    # cut: In each epoch compute the gradients of everything first; then make a step() with each array.
    costs = [cost(forward(weights, biases, x)[1][-1], y)]
    for _epoch in range(epochs):
        for_weights, for_biases = gradients(weights, biases, x, y)
        weights = [step(w, g, rate) for w, g in zip(weights, for_weights)]
        biases = [step(b, g, rate) for b, g in zip(biases, for_biases)]
        costs.append(cost(forward(weights, biases, x)[1][-1], y))
    return weights, biases, np.array(costs)
    # end cut


def half_squared_error(y, outputs):
    """Return each row's half sum of squared errors: the cost, in Keras' words. This is given."""
    return ops.sum(ops.square(outputs - y), axis=-1) / 2


def with_keras(
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    rate: float,
    epochs: int,
) -> np.ndarray:
    """Do in Keras what train() does, and return what the network then answers to ``x``: (m, outputs).

    Keras keeps the weights of a Dense layer the other way round: (inputs, neurons).
    """
    # cut: A Sequential of an Input and a layers.Dense for each array of weights. Give each layer its
    # weights with layer.set_weights([kernel, bias]). Compile with keras.optimizers.SGD and
    # half_squared_error; in fit() let one batch hold all rows. verbose=0 keeps it quiet.
    dense = [layers.Dense(len(b), activation="sigmoid") for b in biases]
    model = keras.Sequential([keras.Input(x.shape[1:]), *dense])
    for layer, w, b in zip(dense, weights, biases):
        layer.set_weights([w.T, b])
    model.compile(keras.optimizers.SGD(rate), half_squared_error)
    model.fit(x, y, batch_size=len(x), epochs=epochs, verbose=0)
    return ops.convert_to_numpy(model(x))
    # end cut


if __name__ == "__main__":
    x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0.0], [1], [1], [0]])
    weights = [np.array([[0.0, 2.8], [2.9, 0.0]]), np.array([[-0.7, -0.3]])]
    biases = [np.array([0.1, -0.9]), np.array([0.1])]
    print("gradients and differences disagree by", disagreement(weights, biases, x, y, h=1e-5))
    weights, biases, costs = train(weights, biases, x, y, rate=8.0, epochs=500)
    print("cost at the beginning", costs[0].round(4), "and at the end", costs[-1].round(4))
    for row in x:
        print(row, "->", forward_one(weights, biases, row).round(2))
