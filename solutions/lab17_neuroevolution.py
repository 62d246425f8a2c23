"""Lab 17: networks that are not trained but bred. Selection, crossover and mutation find their weights.

Run it with `make lab17` or `labkit run lab17`. You write genetics in NumPy, networks and a game as
TensorFlow operations for a whole population at once, and one network in Keras. README.md in this folder
has the idea and the mathematics.

A population is an array (P, G): each row is one network, its G genes are all its weights. Numbers are
float64 everywhere. Random numbers come in as arguments; draw none of your own.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_ANSWERS = np.array([0.0, 1.0, 1.0, 0.0])

STEP = 0.02  # s, from one state to the next
CART, POLE = 1.0, 0.1  # kg
HALF = 0.5  # m, half the length of the pole
PUSH = 10.0  # N, to the right or to the left
GRAVITY = 9.8  # m/s²
EDGE, TILT = 2.4, 12 * np.pi / 180  # m and rad: beyond, the game is over


# --- networks


def decode(genes, inputs: int) -> tuple:
    """Take the genes of a population, (P, G), apart into weights.

    Each network has n = ``inputs`` inputs, h hidden neurons and one output, so that G = (n + 2) h + 1.
    Its genes are, in this order: the n h weights from the inputs to the hidden neurons, all those of
    the first input first; the h biases of the hidden neurons; their h weights to the output; its bias.

    Returns:
        w, (P, n, h); b, (P, h); v, (P, h); c, (P,). Of tensors, tensors.
    """
    # cut: Solve G = (n + 2) h + 1 for h. Then slice the columns, genes[:, from:to], and give the first
    # part its shape with tf.reshape; how many networks there are may be written as -1.
    hidden = (genes.shape[1] - 1) // (inputs + 2)
    ends = np.cumsum([inputs * hidden, hidden, hidden])
    w = tf.reshape(genes[:, : ends[0]], (-1, inputs, hidden))
    return w, genes[:, ends[0] : ends[1]], genes[:, ends[1] : ends[2]], genes[:, -1]
    # end cut


def answers(genes, x):
    """Return what every network of a population answers to every sample: (P, m).

    The answer is c + Σ_j v_j tanh(b_j + Σ_i x_i w_ij): no activation at the output.

    Args:
        genes: The population, (P, G).
        x: The samples, (m, n), the same for all networks; or (P, m, n), to each network its own.
    """
    # cut: x[..., None] * w[:, None] has the axes network, sample, input, hidden neuron; sum over the
    # inputs. (tf.matmul does the same; so small, the sum is faster.) Biases are (P, h): with an axis in
    # the middle, b[:, None], they fit. Then tf.tanh, and a sum over the hidden neurons.
    w, b, v, c = decode(genes, x.shape[-1])
    net = tf.reduce_sum(x[..., None] * w[:, None], axis=-2) + b[:, None]
    hidden = tf.tanh(net)
    return tf.reduce_sum(hidden * v[:, None], axis=-1) + c[:, None]
    # end cut


def with_keras(genes: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return what one network, of genes (G,), answers to samples, (m, n): (m,), asked in Keras.

    Build the network of two `Dense` layers of dtype "float64", and set their weights from the genes.
    """
    # cut: A population of one is genes[None]. A Dense layer's set_weights takes [kernel, bias]: for
    # the hidden one (n, h) and (h,), for the output (h, 1) and (1,).
    w, b, v, c = (np.asarray(part)[0] for part in decode(genes[None], x.shape[1]))
    layers = [
        keras.layers.Dense(len(b), activation="tanh", dtype="float64"),
        keras.layers.Dense(1, dtype="float64"),
    ]
    model = keras.Sequential([keras.Input((x.shape[1],), dtype="float64"), *layers])
    layers[0].set_weights([w, b])
    layers[1].set_weights([v[:, None], c[None]])
    return keras.ops.convert_to_numpy(model(x))[:, 0]
    # end cut


def fitness_xor(genes: np.ndarray) -> np.ndarray:
    """Return how well each network of a population, (P, G), does XOR: 1 - mean (p - t)², an array (P,).

    The mean is over the four samples; p is the sigmoid of the network's answer, t what is right.
    """
    # cut: One call of answers() has the answers of all networks. 1 / (1 + exp(-z)) is the sigmoid.
    p = 1 / (1 + np.exp(-np.asarray(answers(genes, XOR_INPUTS))))
    return 1 - np.mean((p - XOR_ANSWERS) ** 2, axis=1)
    # end cut


# --- genetics


