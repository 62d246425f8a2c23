"""Lab 15: what makes depth train.

Run it with `make lab15` or `labkit run lab15`. You write eleven small functions with NumPy, and at the
end two of Keras' layers with given weights. README.md in this folder has the idea and the mathematics.

A network is a list with an array of weights for each layer, (neurons, inputs); biases are left out, as
they begin at zero anyway. Many samples are the rows of one array.
"""

import numpy as np
from keras import layers

EPSILON = 1e-3
"""What batch normalization adds to a variance, so that it never divides by 0. Keras has the same."""


def activate(activation: str, z: np.ndarray) -> np.ndarray:
    """Return sigmoid, tanh or relu of net inputs, by its name. This is given; it is from lab 12."""
    if activation == "relu":
        return np.maximum(z, 0)
    return np.tanh(z) if activation == "tanh" else (1 + np.tanh(z / 2)) / 2


def slope(activation: str, z: np.ndarray) -> np.ndarray:
    """Return the derivative of activate() at net inputs ``z``. This is given, too."""
    if activation == "relu":
        return (z > 0).astype(float)
    return np.cosh(z) ** -2 if activation == "tanh" else np.cosh(z / 2) ** -2 / 4


def forward(
    weights: list[np.ndarray], x: np.ndarray, activation: str
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the net inputs of all layers, and the activations with ``x`` before them. This is given.

    Every layer has the same activation; you wrote this in lab 13.
    """
    nets, activations = [], [x]
    for w in weights:
        nets.append(activations[-1] @ w.T)
        activations.append(activate(activation, nets[-1]))
    return nets, activations


def spread(weights: list[np.ndarray], x: np.ndarray, activation: str) -> np.ndarray:
    """Return how far from 0 the activations are, layer by layer: an array (layers + 1,).

    Its first number belongs to ``x``, (m, inputs). Each is a root mean square, over all samples and all
    neurons of the layer.
    """
    # cut: Square, mean over everything, root: one number for each array in the second list that
    # forward() returns.
    _nets, activations = forward(weights, x, activation)
    return np.array([np.sqrt(np.mean(a**2)) for a in activations])
    # end cut


def gradient_norms(
    weights: list[np.ndarray], x: np.ndarray, y: np.ndarray, activation: str
) -> np.ndarray:
    """Return the length of each layer's gradient, first layer first: an array (layers,).

    The cost is lab 13's: half the sum of squared errors over the outputs, averaged over the samples. A
    length is the root of the sum of the squares of a layer's whole gradient, which has the shape of its
    weights.

    Args:
        weights: Of each layer, (neurons, inputs).
        x: Samples, (m, inputs).
        y: What the last layer should answer to them, (m, outputs).
        activation: Of all layers: "sigmoid", "tanh" or "relu".
    """
    # cut: As in lab 13. The last δ is (a - y) times slope(activation, z). Go from the last layer to the
    # first: the gradient is δᵀ times the activations in front, divided by m; then take δ a layer back,
    # through the weights and times the slope there. Lengths come last layer first: turn them round.
    nets, activations = forward(weights, x, activation)
    delta = (activations[-1] - y) * slope(activation, nets[-1])
    lengths = []
    for layer in range(len(weights) - 1, -1, -1):
        lengths.append(np.sqrt(np.sum((delta.T @ activations[layer] / len(x)) ** 2)))
        if layer > 0:
            delta = delta @ weights[layer] * slope(activation, nets[layer - 1])
    return np.array(lengths[::-1])
    # end cut


def deviation(rule: str, fan_in: int, fan_out: int) -> float:
    """Return the standard deviation that weights should have at the start.

    Args:
        rule: "glorot" (variance 2 / (fan_in + fan_out)) or "he" (variance 2 / fan_in).
        fan_in: Inputs of a neuron.
        fan_out: Neurons of the layer.
    """
    # cut: The docstring has the variances. A deviation is the root of one.
    return float(np.sqrt(2 / (fan_in + fan_out if rule == "glorot" else fan_in)))
    # end cut


def initial_weights(rule: str, distribution: str, numbers: np.ndarray) -> np.ndarray:
    """Return weights with the deviation() of a rule, made from random numbers of their shape.

    Args:
        rule: "glorot" or "he".
        distribution: "normal" or "uniform", from -limit to limit.
        numbers: Shape (neurons, inputs). For "normal" they have mean 0 and deviation 1; for "uniform"
            they lie evenly between 0 and 1.
    """
    # cut: Which of the two sides of numbers.shape is fan_in? Numbers that lie evenly from -limit to
    # limit have the deviation limit / √3: so which limit gives the deviation you want? Stretch and
    # shift the numbers from 0..1 to -limit..limit.
    fan_out, fan_in = numbers.shape
    wanted = deviation(rule, fan_in, fan_out)
    if distribution == "normal":
        return wanted * numbers
    return np.sqrt(3) * wanted * (2 * numbers - 1)
    # end cut


def normalize(train: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return ``x``, (m, n), less the mean of each column of ``train``, divided by its deviation.

    `train`, (rows, n), are the rows that the network learns from; `x` may be others. No column of
    `train` is constant.
    """
    # cut: Both numbers come from the training rows, whatever x is. One of each for every column.
    return (x - train.mean(axis=0)) / train.std(axis=0)
    # end cut


def batch_norm_training(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    momentum: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalize a batch by its own mean and variance, and let the running ones follow.

    Args:
        x: A batch of net inputs, (m, n).
        gamma: What each column is multiplied by afterwards, (n,).
        beta: What is then added to it, (n,).
        mean: Running means so far, (n,).
        variance: Running variances so far, (n,).
        momentum: Share of the running numbers that stays, 0 to 1; the rest comes from this batch.

    Returns:
        The outputs, (m, n); the new running means and the new running variances, (n,) each. A variance
        is a mean of squares: divided by m. EPSILON is added under the root, and nowhere else.
    """
    # cut: Mean and variance go down the columns. The outputs use those of the batch alone; the running
    # ones are momentum times what they were, plus (1 - momentum) times those of the batch.
    mu, v = x.mean(axis=0), x.var(axis=0)
    outputs = gamma * (x - mu) / np.sqrt(v + EPSILON) + beta
    new_mean = momentum * mean + (1 - momentum) * mu
    new_variance = momentum * variance + (1 - momentum) * v
    return outputs, new_mean, new_variance
    # end cut


def batch_norm_inference(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, variance: np.ndarray
) -> np.ndarray:
    """Return ``x``, (m, n), normalized by the running means and variances, times gamma, plus beta."""
    # cut: The same formula, but no mean or variance of x is in it: one row alone is enough.
    return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta
    # end cut


def batch_norm_backward(
    x: np.ndarray, gamma: np.ndarray, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of a cost for ``x``, (m, n), for gamma, (n,), and for beta, (n,).

    ``upstream``, (m, n), is the gradient of the cost for the outputs of batch_norm_training(). Mean and
    variance depend on every row of the batch, and so does each output on every input of its column.
    """
    # cut: Compute the normalized batch x̂ again, without gamma and beta. For beta sum the upstream down
    # the columns; for gamma sum upstream times x̂. For x take from the upstream its column's mean, and
    # x̂ times the mean of upstream times x̂; multiply by gamma, divide by the root.
    root = np.sqrt(x.var(axis=0) + EPSILON)
    hat = (x - x.mean(axis=0)) / root
    along = upstream - upstream.mean(axis=0) - hat * (upstream * hat).mean(axis=0)
    return gamma / root * along, (upstream * hat).sum(axis=0), upstream.sum(axis=0)
    # end cut


def penalty(w: np.ndarray, l1: float, l2: float) -> tuple[float, np.ndarray]:
    """Return l1 Σ|w| + l2 Σw², as Keras has it, without ½; and its gradient, of the shape of ``w``.

    At a weight of exactly 0 the slope of |w| is taken to be 0.
    """
    # cut: The slope of |w| is the sign of w, and np.sign(0) is 0. What is the slope of w²?
    cost = l1 * np.sum(np.abs(w)) + l2 * np.sum(w**2)
    return float(cost), l1 * np.sign(w) + 2 * l2 * w
    # end cut


def dropout(a: np.ndarray, u: np.ndarray, rate: float, training: bool) -> np.ndarray:
    """Return the activations ``a`` after (inverted) dropout.

    In training an activation stays where its number in ``u`` is at least ``rate``, divided by 1 - rate;
    elsewhere it becomes 0. In inference nothing happens.

    Args:
        a: Activations, of any shape.
        u: Numbers that lie evenly between 0 and 1, of the same shape.
        rate: Share that is dropped, 0 or more and below 1.
        training: Whether the network is being trained.
    """
    # cut: A comparison gives an array of True and False, which multiply as 1 and 0.
    return a * (u >= rate) / (1 - rate) if training else a
    # end cut


def epoch(
    w: np.ndarray, x: np.ndarray, y: np.ndarray, rate: float, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Train one linear neuron x·w for one epoch, in batches of ``size`` rows, in the order they have.

    After each batch there is an update by the gradient of half the mean squared error of its rows. The
    last batch has fewer rows where `size` does not divide m. 1 is online, m or more is one update.

    Returns:
        The weights, (n,); and half the mean squared error of all rows of ``x``, (m, n), before the
        first update and after each: (updates + 1,).
    """
    # cut: range(0, m, size) has the first row of each batch, and a slice that goes beyond the end is
    # shorter. The gradient is the mean over the batch of error times row; the error is x·w - y. Leave
    # the caller's w as it is.
    costs = [np.mean((x @ w - y) ** 2) / 2]
    for first in range(0, len(x), size):
        rows, wanted = x[first : first + size], y[first : first + size]
        w = w - rate * rows.T @ (rows @ w - wanted) / len(rows)
        costs.append(np.mean((x @ w - y) ** 2) / 2)
    return w, np.array(costs)
    # end cut


def with_keras(
    w: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    momentum: float,
    x: np.ndarray,
    new: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Send a batch ``x`` through Dense and BatchNormalization in training, then ``new`` in inference.

    The dense layer has weights ``w``, (neurons, inputs), no bias and no activation; the others are
    those of batch_norm_training(). Keras keeps a Dense layer's weights as (inputs, neurons).

    Returns:
        What comes out for `x`, (m, neurons), and what then comes out for `new`, (k, neurons).
    """
    # cut: layers.Dense(..., use_bias=False) and layers.BatchNormalization(momentum=...). A layer has
    # weights once it is built: layer.build((None, inputs)). set_weights() of a BatchNormalization takes
    # [gamma, beta, mean, variance]. Call it with training=True, then with training=False.
    dense = layers.Dense(len(w), use_bias=False)
    norm = layers.BatchNormalization(momentum=momentum, epsilon=EPSILON)
    dense.build((None, w.shape[1]))
    norm.build((None, len(w)))
    dense.set_weights([w.T])
    norm.set_weights([gamma, beta, mean, variance])
    trained = norm(dense(x), training=True)
    return trained, norm(dense(new), training=False)
    # end cut


if __name__ == "__main__":
    rng = np.random.default_rng(15)
    x, y = rng.normal(size=(64, 50)), rng.normal(size=(64, 50))
    numbers = rng.normal(size=(10, 50, 50))
    for activation, rule in (("sigmoid", "glorot"), ("tanh", "glorot"), ("relu", "he")):
        weights = [initial_weights(rule, "normal", one) for one in numbers]
        print(f"ten layers, {activation}, {rule}: activations and gradients, first layer and last")
        print("   ", spread(weights, x, activation)[[1, -1]].round(3), end=" ")
        print(gradient_norms(weights, x, y, activation)[[0, -1]])
    print("one batch, normalized by hand and by Keras; the first row of each:")
    given = np.full(50, 2.0), np.zeros(50), np.zeros(50), np.ones(50)
    print("   ", batch_norm_training(x @ weights[0].T, *given, 0.99)[0][0, :4].round(3))
    print("   ", np.asarray(with_keras(weights[0], *given, 0.99, x, x)[0])[0, :4].round(3))
