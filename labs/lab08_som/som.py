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
    # TODO: Take one sample away from all units at once: NumPy repeats it over the rows and columns
    #   of the map. The length of a difference is np.linalg.norm(…, axis=2). Then np.stack() the
    #   samples.
    raise NotImplementedError("distances")


def best_matching_unit(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return row and column of the unit nearest to each sample, whole numbers, (m, 2).

    Of units equally near, the first counts, read row by row.
    """
    # TODO: Bring the distances to the shape (m, rows · columns); argmin finds a place in each row.
    #   np.unravel_index() makes a row and a column of a place.
    raise NotImplementedError("best_matching_unit")


def decay(first: float, last: float, steps: int) -> np.ndarray:
    """Return a value for each of so many steps, (steps,), falling exponentially.

    Step t, counted from 0, has the value first · (last / first)^(t / steps): it begins at ``first``,
    and ``last`` would be its value after the training.
    """
    # TODO: np.arange(steps) counts the steps.
    raise NotImplementedError("decay")


def neighbourhood(rows: int, columns: int, best: np.ndarray, radius: float) -> np.ndarray:
    """Return how strongly each unit is pulled along by the best matching one, (rows, columns).

    That is exp(-d² / (2 · radius²)), where d is the distance on the grid to ``best``, (row, column),
    in steps between neighbours: 1 at the best matching unit itself, less further away.
    """
    # TODO: d² is how far down, squared, plus how far across, squared. A column of row numbers and a
    #   row of column numbers give all pairs.
    raise NotImplementedError("neighbourhood")


def online_step(weights: np.ndarray, sample: np.ndarray, rate: float, radius: float) -> np.ndarray:
    """Return the weights after one ``sample``, (features,), by Kohonen's rule.

    Every unit goes towards the sample: by the learning rate, times its neighbourhood to the best
    matching unit, times what it lacks of the sample.
    """
    # TODO: Find the best matching unit (x must have rows), then the neighbourhood around it. It has
    #   the shape (rows, columns); [:, :, None] lets it multiply arrays with features behind.
    raise NotImplementedError("online_step")


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
    # TODO: Work out the learning rates and the radii of all steps beforehand; zip() walks through
    #   them and the order together.
    raise NotImplementedError("train_online")


def train_batch(
    weights: np.ndarray, x: np.ndarray, radius: tuple[float, float], epochs: int
) -> np.ndarray:
    """Return the weights after so many epochs of the batch rule.

    In each epoch every unit moves to a mean of all samples, in which a sample weighs as much as the
    unit is pulled along by that sample's best matching unit. ``radius`` is the first and the last value
    of a `decay` over the epochs.
    """
    # TODO: In each epoch find all best matching units, and stack their neighbourhoods to an array
    #   of the shape (m, rows, columns). np.tensordot(pull, x, axes=(0, 0)) is the sum over the
    #   samples. What must it be divided by, to become a mean?
    raise NotImplementedError("train_batch")


def quantization_error(weights: np.ndarray, x: np.ndarray) -> float:
    """Return the mean distance of the samples to their best matching units."""
    # TODO: Of the distances of a sample, which one is meant?
    raise NotImplementedError("quantization_error")


def topographic_error(weights: np.ndarray, x: np.ndarray) -> float:
    """Return the share of samples, 0 to 1, whose nearest and second nearest unit are no neighbours.

    A unit has eight neighbours: those a step down, a step across or a step both ways away.
    """
    # TODO: argsort the distances of each sample; two places are of interest. Are they more than one
    #   row or more than one column apart?
    raise NotImplementedError("topographic_error")


def u_matrix(weights: np.ndarray) -> np.ndarray:
    """Return the mean distance between each unit's weights and its neighbours', (rows, columns).

    A unit has eight neighbours, five at a border and three in a corner (fewer on a narrow map); the
    mean is over those that exist.
    """
    # TODO: Go through the units. The neighbours of (i, j) lie in weights[max(i - 1, 0) : i + 2, …]:
    #   a patch that holds the unit itself too, at distance 0, which the mean must not count.
    raise NotImplementedError("u_matrix")


def hits(weights: np.ndarray, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how many samples of each class fall on each unit, (DIGITS, rows, columns).

    A sample falls on its best matching unit. ``labels``, (m,), has the class of each sample, 0 to 9.
    """
    # TODO: Begin with zeros, and count one up for each sample: at its class, its row and its
    #   column.
    raise NotImplementedError("hits")


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
        # TODO: best_matching_unit() once more, for tensors: with keras.ops, and without a loop, for
        #   the size of a batch is unknown while Keras builds the model. inputs[:, None, :] minus
        #   the units as rows, (rows · columns, features), has the differences of all pairs. Of the
        #   place, // makes the row and % the column.
        raise NotImplementedError("call")


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
