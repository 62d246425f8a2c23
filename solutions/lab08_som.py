"""Lab 8: the self-organizing map, a sheet of units that arranges what it sees.

Run it with `make lab8` or `labkit run lab8`. You write eleven short functions with NumPy, and what a
Keras layer does with a batch. README.md in this folder has the idea and the mathematics.

A map is an array of weights, (rows, columns, features): ``weights[i, j]`` is the unit in row i and
column j. Samples stand in the rows of ``x``, (m, features). Both are floats.
"""

import keras
import numpy as np

DIGITS = 10


def distances(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the Euclidean distance of every sample to every unit, (m, rows, columns)."""
    # cut: Take one sample away from all units at once: NumPy repeats it over the rows and columns of
    # the map. The length of a difference is np.linalg.norm(…, axis=2). Then np.stack() the samples.
    return np.stack([np.linalg.norm(weights - sample, axis=2) for sample in x])
    # end cut


def best_matching_unit(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return row and column of the unit nearest to each sample, whole numbers, (m, 2).

    Of units equally near, the first counts, read row by row.
    """
    # cut: Bring the distances to the shape (m, rows · columns); argmin finds a place in each row.
    # np.unravel_index() makes a row and a column of a place.
    gaps = distances(weights, x)
    places = gaps.reshape(len(x), -1).argmin(axis=1)
    return np.stack(np.unravel_index(places, gaps.shape[1:]), axis=1)
    # end cut


def decay(first: float, last: float, steps: int) -> np.ndarray:
    """Return a value for each of so many steps, (steps,), falling exponentially.

    Step t, counted from 0, has the value first · (last / first)^(t / steps): it begins at ``first``,
    and ``last`` would be its value after the training.
    """
    # cut: np.arange(steps) counts the steps.
    return first * (last / first) ** (np.arange(steps) / steps)
    # end cut


def neighbourhood(rows: int, columns: int, best: np.ndarray, radius: float) -> np.ndarray:
    """Return how strongly each unit is pulled along by the best matching one, (rows, columns).

    That is exp(-d² / (2 · radius²)), where d is the distance on the grid to ``best``, (row, column),
    in steps between neighbours: 1 at the best matching unit itself, less further away.
    """
    # cut: d² is how far down, squared, plus how far across, squared. A column of row numbers and a row
    # of column numbers give all pairs.
    down = np.arange(rows)[:, None] - best[0]
    across = np.arange(columns)[None, :] - best[1]
    return np.exp(-(down**2 + across**2) / (2 * radius**2))
    # end cut


def online_step(weights: np.ndarray, sample: np.ndarray, rate: float, radius: float) -> np.ndarray:
    """Return the weights after one ``sample``, (features,), by Kohonen's rule.

    Every unit goes towards the sample: by the learning rate, times its neighbourhood to the best
    matching unit, times what it lacks of the sample.
    """
    # cut: Find the best matching unit (x must have rows), then the neighbourhood around it. It has the
    # shape (rows, columns); [:, :, None] lets it multiply arrays with features behind.
    best = best_matching_unit(weights, sample[None, :])[0]
    pull = rate * neighbourhood(*weights.shape[:2], best, radius)
    return weights + pull[:, :, None] * (sample - weights)
    # end cut


def train_online(
    weights: np.ndarray,
    x: np.ndarray,
    order: np.ndarray,
    rate: tuple[float, float],
    radius: tuple[float, float],
) -> np.ndarray:
    """Return the weights after one step for each entry of ``order``, (steps,).

    An entry is the number of a sample in ``x``. ``rate`` and ``radius`` are the first and the last
    value of a `decay` over all steps.
    """
    # cut: Work out the learning rates and the radii of all steps beforehand; zip() walks through
    # them and the order together.
    steps = len(order)
    for number, eta, sigma in zip(order, decay(*rate, steps), decay(*radius, steps)):
        weights = online_step(weights, x[number], eta, sigma)
    return weights
    # end cut


def train_batch(
    weights: np.ndarray, x: np.ndarray, radius: tuple[float, float], epochs: int
) -> np.ndarray:
    """Return the weights after so many epochs of the batch rule.

    In each epoch every unit moves to a mean of all samples, in which a sample weighs as much as the
    unit is pulled along by that sample's best matching unit. ``radius`` is the first and the last value
    of a `decay` over the epochs.
    """
    # cut: In each epoch find all best matching units, and stack their neighbourhoods to an array of the
    # shape (m, rows, columns). np.tensordot(pull, x, axes=(0, 0)) is the sum over the samples. What
    # must it be divided by, to become a mean?
    for sigma in decay(*radius, epochs):
        best = best_matching_unit(weights, x)
        pull = np.stack([neighbourhood(*weights.shape[:2], place, sigma) for place in best])
        weights = np.tensordot(pull, x, axes=(0, 0)) / pull.sum(axis=0)[:, :, None]
    return weights
    # end cut


def quantization_error(weights: np.ndarray, x: np.ndarray) -> float:
    """Return the mean distance of the samples to their best matching units."""
    # cut: Of the distances of a sample, which one is meant?
    return distances(weights, x).min(axis=(1, 2)).mean()
    # end cut


def topographic_error(weights: np.ndarray, x: np.ndarray) -> float:
    """Return the share of samples, 0 to 1, whose nearest and second nearest unit are no neighbours.

    A unit has eight neighbours: those a step down, a step across or a step both ways away.
    """
    # cut: argsort the distances of each sample; two places are of interest. Are they more than one
    # row or more than one column apart?
    gaps = distances(weights, x)
    two = gaps.reshape(len(x), -1).argsort(axis=1)[:, :2]
    row, column = np.unravel_index(two, gaps.shape[1:])
    apart = np.maximum(abs(row[:, 0] - row[:, 1]), abs(column[:, 0] - column[:, 1]))
    return np.mean(apart > 1)
    # end cut


def u_matrix(weights: np.ndarray) -> np.ndarray:
    """Return the mean distance between each unit's weights and its neighbours', (rows, columns).

    A unit has eight neighbours, five at a border and three in a corner (fewer on a narrow map); the
    mean is over those that exist.
    """
    # cut: Go through the units. The neighbours of (i, j) lie in weights[max(i - 1, 0) : i + 2, …]: a
    # patch that holds the unit itself too, at distance 0, which the mean must not count.
    rows, columns = weights.shape[:2]
    matrix = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        patch = weights[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2]
        gaps = np.linalg.norm(patch - weights[i, j], axis=2)
        matrix[i, j] = gaps.sum() / (gaps.size - 1)
    return matrix
    # end cut


def hits(weights: np.ndarray, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how many samples of each class fall on each unit, (DIGITS, rows, columns).

    A sample falls on its best matching unit. ``labels``, (m,), has the class of each sample, 0 to 9.
    """
    # cut: Begin with zeros, and count one up for each sample: at its class, its row and its column.
    counts = np.zeros((DIGITS, *weights.shape[:2]))
    for label, (row, column) in zip(labels, best_matching_unit(weights, x)):
        counts[label, row, column] += 1
    return counts
    # end cut


def digit_map(
    weights: np.ndarray, x: np.ndarray, labels: np.ndarray, radius: tuple[float, float], epochs: int
) -> tuple[np.ndarray, ...]:
    """Learn a map of digits with your functions, and return what its plots need. This one is given."""
    learnt = train_batch(weights, x, radius, epochs)
    errors = [[quantization_error(w, x), topographic_error(w, x)] for w in (weights, learnt)]
    return learnt, u_matrix(learnt), hits(learnt, x, labels), np.array(errors)


class BestMatchingUnit(keras.layers.Layer):
    """A learnt map as a layer: samples, (batch, features), to rows and columns, (batch, 2).

    Attributes:
        codebook: The map's weights, (rows, columns, features).
    """

    def __init__(self, weights: np.ndarray) -> None:
        super().__init__(dtype="float64")
        self.codebook = self.add_weight(shape=weights.shape, trainable=False)
        self.codebook.assign(weights)

    def call(self, inputs):
        """Return row and column of each input's best matching unit, whole numbers, (batch, 2)."""
        # cut: best_matching_unit() once more, for tensors: with keras.ops, and without a loop, for the
        # size of a batch is unknown while Keras builds the model. inputs[:, None, :] minus the units
        # as rows, (rows · columns, features), has the differences of all pairs. Of the place, //
        # makes the row and % the column.
        _rows, columns, features = self.codebook.shape
        units = keras.ops.reshape(self.codebook, (-1, features))
        squared = keras.ops.sum(keras.ops.square(inputs[:, None, :] - units), axis=2)
        place = keras.ops.argmin(squared, axis=1)
        return keras.ops.stack([place // columns, place % columns], axis=1)
        # end cut


def locate(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Build a model of the layer above and ask it where samples fall, (m, 2). This one is given."""
    inputs = keras.Input(x.shape[1:], dtype="float64")
    model = keras.Model(inputs, BestMatchingUnit(weights)(inputs))
    return keras.ops.convert_to_numpy(model(x))


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    colours = rng.random((300, 3))
    start = rng.random((8, 12, 3))
    learnt = train_online(start, colours, rng.permutation(300), rate=(0.5, 0.05), radius=(4.0, 0.7))
    for name, weights in (("before", start), ("after", learnt)):
        print(
            f"{name} training: quantization error {quantization_error(weights, colours):.3f},",
            f"topographic error {topographic_error(weights, colours):.3f}",
        )
