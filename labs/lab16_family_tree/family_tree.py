"""Lab 16: Hinton's family trees. A network that has to find out for itself what to say of people.

Run it with `make lab16` or `labkit run lab16`. First you write the facts of a family and the network by
hand, with NumPy; then the same network in Keras, and the five steps in its life. README.md in this
folder has the idea and the mathematics.

Inputs are rows of two whole numbers: a person, 0 to n - 1, and a relation, n to n + 11, in the order of
RELATIONS. In Hinton's trees n is 24. Weights are seven arrays, in the order in which they are used::

    table (n + 12, 6)   the code of each person and of each relation, before its tanh
    w1 (12, 12), b1 (12,)   from two codes to a layer of 12
    w2 (12, 6), b2 (6,)     from there to the code of the answer
    w3 (6, n), b3 (n,)      from there to people

Take every size from the arrays: other families, and other networks, come too.
"""

import keras
import numpy as np

PEOPLE = 24
RELATIONS = ("father", "mother", "husband", "wife", "son", "daughter")
RELATIONS += ("uncle", "aunt", "brother", "sister", "nephew", "niece")


def kin(parents: np.ndarray, spouse: np.ndarray) -> np.ndarray:
    """Return who is whose parent, spouse, sibling, and uncle or aunt: four tables of 0 and 1.

    Siblings share a parent; nobody is their own sibling. Uncles and aunts are siblings of a parent,
    and the spouses of such siblings.

    Args:
        parents: Numbers of both parents of each person, (n, 2); -1 where they are not in the family.
        spouse: Number of the spouse of each person, (n,); -1 where there is none.

    Returns:
        (4, n, n): 1 where person j (column) is the parent, spouse, sibling, or uncle or aunt of
        person i (row).
    """
    # TODO: Fill the first two tables from the lists, and take care that -1 names nobody. The others
    #   follow from products of tables: (A @ B)[i, j] counts the k with A[i, k] = 1 and B[k, j] = 1.
    raise NotImplementedError("kin")


def answers(tables: np.ndarray, female: np.ndarray) -> np.ndarray:
    """Return who stands in each relation to whom.

    Args:
        tables: What `kin` returns.
        female: 1 where a person is a woman, 0 where a man, (n,).

    Returns:
        (12, n, n): 1 where person j is the father of person i in the first table, the mother in the
        second, and so on in the order of RELATIONS; 0 elsewhere.
    """
    # TODO: Six pairs, a man first: father and mother, husband and wife, son and daughter, uncle and
    #   aunt, brother and sister, nephew and niece. Two of the six tables of kin are still missing:
    #   they are others with rows and columns exchanged. Then split each pair by whether column j is
    #   a woman.
    raise NotImplementedError("answers")


