"""Lab 18: recurrence by hand. A network that remembers, and a gradient that goes back in time.

Run it with `make lab18` or `labkit run lab18`. You write ten small functions with NumPy, and at the end
the same network in Keras. README.md in this folder has the idea and the mathematics.

Where a function takes `weights` they are a list of five arrays, for D inputs, H units and O outputs:
w_x (H, D), w_h (H, H), b (H,), w_y (O, H) and c (O,). A sequence `x` is (T, D), what it should give,
`d`, is (T, O), and `start` is the state before the first step, (H,).
"""

import keras
import numpy as np


def unroll(weights: list, x: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Run the network over a sequence: h_t = tanh(w_x x_t + w_h h_{t-1} + b), y_t = w_y h_t + c.

    Returns:
        The states, (T + 1, H), of which the first is ``start``; the outputs, (T, O).
    """
    # cut: Keep a list of states, `start` first, and let each step of x append one. An output reads the
    # state of its own step.
    w_x, w_h, b, w_y, c = weights
    states = [start]
    for value in x:
        states.append(np.tanh(w_x @ value + w_h @ states[-1] + b))
    states = np.array(states)
    return states, states[1:] @ w_y.T + c
    # end cut


def ordered_derivatives(direct: np.ndarray) -> np.ndarray:
    """Return the ordered derivatives of the last quantity of a system with respect to each, (n,).

    Quantities 0 to n - 1 are computed in this order, each from earlier ones. Of the last one with
    respect to itself the derivative is 1.

    Args:
        direct: (n, n). In row j and column i stands the simple derivative of quantity j with respect
            to quantity i: of its own equation, all else held still. It is 0 unless i < j.
    """
    # cut: Go from the last quantity to the first. Each one's derivative is a sum over all later ones:
    # theirs, times the simple derivative that leads there.
    total = np.zeros(len(direct))
    total[-1] = 1.0
    for i in reversed(range(len(direct) - 1)):
        total[i] = total[i + 1 :] @ direct[i + 1 :, i]
    return total
    # end cut


def backward(weights: list, states: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Return the ordered derivatives of the cost with respect to the net inputs of all steps, (T, H).

    The cost is 1/2 the sum of the squares of y_t - d_t, over all steps and outputs.

    Args:
        weights: The five arrays.
        states: As unroll() returns them, (T + 1, H).
        errors: y_t - d_t for each step, (T, O).
    """
    # cut: From the last step to the first: a state acts on the output of its own step and, through
    # w_h, on the net input of the next. The sum of both, times the slope of tanh, is the delta.
    _w_x, w_h, _b, w_y, _c = weights
    deltas = np.zeros((len(errors), len(w_h)))
    later = np.zeros(len(w_h))
    for t in reversed(range(len(errors))):
        later = (w_y.T @ errors[t] + w_h.T @ later) * (1 - states[t + 1] ** 2)
        deltas[t] = later
    return deltas
    # end cut


def gradient(weights: list, x: np.ndarray, d: np.ndarray, start: np.ndarray) -> tuple:
    """Return the gradient of the cost by backpropagation through time.

    The cost is 1/2 the sum of the squares of y_t - d_t, over all steps and outputs; not a mean.

    Returns:
        Five arrays of the shapes of w_x, w_h, b, w_y and c, in this order.
    """
    # cut: unroll(), then backward(). A weight is used in every step, so its gradient is a sum over all
    # of them: of what comes after it (delta or error), times what came into it.
    states, outputs = unroll(weights, x, start)
    errors = outputs - d
    deltas = backward(weights, states, errors)
    return deltas.T @ x, deltas.T @ states[:-1], deltas.sum(0), errors.T @ states[1:], errors.sum(0)
    # end cut


def truncated(weights: list, x: np.ndarray, d: np.ndarray, start: np.ndarray, k: int) -> tuple:
    """Return the gradient by truncated backpropagation through time, as gradient() returns it.

    The sequence is cut into windows of k steps from its beginning; the last one may be shorter. Each
    window starts from the state that the one before ended with, and that state counts as given: no
    derivative goes back beyond it. The gradients of all windows are added; no weight changes.
    """
    # cut: unroll() the whole sequence once: it has the state that each window starts from. Then
    # gradient() of each window, and five sums.
    states, _outputs = unroll(weights, x, start)
    total = [np.zeros_like(w) for w in weights]
    for first in range(0, len(x), k):
        window = gradient(weights, x[first : first + k], d[first : first + k], states[first])
        total = [so_far + more for so_far, more in zip(total, window)]
    return tuple(total)
    # end cut


def influence(w_h: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return how much the last state depends on each earlier one, by distance, (T + 1,).

    Number s is the spectral norm of the matrix of derivatives of h_T with respect to h_{T-s}: its
    largest singular value, np.linalg.norm(matrix, 2). For s = 0 the matrix is the identity.

    Args:
        w_h: (H, H).
        states: h_0 to h_T, (T + 1, H), as unroll() returns them.
    """
    # cut: The derivative of h_t with respect to h_{t-1} is w_h, its row i multiplied by the slope of
    # unit i at step t. Begin with the identity and go back; on which side does the next one come?
    matrix = np.eye(len(w_h))
    norms = [1.0]
    for state in states[:0:-1]:
        matrix = matrix @ ((1 - state**2)[:, None] * w_h)
        norms.append(np.linalg.norm(matrix, 2))
    return np.array(norms)
    # end cut


def clip(gradients: list, most: float) -> tuple:
    """Return the arrays of ``gradients``, scaled so that their global norm is at most ``most``.

    The global norm is the root of the sum of the squares of all numbers in all arrays. Where it is not
    above ``most``, the arrays come back as they are; zeros stay zeros.
    """
    # cut: One norm for all arrays together, and one factor, which is never above 1.
    norm = np.sqrt(sum(np.sum(array**2) for array in gradients))
    factor = most / norm if norm > most else 1.0
    return tuple(factor * array for array in gradients)
    # end cut


def train(
    weights: list, x: np.ndarray, d: np.ndarray, rate: float, most: float, k: int, steps: int
) -> tuple:
    """Descend from ``weights`` by truncated and clipped gradients, always from a state of zeros.

    A step goes through the whole sequence, clips the gradient of truncated() to ``most``, and changes
    all weights once, by ``rate``.

    Returns:
        The five arrays of weights; the costs, (steps + 1,): before the first step and after each; the
        global norms of the gradients before they were clipped, (steps,).
    """
    # cut: In each step: truncated(), its global norm into a list, clip(), and the weights minus rate
    # times that. The cost is 1/2 the sum of the squares of the errors that unroll() leaves.
    start = np.zeros(len(weights[1]))

    def cost() -> float:
        return 0.5 * np.sum((unroll(weights, x, start)[1] - d) ** 2)

    costs, norms = [cost()], []
    for _step in range(steps):
        slopes = truncated(weights, x, d, start, k)
        norms.append(np.sqrt(sum(np.sum(array**2) for array in slopes)))
        weights = [w - rate * slope for w, slope in zip(weights, clip(slopes, most))]
        costs.append(cost())
    return *weights, np.array(costs), np.array(norms)
    # end cut


def run_ahead(weights: list, sequence: np.ndarray, start: np.ndarray, seen: int) -> np.ndarray:
    """Let a network with as many outputs as inputs guess, step by step, what comes next.

    Args:
        weights: The five arrays, with O = D.
        sequence: What really comes, (T, D).
        start: The state before the first step.
        seen: The inputs of the first so many steps, at least 1, are the sequence itself (teacher
            forcing). From then on each input is the network's own output of the step before.

    Returns:
        The outputs of all steps, (T, D).
    """
    # cut: unroll() takes a sequence of a single step as well, (1, D). Keep its last state and its
    # output for the next.
    state, outputs = start, []
    for t in range(len(sequence)):
        value = sequence[t] if t < seen else outputs[-1]
        states, answer = unroll(weights, value[None], state)
        state = states[-1]
        outputs.append(answer[0])
    return np.array(outputs)
    # end cut


def universal(
    w_in: np.ndarray,
    w_now: np.ndarray,
    w_before: np.ndarray,
    b: np.ndarray,
    x: np.ndarray,
    start: np.ndarray,
) -> np.ndarray:
    """Run a universal recurrent network of N nodes, which compute one after another in each step.

    Node i adds up: all inputs of the step, times its row of ``w_in``, (N, D); what nodes 0 to i - 1
    have become in this step, times its row of ``w_now``, (N, N), which is 0 from column i on; what all
    nodes were in the step before, times its row of ``w_before``, (N, N); and its bias, of ``b``, (N,).
    Its output is the tanh of the sum.

    Returns:
        The outputs of all nodes, (T + 1, N); the first row is ``start``.
    """
    # cut: Two loops: over steps and, in each, over nodes. What comes from the inputs and the step
    # before may be added up for all nodes at once; what comes from earlier nodes may not.
    rows = [start]
    for value in x:
        net = w_in @ value + w_before @ rows[-1] + b
        now = np.zeros(len(b))
        for i in range(len(b)):
            now[i] = np.tanh(net[i] + w_now[i, :i] @ now[:i])
        rows.append(now)
    return np.array(rows)
    # end cut


def with_keras(weights: list, x: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the outputs of the same network, (T, O), made of the layers SimpleRNN and Dense."""
    # cut: Build SimpleRNN(..., return_sequences=True) and Dense, give them their weights with
    # set_weights(), and call them with a batch of one sequence and its initial_state. Keras multiplies
    # x @ kernel: what has to be transposed?
    w_x, w_h, b, w_y, c = weights
    recurrent = keras.layers.SimpleRNN(len(b), return_sequences=True)
    recurrent.build((None, None, w_x.shape[1]))
    recurrent.set_weights([w_x.T, w_h.T, b])
    readout = keras.layers.Dense(len(c))
    readout.build((None, None, len(b)))
    readout.set_weights([w_y.T, c])
    return np.asarray(readout(recurrent(x[None], initial_state=start[None])))[0]
    # end cut


if __name__ == "__main__":
    rng = np.random.default_rng(18)
    bits = rng.choice([-1.0, 1.0], (60, 1))
    echo = np.concatenate([np.zeros((3, 1)), bits[:-3]])
    shapes, sizes = [(8, 1), (8, 8), (8,), (1, 8), (1,)], [0.5, 0.1, 0.0, 0.3, 0.0]
    untrained = [rng.normal(0, size, shape) for shape, size in zip(shapes, sizes)]
    *trained, costs, norms = train(untrained, bits, echo, rate=0.005, most=8.0, k=60, steps=150)
    print("cost at the beginning", costs[0].round(2), "and at the end", costs[-1].round(2))
    print("largest gradient", norms.max().round(1), "and last one", norms[-1].round(2))
    print("bits:  ", bits[-13:-3, 0])
    print("echoes:", unroll(trained, bits, np.zeros(8))[1][-10:, 0].round(1))
