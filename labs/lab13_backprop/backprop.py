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
    # TODO: Neither the scalar product nor the product of two matrices: NumPy has an operator for
    #   it.
    raise NotImplementedError("hadamard")


def step(w: np.ndarray, gradient: np.ndarray, rate: float) -> np.ndarray:
    """Return what one step of descent by ``rate`` makes of ``w``, whose gradient has the same shape.

    `w` itself stays as it is.
    """
    # TODO: Downhill is against the gradient. Return a new array: w -= ... would change the
    #   caller's.
    raise NotImplementedError("step")


def forward_one(weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Return what the last layer answers to one sample ``x``, (inputs,): an array (outputs,)."""
    # TODO: What a layer answers is the input of the next. A layer takes W @ a + b, then sigmoid().
    raise NotImplementedError("forward_one")


def forward(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Ask the network about all rows of ``x``, (m, inputs), at once, and keep what happens inside.

    Returns:
        The net inputs of each layer, each (m, neurons), one for each layer; and the activations,
        likewise, with `x` before them: one array more.
    """
    # TODO: Samples are rows now, so a layer's matrix stands on the right of them. Which of the two
    #   has to be transposed? Begin with the lists [] and [x]; each layer appends to both.
    raise NotImplementedError("forward")


def cost(outputs: np.ndarray, y: np.ndarray) -> float:
    """Return half the sum of squared errors over the outputs, averaged over the samples.

    Args:
        outputs: What the network answers, (m, outputs).
        y: What it should answer, (m, outputs).
    """
    # TODO: The sum of all squares, half of it, divided by the number m of samples.
    raise NotImplementedError("cost")


def deltas(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> list[np.ndarray]:
    """Return the errors δ of all layers, first layer first, each (m, neurons).

    δ is the derivative of one sample's cost, ½ Σ (a − y)², by a net input; there is no 1/m in it.
    """
    # TODO: The last layer: (a − y) ⊙ f'(z). Then from the last but one down to the first: the δ
    #   behind it, through the weights that lie between, ⊙ f'(z). For samples as rows, is W to be
    #   transposed?
    raise NotImplementedError("deltas")


def gradients(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the gradient of cost() for all weights and for all biases: two lists.

    Their arrays have the shapes of those in `weights` and in `biases`.
    """
    # TODO: A weight's share: the δ of the neuron it leads to times the activation it comes from, as
    #   a mean over the samples. One product of two matrices has that for a whole layer. The input
    #   of a bias is 1.
    raise NotImplementedError("gradients")


def numerical_gradient(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, h: float
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return as gradients() does, by central differences: (C(w + h) - C(w - h)) / 2h for each number.

    When it returns, `weights` and `biases` are as they were.
    """

    # TODO: Of each array make one of zeros. For each place of the array (np.ndindex(array.shape)
    #   lists them) set that one number to + h and to - h of what it was, compute both costs, and
    #   put it back.
    raise NotImplementedError("numerical_gradient")


def disagreement(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, h: float
) -> float:
    """Return how far gradients() and numerical_gradient() are apart: |g - n| / (|g| + |n|).

    Both are unrolled, weights and biases, into one long vector; | | is its length, the root of the sum
    of its squares.
    """
    # TODO: np.concatenate puts unrolled arrays in a row; array.ravel() unrolls one.
    raise NotImplementedError("disagreement")


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
    # TODO: In each epoch compute the gradients of everything first; then make a step() with each
    #   array.
    raise NotImplementedError("train")


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
    # TODO: A Sequential of an Input and a layers.Dense for each array of weights. Give each layer
    #   its weights with layer.set_weights([kernel, bias]). Compile with keras.optimizers.SGD and
    #   half_squared_error; in fit() let one batch hold all rows. verbose=0 keeps it quiet.
    raise NotImplementedError("with_keras")


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
