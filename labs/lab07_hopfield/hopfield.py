"""Lab 7: an associative memory. A damaged pattern goes in, the stored one comes out.

Run it with `make lab7` or `labkit run lab7`. You write nine small functions with NumPy, and at the end
the same recall as a Keras layer. README.md in this folder has the idea and the mathematics.

A state or a pattern is a row of N numbers, -1 or +1, one for each neuron. `weights` are couplings,
(N, N): symmetric, with zeros on the diagonal.
"""

import keras
import numpy as np
from keras import ops


def to_bipolar(images: np.ndarray, threshold: float) -> np.ndarray:
    """Return images as patterns: +1 where a pixel lies above the threshold, -1 elsewhere.

    Args:
        images: (m, rows, columns); whole grey values 0 to 255, of type uint8, or any other numbers.
        threshold: In units of the pixels. A pixel exactly at it gives -1.

    Returns:
        (m, rows * columns), each image row by row.
    """
    # TODO: Compare with the threshold, choose between 1.0 and -1.0, and unroll each image into a
    #   row.
    raise NotImplementedError("to_bipolar")


def hebb(patterns: np.ndarray) -> np.ndarray:
    """Return the couplings that Hebb's rule makes of the rows of ``patterns``, (P, N).

    They are (N, N): the sum over all patterns of x_i x_j, divided by the number N of neurons; no neuron
    is coupled to itself.
    """
    # TODO: One product of two matrices gives all the sums at once. Divide, then empty the diagonal.
    raise NotImplementedError("hebb")


def energy(weights: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return the energy E = -1/2 Σ_ij w_ij s_i s_j of each row of ``states``, (m, N): an array (m,)."""
    # TODO: The product states @ weights has the fields of every row. Multiply by the states, sum
    #   over each row, and mind the factor.
    raise NotImplementedError("energy")


def overlap(states: np.ndarray, patterns: np.ndarray) -> np.ndarray:
    """Return the overlap (1/N) Σ_i x_i s_i of each state, (m, N), with each pattern, (P, N): (m, P).

    It is 1 where the state is the pattern, and -1 where it is its inverse.
    """
    # TODO: A product of two matrices again. Which of them has to be transposed?
    raise NotImplementedError("overlap")


def decide(field: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return what neurons become: the sign of their field, and what they were where the field is 0.

    Args:
        field: The local fields Σ_j w_ij s_j, of any shape.
        states: What the neurons are, -1 or +1, of the same shape.
    """
    # TODO: There are three cases: a field above 0, one below 0, and one of exactly 0.
    raise NotImplementedError("decide")


def is_stable(weights: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return for each row of ``states``, (m, N), whether no neuron would change: truth values, (m,)."""
    # TODO: Let every neuron decide. A state is stable if all of them stay as they are.
    raise NotImplementedError("is_stable")


def recall_synchronous(weights: np.ndarray, states: np.ndarray, steps: int) -> np.ndarray:
    """Recall each row of ``states``, (m, N), all neurons at once, for so many steps.

    In a step every neuron decides by what the others were before it.

    Returns:
        (steps + 1, m, N): the states as they are given, and after each step. `states` stays as it is.
    """
    # TODO: Keep a list of states, the given ones first. Each step appends one more; decide() makes
    #   it.
    raise NotImplementedError("recall_synchronous")


def recall_asynchronous(weights: np.ndarray, state: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Recall one state, (N,), one neuron at a time.

    Args:
        weights: The couplings.
        state: It stays as it is.
        order: Numbers of neurons, from 0, in the order in which they are visited, (visits,). A neuron
            may come several times, or never.

    Returns:
        (visits + 1, N): the state as it is given, and after each visit. A visit changes the visited
        neuron or nothing; the next one sees what has become of it.
    """
    # TODO: For each visit copy the state before it. The field of one neuron needs one row of
    #   weights.
    raise NotImplementedError("recall_asynchronous")


def remembered(patterns: np.ndarray, probes: np.ndarray, steps: int) -> np.ndarray:
    """Store ``patterns``, (P, N), and recall each of as many ``probes``, (P, N), all neurons at once.

    Returns:
        (P,): the overlap of what probe k has become after ``steps`` with pattern k.
    """
    # TODO: You have every part of it: hebb(), recall_synchronous(), overlap(). Only the last states
    #   count, and of all overlaps only those of a state with its own pattern.
    raise NotImplementedError("remembered")


class Recall(keras.layers.Layer):
    """Synchronous recall as a Keras layer: states (batch, N) go in, states (batch, N) come out.

    Args:
        weights: The couplings, (N, N). The layer keeps them as `self.couplings`.
        steps: How many steps a call makes, in `self.steps`.
    """

    def __init__(self, weights: np.ndarray, steps: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.steps = steps
        self.couplings = self.add_weight(
            shape=weights.shape, initializer="zeros", trainable=False, name="couplings"
        )
        self.couplings.assign(weights)

    def call(self, states):
        """Return what states, (batch, N), become in `self.steps` steps; a field of 0 moves nothing."""
        # TODO: As in recall_synchronous() and decide(), without the list, and with keras.ops in
        #   place of NumPy: ops.matmul, ops.where, ops.sign. Keras builds a graph of it before it
        #   has numbers.
        raise NotImplementedError("call")


def run_layer(weights: np.ndarray, states: np.ndarray, steps: int) -> np.ndarray:
    """Build a model of your layer alone and ask it about ``states``, (m, N). This is given."""
    inputs = keras.Input((weights.shape[0],))
    model = keras.Model(inputs, Recall(weights, steps)(inputs))
    return ops.convert_to_numpy(model(states))


if __name__ == "__main__":
    rng = np.random.default_rng(7)
    patterns = rng.choice([-1.0, 1.0], (5, 64))
    probes = np.where(rng.random(patterns.shape) < 0.2, -patterns, patterns)
    print("overlap of damaged patterns: ", np.diag(overlap(probes, patterns)))
    print("overlap of what is recalled: ", remembered(patterns, probes, steps=10))
