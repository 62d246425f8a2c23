"""Lab 20: machines that dream. A Boltzmann machine, and a restricted one that learns digits.

Run it with `make lab20` or `labkit run lab20`. You write fourteen small functions, all but one with
NumPy. README.md in this folder has the idea and the mathematics.

Units are 0 or 1. Of a Boltzmann machine of n units, `w`, (n, n), are the couplings, symmetric with
zeros on the diagonal, and `b`, (n,), the biases. Of a restricted one with V visible and H hidden units,
`w`, (V, H), are the couplings, `b`, (V,), the biases of the visible and `c`, (H,), of the hidden units.
Numbers called `uniforms` are drawn evenly from 0 to 1: a unit is on where its number is below its
probability, and off where it is not.
"""

import keras
import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), safe for any z as in lab 11. This is given."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


def all_states(n: int) -> np.ndarray:
    """Return every state of n units, (2 ** n, n): binary numbers from 0 on. This is given.

    With n = 2 these are [0, 0], [0, 1], [1, 0], [1, 1].
    """
    return np.array(
        [[number >> place & 1 for place in range(n)[::-1]] for number in range(2**n)], float
    )


def energy(w: np.ndarray, b: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return E = -1/2 Σ_ij w_ij s_i s_j - Σ_i b_i s_i of each row of ``states``, (m, n): (m,)."""
    # TODO: As in lab 7, with one term more for the biases.
    raise NotImplementedError("energy")


def probabilities(w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the probability of every state, in the order of all_states(), and ln Z.

    Right for energies of any size: -5000 too.

    Returns:
        exp(-E) / Z of each state, (2 ** n,); the logarithm of Z, the sum of exp(-E) over all states.
    """
    # TODO: exp(5000) is too large for a float. Take the lowest energy out of all exponents first,
    #   so that the largest of them is 0, and put it back into ln Z at the end.
    raise NotImplementedError("probabilities")


def gibbs(w: np.ndarray, b: np.ndarray, states: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Sample from several chains at a time; each sweep visits all units, the first one first.

    Args:
        w: The couplings.
        b: The biases.
        states: Where the chains are, (m, n); they stay as they are.
        uniforms: (sweeps, m, n): the number for each sweep, chain and unit.

    Returns:
        (sweeps + 1, m, n): the states as given, and after each sweep.
    """
    # TODO: For each sweep copy the states before it. Visit one unit after the other, in all chains
    #   at once: each is on with probability sigmoid(b_i + Σ_j w_ij s_j), by what the others are
    #   now.
    raise NotImplementedError("gibbs")


def statistics(states: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of s_i s_j and of s_i over ``states``, (m, n), of probabilities ``p``, (m,).

    Returns:
        Means of the products, (n, n), with zeros on the diagonal; means of the units, (n,).
    """
    # TODO: Weigh each state by its probability. One product of two matrices gives all pairs; empty
    #   the diagonal, for no unit is coupled to itself.
    raise NotImplementedError("statistics")


def learn(shares: np.ndarray, rate: float, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Learn how often each pattern occurs, beginning with zero couplings and biases.

    Args:
        shares: How often each state occurs, (2 ** n,), in the order of all_states(), with sum 1.
        rate: Of learning.
        steps: How many.

    Returns:
        w; b; the divergences Σ_s q(s) ln(q(s) / p(s)) of the shares q from the machine's probabilities
        p, before the first step and after each, (steps + 1,). Where q is 0 nothing is added.
    """
    # TODO: n is the logarithm of len(shares) to the base 2. Each step adds rate times the
    #   difference of two statistics(): those of the data minus those of the model, for couplings
    #   and biases alike.
    raise NotImplementedError("learn")


def hidden_probabilities(w: np.ndarray, c: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the probability of each hidden unit to be on, (m, H), given visible ones ``v``, (m, V)."""
    # TODO: All hidden units at once: they are not coupled to each other.
    raise NotImplementedError("hidden_probabilities")


def visible_probabilities(w: np.ndarray, b: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Return the probability of each visible unit to be on, (m, V), given hidden ones ``h``, (m, H)."""
    # TODO: The same couplings, the other way.
    raise NotImplementedError("visible_probabilities")


def free_energy(w: np.ndarray, b: np.ndarray, c: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return F = -Σ_i b_i v_i - Σ_j ln(1 + exp(c_j + Σ_i v_i w_ij)) of each row of ``v``, (m, V): (m,).

    Right for sums of any size: 2000 too.
    """
    # TODO: np.logaddexp(0, a) is ln(1 + exp(a)) for any a, as in lab 11.
    raise NotImplementedError("free_energy")


def pseudo_likelihood(
    w: np.ndarray, b: np.ndarray, c: np.ndarray, v: np.ndarray, flips: np.ndarray
) -> np.ndarray:
    """Return about ln p of each row of ``v``, (m, V), judged by flipping one of its units: (m,).

    In row k the unit number flips[k] is flipped, 0 to 1 or 1 to 0. The value is
    V ln sigmoid(F(flipped) - F(v)).
    """
    # TODO: Flip one unit in a copy of each row: rows are np.arange(len(v)), columns are flips. The
    #   logarithm of a sigmoid is -np.logaddexp(0, -z).
    raise NotImplementedError("pseudo_likelihood")


def reconstruction_error(w: np.ndarray, b: np.ndarray, c: np.ndarray, v: np.ndarray) -> float:
    """Return the mean square of what ``v``, (m, V), differs by from its reconstruction.

    That is: up to the probabilities of the hidden units, and from these, not from draws, down again.
    """
    # TODO: One mean over all rows and units.
    raise NotImplementedError("reconstruction_error")


def dream(
    w: np.ndarray,
    b: np.ndarray,
    c: np.ndarray,
    v: np.ndarray,
    hidden_uniforms: np.ndarray,
    visible_uniforms: np.ndarray,
) -> np.ndarray:
    """Return what ``v``, (m, V), becomes in k steps of Gibbs sampling: zeros and ones, (m, V).

    A step draws the hidden units given the visible ones, then the visible units given these.

    Args:
        w: The couplings.
        b: The biases of the visible units.
        c: The biases of the hidden units.
        v: It stays as it is.
        hidden_uniforms: (k, m, H), the numbers for the hidden units of each step.
        visible_uniforms: (k, m, V), the numbers for the visible ones.
    """
    # TODO: A comparison gives True and False; multiply by 1.0 to make numbers of them.
    raise NotImplementedError("dream")


def contrast(
    w: np.ndarray, c: np.ndarray, data: np.ndarray, dreamt: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the data show minus what the machine dreams: the directions of w, b and c.

    ``data``, (m, V), and ``dreamt``, (d, V), are visible units. For each of the two, means over its
    rows are taken of v_i p(h_j = 1 | v) for w, (V, H), of v_i for b, (V,), and of p(h_j = 1 | v) for c,
    (H,): probabilities of the hidden units, not draws.
    """
    # TODO: Means of the data first, then those of the dream; there may be more rows of one than of
    #   the other, so each is divided by its own number.
    raise NotImplementedError("contrast")


def train(
    weights: list,
    x: np.ndarray,
    batches: np.ndarray,
    rate: float,
    hidden_uniforms: np.ndarray,
    visible_uniforms: np.ndarray,
    persistent: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Train a restricted machine: k steps of dreaming, then one of learning, batch by batch.

    Args:
        weights: [w, b, c] to begin with.
        x: Samples, (m, V), zeros and ones.
        batches: Numbers of the rows in each batch, (epochs, batches, size).
        rate: Of learning.
        hidden_uniforms: (epochs, batches, k, size, H), for dream().
        visible_uniforms: (epochs, batches, k, size, V), for dream().
        persistent: Whether each dream goes on from the end of the last one, the very first one from the
            rows of the first batch. If not, it begins at the rows of its batch.

    Returns:
        w; b; c; the end of the last dream of each epoch, (epochs, size, V); the reconstruction_error()
        of x after each epoch, (epochs,).
    """
    # TODO: Two loops: over the epochs, and over the batches of each. For every batch: where does
    #   the dream begin? Dream, take the contrast(), and add rate times it to w, b and c.
    raise NotImplementedError("train")


def with_keras(
    w: np.ndarray, b: np.ndarray, c: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden probabilities of ``v``, (m, H), and its reconstruction, (m, V), by two layers.

    Both are keras.layers.Dense, with a sigmoid and the machine's weights.
    """
    # TODO: One Dense layer leads up and one down. Build each for as many inputs as it has, give it
    #   kernel and bias with set_weights(), and call the second with what the first one says.
    raise NotImplementedError("with_keras")


if __name__ == "__main__":
    rng = np.random.default_rng(20)
    upper = np.triu(rng.normal(size=(4, 4)), 1)
    chances, log_z = probabilities(upper + upper.T, np.zeros(4))
    film = gibbs(upper + upper.T, np.zeros(4), np.zeros((200, 4)), rng.random((50, 200, 4)))
    seen = film[10:].reshape(-1, 4) @ [8, 4, 2, 1]
    print("exactly:", chances.round(3)[:8], "...")
    print("sampled:", (np.bincount(seen.astype(int), minlength=16) / len(seen)).round(3)[:8], "...")
    x = np.repeat([[1.0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], 10, axis=0)
    start = [rng.normal(0, 0.01, (6, 2)), np.zeros(6), np.zeros(2)]
    rows = np.array([rng.permutation(20).reshape(2, 10) for _epoch in range(200)])
    numbers = rng.random((200, 2, 1, 10, 2)), rng.random((200, 2, 1, 10, 6))
    *machine, dreams, errors = train(start, x, rows, 0.1, *numbers, persistent=True)
    print("reconstruction error:", errors[[0, 49, 99, 199]].round(3))
    print("dreams:", dreams[-1][:4].astype(int).tolist())
