"""Lab 12: activations and costs, each with its slope.

Run it with `make lab12` or `labkit run lab12`. You write ten small functions with NumPy, and at the end
the heads for four kinds of problem in Keras. README.md in this folder has the idea and the mathematics.
"""

import numpy as np
from keras import layers, losses, ops

LEAK = 0.2  # slope of the leaky ReLU below 0, as keras.activations has it
TINY = 1e-7  # probabilities keep so far from 0 and 1 before a logarithm is taken, as in Keras


def activate(name: str, z: np.ndarray) -> np.ndarray:
    """Return an activation of net inputs ``z``, of any shape and size: an array of that shape.

    Args:
        name: "linear": z. "step": 1 above 0, and 0 elsewhere, at 0 too. "sigmoid": 1 / (1 + exp(-z)).
            "tanh". "relu": z above 0, else 0. "leaky_relu": z above 0, else LEAK z. "elu": z above 0,
            else exp(z) - 1.
        z: Net inputs, -1000 and 1000 among them; no number that comes out is nan.
    """
    # TODO: An `if` and a `return` for each name. Take exp() of numbers that are not above 0 only,
    #   as in lab 11. The hyperbolic tangent is a stretched sigmoid: tanh(z) = 2 sigmoid(2 z) - 1.
    raise NotImplementedError("activate")


def slope(name: str, z: np.ndarray) -> np.ndarray:
    """Return the derivative of an activation at net inputs ``z``: an array of their shape.

    At 0 some activations have no derivative, and the lab does as Keras does: the slope of the ReLU at 0
    is 0, that of the leaky ReLU is LEAK, and that of the step is 0, as it is everywhere. (The ELU has
    no such kink: its slope at 0 is 1 from both sides.)
    """
    # TODO: The slopes of "sigmoid", "tanh" and "elu" follow from their values; that of "relu" is an
    #   activation itself.
    raise NotImplementedError("slope")


