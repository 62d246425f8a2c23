"""Lab 10: one neuron that learns, by Hebb's rule and by the perceptron's.

Run it with `make lab10` or `labkit run lab10`. You write six small functions with NumPy, and
nothing of SciPy, scikit-learn, TensorFlow, Keras, PyTorch or JAX. README.md in this folder has the idea
and the mathematics.
"""

import numpy as np


def step(net: np.ndarray) -> np.ndarray:
    """Return 1 where the net input is above 0, and 0 elsewhere: an array of the shape of ``net``.

    At exactly 0 the neuron is silent; that is a convention, and this lab's.
    """
    # TODO: Compare net with 0, and turn the truth values into numbers.
    raise NotImplementedError("step")


def neuron(w: np.ndarray, b: float, x: np.ndarray) -> np.ndarray:
    """Return what a neuron with weights ``w``, (n,), and bias ``b`` answers to rows ``x``, (m, n).

    The answers are zeros and ones, (m,).
    """
    # TODO: The net input of a row is the sum of weight times input, plus the bias. Which product of
    #   NumPy does that for all rows at once? Then step().
    raise NotImplementedError("neuron")


def hebb(w: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float) -> np.ndarray:
    """Return the weights after Hebb's rule saw each row of ``x``, (m, n), with its answer, ``y``, (m,).

    The rows come one after the other; each moves the weights by rate · y · x. ``w`` itself must stay
    as it is.
    """
    # TODO: Begin with a copy of w. For each row add rate times its answer times the row.
    raise NotImplementedError("hebb")


def perceptron_step(
    w: np.ndarray, b: float, x: np.ndarray, y: float, rate: float
) -> tuple[np.ndarray, float]:
    """Return weights and bias after one sample: a row ``x``, (n,), that should give ``y``, 0 or 1.

    Only a mistake moves them: by rate · error · x, and the bias by rate · error, where the error is the
    answer that should be minus the answer that is.
    """
    # TODO: Ask the neuron for its answer to x. The error is -1, 0 or 1. Move the weights and the
    #   bias.
    raise NotImplementedError("perceptron_step")


def perceptron(x: np.ndarray, y: np.ndarray, rate: float, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    """Train a perceptron from zero; return every state of its weights, and its mistakes by epoch.

    An epoch shows all rows of ``x``, (m, n), in order. Training ends after ``epochs``, or
    behind the first epoch without a mistake.

    Returns:
        The states, (epochs run + 1, n + 1): weights and, last, the bias, before training and after each
        epoch. The mistakes, (epochs run,): how many rows of the epoch moved the weights.
    """
    # TODO: Keep a list of states and one of mistakes. In each epoch go through the rows with
    #   perceptron_step(), and count those after which the weights or the bias are not what they
    #   were.
    raise NotImplementedError("perceptron")


def gates() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return weights and bias, (w1, w2, b), of neurons that compute AND, OR, NAND and NOT x1.

    You find them with pencil and paper: which line parts the ones from the zeros?
    """
    # TODO: Four arrays of three numbers. Try each with neuron() on the rows (0,0), (0,1), (1,0),
    #   (1,1).
    raise NotImplementedError("gates")


if __name__ == "__main__":
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    states, mistakes = perceptron(corners, np.array([0, 0, 0, 1]), rate=0.5, epochs=20)
    print("AND, by the perceptron rule:", states[-1], "mistakes by epoch:", mistakes)