def questions(truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a row for each person and relation that has an answer, in the order of their numbers.

    Args:
        truth: What `answers` returns, (12, n, n).

    Returns:
        x, (m, 2), whole numbers: a person, and n plus the number of a relation. All questions to person
        0 come first, by relation.
        y, (m, n): the right answers have 1, or share it equally where there are several; others 0.
    """
    # TODO: np.argwhere finds the pairs that have an answer; which axis has to come first?
    raise NotImplementedError("questions")


def one_hot(numbers: np.ndarray, size: int) -> np.ndarray:
    """Return ``size`` numbers for each of the given ones: a 1 at its place and zeros elsewhere."""
    # TODO: np.eye(size) has the right rows already.
    raise NotImplementedError("one_hot")


def forward(weights: list[np.ndarray], x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return what the four layers above the inputs say for rows ``x``, (m, 2).

    Returns:
        The codes of person and relation side by side, behind a tanh, (m, 12); the hidden layer, tanh,
        (m, 12); the code of the answer, linear, (m, 6); the chances of people, softmax, (m, n).
    """
    # TODO: A row of one_hot() times the table is the code of that number. Lay both codes of a row
    #   side by side, and go on as in every multilayer network. Subtract the largest net input of a
    #   row before the softmax takes its exponentials.
    raise NotImplementedError("forward")


def cost(outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the mean over the rows of the cross-entropy -Σ y ln(output); both are (m, n)."""
    # TODO: A right answer that shares its row counts for its share.
    raise NotImplementedError("cost")


def backward(weights: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the gradient of the cost for each of the seven arrays of weights, in their order."""
    # TODO: Go through the layers from the last to the first. The error of the softmax with its cost
    #   is (outputs - y) / m; a tanh that said a has the slope 1 - a²; the code of the answer is
    #   linear. A number that stands in many rows collects the gradients of its code from all of
    #   them.
    raise NotImplementedError("backward")


def update(
    weight: np.ndarray,
    velocity: np.ndarray,
    gradient: np.ndarray,
    rate: float,
    momentum: float,
    decay: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return one array of weights and its velocity after a step; all arrays have its shape.

    The slope is the gradient plus ``decay`` times the weight. The new velocity is ``momentum`` times
    the old one minus ``rate`` times the slope, and the weight moves by the new velocity.
    """
    # TODO: Two lines. Change neither `weight` nor `velocity` in place.
    raise NotImplementedError("update")


def learn(
    weights: list[np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    sweeps: int,
    rate: float,
    momentum: float,
    decay: float,
) -> tuple[np.ndarray, ...]:
    """Train from given weights; each sweep sees all rows and ends with one step of every array.

    Returns:
        The costs, (sweeps + 1,), before the first sweep and after each; then the seven arrays of
        weights at the end. Velocities begin at 0. The costs are without weight decay.
    """
    # TODO: In each sweep compute all gradients first, then update() each array with its velocity.
    raise NotImplementedError("learn")


def right(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return which rows are answered right, (m,): truth values.

    A row is right where every person who is a right answer (y above 0) has a larger output than
    everybody who is not.
    """
    # TODO: The smallest output among the right answers, and the largest among the others: np.where
    #   can put those that are not asked about out of the way.
    raise NotImplementedError("right")


def explained(codes: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return what share of each unit's variance a grouping of people explains, 0 to 1: (units,).

    Args:
        codes: A row for each person, a column for each unit, (n, units).
        groups: The number of each person's group, (n,): nationality, generation or branch.

    Returns:
        Σ over people of (mean of their group - mean of all)², divided by Σ (unit - mean of all)²; 0 for
        a unit that never varies.
    """
    # TODO: Put into each person's place the mean of the group, unit by unit. Where a unit never
    #   varies its sum of squares is 0: what must you not divide by?
    raise NotImplementedError("explained")


def network(sizes: tuple[int, int, int, int, int], decay: float) -> keras.Model:
    """Return the same network as a Keras model, with untrained weights.

    It takes rows of two whole numbers and gives a chance for each person.

    Args:
        sizes: Numbers that have a code (36 in Hinton's trees), units of a code (6), of the hidden layer
            (12), of the code of the answer (6), people (24).
        decay: Weight decay of the table and the three matrices: their regularizer is L2(decay / 2).
    """
    # TODO: A Sequential model: an Input of shape (2,) with dtype "int32", an Embedding (the table),
    #   a Flatten (both codes side by side), an Activation, and three Dense layers. The decay of an
    #   Embedding is its embeddings_regularizer, that of a Dense layer its kernel_regularizer.
    raise NotImplementedError("network")


def with_keras(weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Give `network` these seven arrays and ask it about rows ``x``, (m, 2). This is given."""
    table, w1, _b1, _w2, b2, w3, _b3 = weights
    model = network((*table.shape, w1.shape[1], len(b2), w3.shape[1]), decay=0.0)
    model.set_weights(weights)
    return keras.ops.convert_to_numpy(model(x))


def define() -> keras.Model:
    """Return the network for Hinton's trees, not yet compiled; at most 700 parameters."""
    # TODO: network() has it already. How much weight decay? Try none, and see.
    raise NotImplementedError("define")


def compile(model: keras.Model) -> None:
    """Choose the optimizer and the loss; the labels are shares of people, rows that sum to 1."""
    # TODO: Call model.compile. Plain SGD with a momentum of 0.9 is all it takes; which rate?
    raise NotImplementedError("compile")


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on questions x, (100, 2), and their answers y, (100, 24); return the history.

    There are too few rows to spare any for validation.
    """
    # TODO: Call model.fit, in batches of 25, for a few hundred epochs; return what it returns.
    raise NotImplementedError("fit")


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return {"right": share of the held-out questions that are answered right}."""
    # TODO: Ask the model with model.predict; your own right() looks at what it says.
    raise NotImplementedError("evaluate")


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the number of the most probable person for each question, (m,)."""
    # TODO: Of 24 chances, which is the largest?
    raise NotImplementedError("predict")


if __name__ == "__main__":
    # Ann and Bob have two children, Cid and Dot.
    parents = np.array([[-1, -1], [-1, -1], [1, 0], [1, 0]])
    truth = answers(kin(parents, np.array([1, 0, -1, -1])), np.array([1, 0, 0, 1]))
    x, y = questions(truth)
    names = ("Ann", "Bob", "Cid", "Dot")
    for (person, relation), row in zip(x, y):
        said = " and ".join(names[k] for k in np.flatnonzero(row))
        print(f"{names[person]}'s {RELATIONS[relation - 4]}: {said}")