def best(fitness: np.ndarray, count: int) -> np.ndarray:
    """Return the numbers, from 0, of the ``count`` fittest, the fittest first: truncation.

    Of equals the one with the lower number comes first.
    """
    # cut: np.argsort sorts upwards; sort the negative. Only kind="stable" keeps equals in their order.
    return np.argsort(-fitness, kind="stable")[:count]
    # end cut


def by_tournament(fitness: np.ndarray, entrants: np.ndarray) -> np.ndarray:
    """Return who wins each tournament: its fittest entrant, and of equals the one named first.

    Args:
        fitness: (P,).
        entrants: Numbers of individuals, (…, k): k of them in each tournament.

    Returns:
        Numbers of individuals, (…).
    """
    # cut: fitness[entrants] has the fitness of every entrant, in the same shape. argmax over the last
    # axis gives a place in the tournament, not yet the individual: np.take_along_axis finds it.
    place = np.argmax(fitness[entrants], axis=-1)
    return np.take_along_axis(entrants, place[..., None], axis=-1)[..., 0]
    # end cut


def by_rank(fitness: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return whom a wheel of fortune chooses on which everybody's field is as wide as their rank.

    The least fit of P individuals has rank 1, the fittest rank P; of equals the one with the lower
    number has the lower rank. Chances are rank / (1 + … + P), and the fields lie on the wheel, from 0
    to 1, in the order of ranks: the least fit begins at 0.

    Args:
        fitness: (P,).
        u: Where the wheel stops, 0 ≤ u < 1, an array of any shape. A field's own begin belongs to it.

    Returns:
        Numbers of individuals, of the shape of ``u``.
    """
    # cut: Where do the fields end? np.cumsum of the chances says so, and np.searchsorted(ends, u,
    # side="right") in which field each u lies. The sorted order says whose field that is.
    order = np.argsort(fitness, kind="stable")
    ranks = np.arange(1, len(fitness) + 1)
    ends = np.cumsum(ranks) / np.sum(ranks)
    return order[np.searchsorted(ends, u, side="right")]
    # end cut


def crossover(a: np.ndarray, b: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return children, (C, G), of parents ``a`` and ``b``: a gene is a's where ``mask`` says so."""
    # cut: One choice between two arrays.
    return np.where(mask, a, b)
    # end cut


def mutate(genes: np.ndarray, noise: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Return ``genes`` with ``noise`` added where ``where`` says so; all three are (C, G)."""
    # cut: Elsewhere the genes stay as they are. Do not change the array that came in.
    return np.where(where, genes + noise, genes)
    # end cut


def next_generation(
    genes: np.ndarray,
    fitness: np.ndarray,
    parents: np.ndarray,
    mask: np.ndarray,
    noise: np.ndarray,
    where: np.ndarray,
) -> np.ndarray:
    """Return the population, (P, G), that follows ``genes``, (P, G).

    Its first rows are the elite, unchanged, the fittest first: as many as there is room for beside the
    C children. Then come the children in order.

    Args:
        genes: The population.
        fitness: (P,).
        parents: Numbers of individuals, (2, C): the a and the b of every child.
        mask: Which genes are a's, (C, G).
        noise: What mutation adds to the children, (C, G).
        where: Which genes it is added to, (C, G).
    """
    # cut: Cross genes[parents[0]] with genes[parents[1]], mutate what comes of it, and put the elite
    # on top with np.concatenate. Elite and children together are as many as before.
    children = mutate(crossover(genes[parents[0]], genes[parents[1]], mask), noise, where)
    elite = genes[best(fitness, len(genes) - len(children))]
    return np.concatenate([elite, children])
    # end cut


def evolve(
    judge: Callable,
    select: Callable,
    genes: np.ndarray,
    chances: np.ndarray,
    masks: np.ndarray,
    noises: np.ndarray,
    wheres: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Breed one generation after the other from the population ``genes``, (P, G).

    Args:
        judge: From a population to the fitness of each, (P,).
        select: by_tournament or by_rank: from fitness and ``chances[t]`` to the parents, (2, C).
        genes: The first generation, (P, G).
        chances: What ``select`` needs, for each of T generations.
        masks: What next_generation() needs, for each of T generations: (T, C, G).
        noises: Likewise.
        wheres: Likewise.

    Returns:
        The genes of the fittest of the last generation, (G,), and a history, (T + 1, 2): best and mean
        fitness of the first generation and of each that followed.
    """
    # cut: Judge, note, select, breed, T times over; then judge and note once more. zip() walks through
    # four arrays together.
    history = []
    for chance, mask, noise, where in zip(chances, masks, noises, wheres):
        fitness = judge(genes)
        history.append([fitness.max(), fitness.mean()])
        genes = next_generation(genes, fitness, select(fitness, chance), mask, noise, where)
    fitness = judge(genes)
    history.append([fitness.max(), fitness.mean()])
    return genes[best(fitness, 1)[0]], np.array(history)
    # end cut


def solve_xor(genes, chances, masks, noises, wheres):
    """Breed networks that do XOR, parents chosen by rank. This is given."""
    return evolve(fitness_xor, by_rank, genes, chances, masks, noises, wheres)


# --- the game


def step(states, right):
    """Return the states of poles on carts one step, 0.02 s, later. The handout has the equations.

    Args:
        states: (…, 4): position of the cart (m), its speed (m/s), angle of the pole (rad, 0 is upright,
            positive to the right), its angular speed (rad/s).
        right: Whether the cart is pushed to the right, truth values, (…); if not, to the left.
    """
    # cut: tf.unstack(states, axis=-1) gives the four parts, tf.stack([…], axis=-1) puts four together.
    # First the force, then a, then the acceleration of the angle, then that of the cart; then Euler's
    # method: every part moves on by STEP times its rate, all by the rates before the step.
    _x, speed, angle, turning = tf.unstack(states, axis=-1)
    force = PUSH * (2 * tf.cast(right, states.dtype) - 1)
    cos, sin = tf.cos(angle), tf.sin(angle)
    a = (force + POLE * HALF * turning**2 * sin) / (CART + POLE)
    tipping = (GRAVITY * sin - a * cos) / (HALF * (4 / 3 - POLE * cos**2 / (CART + POLE)))
    faster = a - POLE * HALF * tipping * cos / (CART + POLE)
    rates = tf.stack([speed, faster, turning, tipping], axis=-1)
    return states + STEP * rates
    # end cut


def fallen(states):
    """Return for states, (…, 4), whether the game is over, (…): |x| > 2.4 m or |angle| > 12°."""
    # cut: Exactly at the limit it is not over. Truth values of tensors are joined by |.
    return (tf.abs(states[..., 0]) > EDGE) | (tf.abs(states[..., 2]) > TILT)
    # end cut


@tf.function(jit_compile=True)  # one graph for the whole game, compiled for each shape once
def play(genes, starts, steps: int):
    """Let every network of a population play the game from every start.

    In each step a network sees the state of its own game and pushes to the right where its answer is
    above 0, else to the left. A game that is over stays over. All games are within the limits at first.

    Args:
        genes: The population, (P, G).
        starts: States, (S, 4).
        steps: After so many steps a game is over in any case.

    Returns:
        How many steps each game lasted, whole numbers, (P, S); the step in which it was over counts.
    """
    # cut: Give every network a copy of the starts: states (P, S, 4), and note which games still run,
    # (P, S). Then tf.while_loop(running, one_step, [number of the step, states, up, lasted]): both
    # functions get these four; running() says whether to go on, one_step() returns the four anew.
    # tf.where(up[..., None], new, old) moves only the games that still run.
    states = tf.repeat(tf.cast(starts, genes.dtype)[None], genes.shape[0], axis=0)
    up = tf.ones(states.shape[:2], bool)

    def running(number, states, up, lasted):
        return (number < steps) & tf.reduce_any(up)

    def one_step(number, states, up, lasted):
        moved = tf.where(up[..., None], step(states, answers(genes, states) > 0), states)
        return number + 1, moved, up & ~fallen(moved), lasted + tf.cast(up, lasted.dtype)

    begin = [tf.constant(0), states, up, tf.zeros(up.shape, tf.int32)]
    return tf.while_loop(running, one_step, begin)[-1]
    # end cut


def balance(genes, starts, steps, chances, masks, noises, wheres):
    """Breed networks that play the game, parents chosen by tournament. This is given.

    Fitness is how many steps a network lasts, on the average over the starts.
    """

    def judge(genes):
        return np.asarray(play(tf.constant(genes), tf.constant(starts), steps)).mean(axis=1)

    return evolve(judge, by_tournament, genes, chances, masks, noises, wheres)


if __name__ == "__main__":
    rng = np.random.default_rng(17)
    generations, children, size = 10, 195, 25
    shape = (generations, children, size)
    champion, history = balance(
        rng.normal(size=(200, size)),
        rng.uniform(-0.05, 0.05, (4, 4)),
        500,
        rng.integers(0, 200, (generations, 2, children, 5)),
        rng.random(shape) < 0.5,
        rng.normal(0.0, 0.5, shape),
        rng.random(shape) < 0.1,
    )
    for number, (highest, mean) in enumerate(history):
        print(f"generation {number:2}: best {highest:5.1f} steps, mean {mean:5.1f}")
    print("the champion's genes:", champion.round(2))
