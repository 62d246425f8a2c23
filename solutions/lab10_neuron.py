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
    # cut: Compare net with 0, and turn the truth values into numbers.
    return (net > 0).astype(float)
    # end cut


def neuron(w: np.ndarray, b: float, x: np.ndarray) -> np.ndarray:
    """Return what a neuron with weights ``w``, (n,), and bias ``b`` answers to rows ``x``, (m, n).

    The answers are zeros and ones, (m,).
    """
    # cut: The net input of a row is the sum of weight times input, plus the bias. Which product of
    # NumPy does that for all rows at once? Then step().
    return step(x @ w + b)
    # end cut


def hebb(w: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float) -> np.ndarray:
    """Return the weights after Hebb's rule saw each row of ``x``, (m, n), with its answer, ``y``, (m,).

    The rows come one after the other; each moves the weights by rate · y · x. ``w`` itself must stay
    as it is.
    """
    # cut: Begin with a copy of w. For each row add rate times its answer times the row.
    w = w.astype(float)
    for row, answer in zip(x, y):
        w = w + rate * answer * row
    return w
    # end cut


def perceptron_step(
    w: np.ndarray, b: float, x: np.ndarray, y: float, rate: float
) -> tuple[np.ndarray, float]:
    """Return weights and bias after one sample: a row ``x``, (n,), that should give ``y``, 0 or 1.

    Only a mistake moves them: by rate · error · x, and the bias by rate · error, where the error is the
    answer that should be minus the answer that is.
    """
    # cut: Ask the neuron for its answer to x. The error is -1, 0 or 1. Move the weights and the bias.
    error = y - step(np.asarray(x @ w + b))
    return w + rate * error * x, float(b + rate * error)
    # end cut


def perceptron(x: np.ndarray, y: np.ndarray, rate: float, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    """Train a perceptron from zero; return every state of its weights, and its mistakes by epoch.

    An epoch shows all rows of ``x``, (m, n), in order. Training ends after ``epochs``, or
    behind the first epoch without a mistake.

    Returns:
        The states, (epochs run + 1, n + 1): weights and, last, the bias, before training and after each
        epoch. The mistakes, (epochs run,): how many rows of the epoch moved the weights.
    """
    # cut: Keep a list of states and one of mistakes. In each epoch go through the rows with
    # perceptron_step(), and count those after which the weights or the bias are not what they were.
    w, b = np.zeros(x.shape[1]), 0.0
    states, mistakes = [np.append(w, b)], []
    for _epoch in range(epochs):
        wrong = 0
        for row, answer in zip(x, y):
            new_w, new_b = perceptron_step(w, b, row, answer, rate)
            wrong += not (np.array_equal(new_w, w) and new_b == b)
            w, b = new_w, new_b
        states.append(np.append(w, b))
        mistakes.append(wrong)
        if wrong == 0:
            break
    return np.array(states), np.array(mistakes)
    # end cut


def gates() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return weights and bias, (w1, w2, b), of neurons that compute AND, OR, NAND and NOT x1.

    You find them with pencil and paper: which line parts the ones from the zeros?
    """
    # cut: Four arrays of three numbers. Try each with neuron() on the rows (0,0), (0,1), (1,0), (1,1).
    both = np.array([1.0, 1.0, -1.5])
    either = np.array([1.0, 1.0, -0.5])
    return both, either, -both, np.array([-1.0, 0.0, 0.5])
    # end cut


if __name__ == "__main__":
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    states, mistakes = perceptron(corners, np.array([0, 0, 0, 1]), rate=0.5, epochs=20)
    print("AND, by the perceptron rule:", states[-1], "mistakes by epoch:", mistakes)
