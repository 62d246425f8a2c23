"""Lab 14: ways down. Six optimizers by hand, step by step as Keras makes them.

Run it with `make lab14` or `labkit run lab14`. You write nine small functions with NumPy, and at the
end the same descent in Keras. README.md in this folder has the idea and the mathematics.

The valley is always that of a linear neuron without a bias: rows `x`, (m, n), their answers `y`, (m,),
weights `w`, (n,), and the mean squared error as cost. A path is an array (steps + 1, n): the weights
before the first step, and after each. Nothing that a function is given may be changed by it.
"""

import keras
import numpy as np
from keras import layers, optimizers

EPSILON = 1e-7
"""Keeps a division by 0 away. Keras takes the same number; where it stands, each docstring says."""


def cost(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """Return the mean squared error (1/m) Σ (x w - y)² over the rows of ``x``, without a half."""
    # TODO: The product x @ w has the answers of all rows. Square the errors, and take their mean.
    raise NotImplementedError("cost")


def gradient(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of cost() for ``w``: an array (n,)."""
    # TODO: The derivative of a square has a 2, and that of a mean over the rows a 1/m. Each row's
    #   error is multiplied by the row; one product with x.T does that for all of them and adds them
    #   up.
    raise NotImplementedError("gradient")


def curvature(x: np.ndarray) -> np.ndarray:
    """Return the second derivatives of cost(), (n, n): how its gradient changes with ``w``.

    They are the same everywhere and do not depend on the answers, so neither is asked for.
    """
    # TODO: The gradient is linear in w. Which matrix is w multiplied by in it?
    raise NotImplementedError("curvature")


def greatest_rate(a: np.ndarray) -> float:
    """Return the greatest rate at which plain descent does not diverge, from any start.

    Args:
        a: The quadratic form of the cost ½ wᵀ a w: symmetric, (n, n), with no eigenvalue below 0 and
            at least one above.
    """
    # TODO: Along an eigenvector a step multiplies the distance by 1 - rate * eigenvalue. Its
    #   absolute value may nowhere be above 1. np.linalg.eigvalsh(a) has the eigenvalues of a
    #   symmetric matrix.
    raise NotImplementedError("greatest_rate")


def descend(start: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, steps: int) -> np.ndarray:
    """Go down the gradient of all rows, always by the same rate, and return the path.

    Args:
        start: The weights before the first step, (n,).
        x: Rows, (m, n).
        y: Their answers, (m,).
        rate: What the gradient is multiplied by.
        steps: How many steps are made; however far they lead, none is left out.
    """
    # TODO: A list that begins with start. Every step appends new weights: w -= ... would change
    #   those that are already in the list. np.array() makes an array of the list.
    raise NotImplementedError("descend")


def mini_batches(
    start: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, size: int, orders: np.ndarray
) -> np.ndarray:
    """Make a step for every few rows, each down the gradient of those rows alone; return the path.

    Args:
        start: The weights before the first step, (n,).
        x: Rows, (m, n).
        y: Their answers, (m,).
        rate: What the gradient is multiplied by.
        size: How many rows a step sees. In each epoch the last step sees those that are left over, if
            there are any, and its gradient is the mean over so many. With 1 this is stochastic descent.
        orders: Numbers of rows, (epochs, m), from 0: each epoch visits the rows in an order of its own.
    """
    # TODO: For each order: for first in range(0, m, size) a batch is order[first : first + size],
    #   which ends by itself where the order does. x[batch] and y[batch] are its rows and their
    #   answers.
    raise NotImplementedError("mini_batches")


def momentum(
    start: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, beta: float, steps: int
) -> np.ndarray:
    """Descend with momentum, which Keras calls SGD(rate, momentum=beta), and return the path.

    A velocity v, (n,), begins at 0. A step sets v to beta v - rate g, where g is the gradient of all
    rows at the weights w, and w to w + v.
    """
    # TODO: The minus stands before the rate; the velocity points downhill and is added. It is kept
    #   from step to step, so it begins before the loop.
    raise NotImplementedError("momentum")


def rmsprop(
    start: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, rho: float, steps: int
) -> np.ndarray:
    """Descend as Keras' RMSprop(rate, rho) does, and return the path.

    A running mean s of squared gradients, (n,), begins at 0. A step sets s to rho s + (1 - rho) g²,
    where g is the gradient of all rows, and w to w - rate g / √(s + EPSILON). All of that goes number
    by number, and EPSILON stands under the root.
    """
    # TODO: First the running mean, then the step, which already uses the new one.
    raise NotImplementedError("rmsprop")


def adam(
    start: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    rate: float,
    betas: list[float],
    corrected: bool,
    steps: int,
) -> np.ndarray:
    """Descend as Adam does, with the correction of its bias or without, and return the path.

    With `betas` b and c: a running mean m of gradients and a running mean v of squared gradients, (n,),
    begin at 0. Step t, counted from 1, sets m to b m + (1 - b) g and v to c v + (1 - c) g², where g is
    the gradient of all rows, and w to w - rate_t m / (√v + EPSILON), EPSILON beside the root. Without
    the correction rate_t is the rate. With it, as in Keras' Adam(rate, b, c), it is
    rate √(1 - c^t) / (1 - b^t).
    """
    # TODO: The two running means, then the rate of this step, then the step. range(1, steps + 1)
    #   counts the steps from 1; from 0 on, the correction would divide by 0.
    raise NotImplementedError("adam")


def with_keras(
    name: str, start: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, steps: int
) -> np.ndarray:
    """Descend in Keras, every step seeing all rows, and return the path.

    Args:
        name: "sgd"; "momentum", which is SGD with a momentum of 0.9; "rmsprop" or "adam", which are
            left as Keras has them but for the rate.
        start: The weights before the first step, (n,).
        x: Rows, (m, n).
        y: Their answers, (m,).
        rate: The learning rate.
        steps: How many steps are made.
    """
    # TODO: The neuron is a Sequential of an Input and a layers.Dense of one unit without a bias,
    #   whose set_weights() takes a list of one kernel, (n, 1). Compile it with the optimizer and
    #   "mse". Each step is one model.train_on_batch(); dense.get_weights() tells where it led.
    raise NotImplementedError("with_keras")


if __name__ == "__main__":
    x = np.array([[1.0, 0.2], [1.2, -0.3], [-0.9, 0.3], [-1.1, -0.2]])
    y = x @ [1.0, -2.0]
    start = np.zeros(2)
    limit = greatest_rate(curvature(x))
    print("the greatest rate is", round(limit, 3))
    paths = {
        f"descent at {share} of it": descend(start, x, y, share * limit, 60) for share in (0.5, 1.01)
    }
    paths["momentum"] = momentum(start, x, y, 0.1 * limit, 0.9, 60)
    paths["RMSprop"] = rmsprop(start, x, y, 0.05, 0.9, 60)
    paths["Adam"] = adam(start, x, y, 0.1, [0.9, 0.999], True, 60)
    for way, path in paths.items():
        print(f"{way}: cost {cost(path[-1], x, y):.6f} after 60 steps")