def maxout(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest of the k net inputs in each row of ``z``, (m, k), and its derivative.

    Returns:
        The largest, (m,); the derivative with respect to each net input, (m, k): 1 for the largest and
        0 for the others. Where several are the largest they share the 1 equally.
    """
    # TODO: Compare each row with its largest number: the truth values, divided by how many are
    #   true.
    raise NotImplementedError("maxout")


def softmax(z: np.ndarray) -> np.ndarray:
    """Return exp(z_i) / Σ_j exp(z_j) for each row of ``z``, (m, n): rows of n positive numbers, sum 1.

    It is right for net inputs of any size, for rows like 1000, 1001, 1002 as well.
    """
    # TODO: Whatever you subtract from all net inputs of a row, its softmax stays the same. Which
    #   number makes sure that exp() is never asked for anything above exp(0)?
    raise NotImplementedError("softmax")


def softmax_jacobian(z: np.ndarray) -> np.ndarray:
    """Return the derivatives of the softmax of each row of ``z``, (m, n): an array (m, n, n).

    Entry [k, i, j] is the derivative of probability i with respect to net input j, in row k: it is
    p_i (1 - p_i) where i = j, and -p_i p_j elsewhere.
    """
    # TODO: Both cases are one formula: p_i δ_ij - p_i p_j. np.eye(n) is δ; p[:, :, None] has the
    #   probabilities along i, and p[:, None, :] along j.
    raise NotImplementedError("softmax_jacobian")


def regression_cost(name: str, y: np.ndarray, p: np.ndarray, delta: float = 1.0) -> float:
    """Return the mean cost of predictions ``p``, where ``y`` would be right; both have the same shape.

    Args:
        name: What an error e = p - y costs. "mse": e². "mae": |e|. "huber": e² / 2 up to |e| = delta,
            and delta (|e| - delta / 2) beyond.
        y: What is true.
        p: What was predicted. The mean is over all numbers in it.
        delta: The size of error from which on Huber's cost is a straight line.
    """
    # TODO: np.where() chooses between the two parts of Huber's cost.
    raise NotImplementedError("regression_cost")


def regression_slope(name: str, y: np.ndarray, p: np.ndarray, delta: float = 1.0) -> np.ndarray:
    """Return the derivative of regression_cost() with respect to each prediction: an array like ``p``.

    The slope of |e| at e = 0 is taken to be 0.
    """
    # TODO: The cost is a mean, so its derivative carries 1 / n, where n counts all numbers in p.
    #   What is np.sign(0)? And how steep is Huber's cost at an error of delta, and beyond?
    raise NotImplementedError("regression_slope")


def cross_entropy(kind: str, y: np.ndarray, p: np.ndarray) -> float:
    """Return the cross-entropy of probabilities ``p``, (m, n), where ``y``, (m, n), is true.

    Probabilities below TINY count as TINY, and those above 1 - TINY as 1 - TINY.

    Args:
        kind: "binary": each number in y is 0 or 1, for itself; the mean over all m n of them of
            -(y ln p + (1 - y) ln(1 - p)). "categorical": each row of y is 1 once and 0 elsewhere; the
            mean over the m rows of -Σ_i y_i ln p_i.
        y: Zeros and ones.
        p: What the sigmoid (binary) or the softmax (categorical) made of net inputs.
    """
    # TODO: np.clip() first. Where do you sum, where do you take the mean, and where is the minus?
    raise NotImplementedError("cross_entropy")


def cross_entropy_of_net(kind: str, y: np.ndarray, z: np.ndarray) -> float:
    """Return the cross-entropy of net inputs ``z``, (m, n), before the sigmoid or the softmax.

    It is exact for net inputs of any size: for z = 1000 and y = 0 a binary cost is 1000. ``kind`` and
    ``y`` are as in cross_entropy(); nothing is clipped.
    """
    # TODO: Binary: -ln sigmoid(z) = ln(1 + exp(-z)), and np.logaddexp(0, a) is ln(1 + exp(a)) for
    #   any a. Categorical: -ln p_i = ln Σ_j exp(z_j) - z_i. What you subtract from all z_j comes
    #   out of the logarithm again unchanged.
    raise NotImplementedError("cross_entropy_of_net")


def cross_entropy_slope(kind: str, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the derivative of cross_entropy_of_net() with respect to each net input: (m, n)."""
    # TODO: The slopes of logarithm and activation cancel: what remains is probability minus truth.
    #   What is it divided by? A binary cost is a mean over all numbers, a categorical one over the
    #   rows.
    raise NotImplementedError("cross_entropy_slope")


def head(problem: str, outputs: int) -> tuple[layers.Layer, losses.Loss | str]:
    """Return the last layer of a network, and the loss that fits it.

    Args:
        problem: "regression": any numbers, judged by their squared errors. "binary": yes or no; y is 1
            or 0. "multiclass": one of several classes; y is a row with a 1 for the class and zeros for
            the others. "multilabel": any of several labels, or none; y is a row of zeros and ones.
        outputs: Numbers, classes or labels; 1 for a binary problem.

    Returns:
        A new Dense layer with so many units, which gives predictions or probabilities; a loss as
        model.compile takes it, an object or a name.
    """
    # TODO: layers.Dense(outputs, activation=...) and the name of a loss. Which activation leaves
    #   any number as it is? Which gives probabilities that sum to 1, and which gives each for
    #   itself?
    raise NotImplementedError("head")


def with_keras(
    problem: str, x: np.ndarray, y: np.ndarray, kernel: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give your head these weights and ask it about ``x``, (m, inputs). This is given.

    Returns:
        What the layer gives, (m, outputs), and what your loss says of it where ``y`` is true.
    """
    layer, loss = head(problem, y.shape[1])
    layer.build(x.shape)
    layer.set_weights([kernel, bias])
    p = layer(x)
    return ops.convert_to_numpy(p), ops.convert_to_numpy(ops.mean(losses.get(loss)(y, p)))


if __name__ == "__main__":
    z = np.array([-2.0, 0.0, 2.0])
    for name in ("linear", "step", "sigmoid", "tanh", "relu", "leaky_relu", "elu"):
        print(f"{name:11} {activate(name, z).round(3)}  its slope {slope(name, z).round(3)}")
    nets, truth = np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 0.0, 1.0]])
    print("softmax    ", softmax(nets).round(3))
    print("its cost   ", round(cross_entropy("categorical", truth, softmax(nets)), 3))
    print("the slope  ", cross_entropy_slope("categorical", truth, nets).round(3))
