"""Lab 11: one neuron as a probability, trained by gradient descent.

Run it with `make lab11` or `labkit run lab11`. You write nine small functions with NumPy, and
nothing of SciPy, scikit-learn, TensorFlow, Keras, PyTorch or JAX. README.md in this folder has the idea
and the mathematics.
"""

import numpy as np


@np.errstate(over="raise")  # a number too large for floats is an error here, not a warning
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), an array of the shape of ``z``.

    It is right for any z, -1000 and 1000 among them: near 0 there, and near 1.
    """
    # TODO: exp() of a positive number may be too large for a float; of a negative one never. There
    #   are two ways to write the sigmoid, one with exp(-z) and one with exp(z): use each where it
    #   is safe.
    raise NotImplementedError("sigmoid")


def sigmoid_slope(z: np.ndarray) -> np.ndarray:
    """Return the derivative of the sigmoid at ``z``, an array of its shape."""
    # TODO: The derivative can be written with sigmoid() alone: which product is it?
    raise NotImplementedError("sigmoid_slope")


def standardize(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``x``, (m, n), with each column's mean subtracted and divided by its standard deviation.

    The deviation is the square root of the mean square, divided by m and not by m - 1. A column that
    never varies is divided by 1.

    Returns:
        The scaled rows, (m, n); what was subtracted, (n,); what was divided by, (n,).
    """
    # TODO: mean() and std() go down the columns with axis=0. Where a deviation is 0, take 1.
    raise NotImplementedError("standardize")


def likelihood(p: np.ndarray, y: np.ndarray) -> float:
    """Return how likely the answers ``y``, (m,), are if each is 1 with a probability in ``p``, (m,).

    Answers are zeros and ones, and do not depend on each other.
    """
    # TODO: A row adds the factor p where its answer is 1, and 1 - p where it is 0.
    raise NotImplementedError("likelihood")


def cross_entropy(z: np.ndarray, y: np.ndarray) -> float:
    """Return the mean over the rows of -(y ln p + (1 - y) ln(1 - p)), with p = sigmoid(z).

    ``z``, (m,), are net inputs, of any size: for z = 1000 and y = 0 the cost is 1000, not infinity.
    """
    # TODO: Since 1 - sigmoid(z) = sigmoid(-z), both logarithms are -ln(1 + exp(...)). What stands
    #   in the exponent when y is 1, and when y is 0? np.logaddexp(0, a) is ln(1 + exp(a)) for any
    #   a.
    raise NotImplementedError("cross_entropy")


def gradient(w: np.ndarray, b: float, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the gradient of the cross-entropy of sigmoid(x w + b): for ``w``, (n,), and for ``b``.

    Samples are the rows of ``x``, (m, n), their answers ``y``, (m,).
    """
    # TODO: The probabilities of all rows, minus their answers. The mean of that belongs to the
    #   bias; for the weights each row's difference is first multiplied by the row.
    raise NotImplementedError("gradient")


def descend(
    x: np.ndarray, y: np.ndarray, rate: float, steps: int
) -> tuple[np.ndarray, float, np.ndarray]:
    """Go down the gradient from zero weights; every step sees all rows of ``x``, (m, n).

    Returns:
        The weights, (n,), the bias, and the costs, (steps + 1,): before the first step and after each.
    """
    # TODO: Begin at zero. In each step subtract rate times the gradient, and append the
    #   cross_entropy() of the net inputs to a list that already holds the one of the beginning.
    raise NotImplementedError("descend")


def confusion(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return the confusion matrix, (2, 2), of answers ``y``, (m,), and probabilities ``p``, (m,).

    Row 0 counts the samples whose answer is 0, row 1 those whose answer is 1; column 1 those that the
    neuron says 1 to, and column 0 the others. It says 1 where p is above one half.
    """
    # TODO: Four counts: [[0 and said 0, 0 but said 1], [1 but said 0, 1 and said 1]].
    raise NotImplementedError("confusion")


def scores(matrix: np.ndarray) -> tuple[float, float, float, float]:
    """Return accuracy, precision, recall and F of a confusion matrix as confusion() makes it.

    Precision, recall and F are 0 where they would be 0 / 0.
    """
    # TODO: Accuracy: the share that is right. Precision: of those it said 1 to, the share that are
    #   1. Recall: of those that are 1, the share it said 1 to. F = 2 P R / (P + R).
    raise NotImplementedError("scores")


if __name__ == "__main__":
    exams = np.array([[45.0, 85], [34, 44], [61, 96], [75, 47], [76, 87], [61, 39], [52, 60], [82, 41]])
    admitted = np.array([1.0, 0, 1, 0, 1, 0, 1, 1])
    rows, mean, deviation = standardize(exams)
    w, b, costs = descend(rows, admitted, rate=1.0, steps=200)
    chances = sigmoid(rows @ w + b)
    print("cost at the beginning", costs[0].round(3), "and at the end", costs[-1].round(3))
    print("chances of the eight:", chances.round(2))
    print("accuracy, precision, recall, F:", np.round(scores(confusion(admitted, chances)), 2))
