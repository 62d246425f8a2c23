"""What the functions of lab 18 are asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit.rubric.by_hand import Call

__all__ = ["DELAY", "MOST", "SEEN", "cases"]

DELAY = 3
"""How many steps later a bit is to be echoed."""

MOST = 8.0
"""The largest global norm of a gradient in the long trainings."""

SEEN = 16
"""After how many steps the wave has to go on by itself."""

_UNITS, _STEPS = 8, 60


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield from _forward(rng)
    yield from _ordered(rng)
    yield from _gradients(rng)
    yield from _distances(rng)
    yield from _training(rng)
    yield from _ahead(rng)
    yield from _universal(rng)


def _weights(rng: np.random.Generator, inputs: int, units: int, outputs: int) -> list[np.ndarray]:
    shapes = ((units, inputs), (units, units), (units,), (outputs, units), (outputs,))
    return [rng.normal(0, 0.6, shape) for shape in shapes]


def _example() -> tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """One unit that is to say, two steps later, that there was a 1."""
    weights = [np.array(w) for w in ([[1.0]], [[1.0]], [0.0], [[1.0]], [0.0])]
    return weights, np.array([[1.0], [0], [0]]), np.array([[0.0], [0], [1]]), np.zeros(1)


def _line(units: int) -> list[np.ndarray]:
    """A delay line: the first unit takes the input, each other one what its neighbour was."""
    w_x, w_y = np.zeros((units, 1)), np.zeros((1, units))
    w_x[0], w_y[0, DELAY] = 1.3, 1.15
    return [w_x, 1.5 * np.eye(units, k=-1), np.zeros(units), w_y, np.zeros(1)]


def _bits(rng: np.random.Generator, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Bits of -1 and +1, and their echo, which is 0 before the first."""
    bits = rng.choice([-1.0, 1.0], (steps, 1))
    return bits, np.concatenate([np.zeros((DELAY, 1)), bits[:-DELAY]])


def _forward(rng: np.random.Generator) -> Iterator[Call]:
    weights, x, _d, start = _example()
    bits, _echo = _bits(rng, 30)
    dense = [*_weights(rng, 1, _UNITS, 1)]
    hidden = (_weights(rng, 3, 5, 2), rng.normal(size=(9, 3)), rng.uniform(-0.9, 0.9, 5))
    yield Call("unroll", "worked_example", (weights, x, start))
    yield Call("unroll", "hidden", hidden)
    yield Call("unroll", "delay_line", (_line(_UNITS), bits, np.zeros(_UNITS)))
    yield Call("unroll", "dense", (dense, bits, np.zeros(_UNITS)))
    yield Call("with_keras", "worked_example", (weights, x, start))
    yield Call("with_keras", "hidden", hidden)


def _ordered(rng: np.random.Generator) -> Iterator[Call]:
    werbos = np.array([[0.0, 0, 0], [4, 0, 0], [3, 5, 0]])
    some = np.tril(rng.normal(size=(8, 8)), -1) * (rng.random((8, 8)) < 0.6)
    some[-1, -2] = some[-2, -4] = 1.5
    yield Call("ordered_derivatives", "worked_example", (werbos,))
    yield Call("ordered_derivatives", "chain", (np.diag(rng.uniform(0.5, 2, 5), -1),))
    yield Call("ordered_derivatives", "unrolled", (_shared(rng, 5),))
    yield Call("ordered_derivatives", "hidden", (some,))


def _shared(rng: np.random.Generator, steps: int) -> np.ndarray:
    """Simple derivatives of a unit's weight, its states h_t = tanh(w h_{t-1} + x_t), and its cost.

    The weight, quantity 0, acts on every state but the first.
    """
    w, h, direct = 0.9, rng.uniform(-0.8, 0.8, steps + 1), np.zeros((steps + 3, steps + 3))
    for t in range(1, steps + 1):
        direct[t + 1, 0] = (1 - h[t] ** 2) * h[t - 1]
        direct[t + 1, t] = (1 - h[t] ** 2) * w
    direct[-1, -2] = h[-1] - 0.5
    return direct


def _gradients(rng: np.random.Generator) -> Iterator[Call]:
    weights, x, d, start = _example()
    states = np.tanh(rng.normal(size=(8, 5)))
    yield Call("backward", "hidden", (_weights(rng, 3, 5, 2), states, rng.normal(size=(7, 2))))
    only_last = np.concatenate([np.zeros((6, 2)), rng.normal(size=(1, 2))])
    yield Call("backward", "only_the_end", (_weights(rng, 3, 5, 2), states, only_last))
    yield Call("gradient", "worked_example", (weights, x, d, start))
    yield Call("truncated", "worked_example", (weights, x, d, start, 2))

    own, long = _weights(rng, 2, 4, 3), (rng.normal(size=(11, 2)), rng.normal(size=(11, 3)))
    begin = rng.uniform(-0.8, 0.8, 4)
    yield Call("gradient", "hidden", (own, *long, begin))
    yield Call("gradient", "one_step", (own, long[0][:1], long[1][:1], begin))
    for k in (1, 4, 11, 20):
        yield Call("truncated", f"windows_of_{k}", (own, *long, begin, k))


def _distances(rng: np.random.Generator) -> Iterator[Call]:
    """Influence by distance for given matrices, and gradients to be clipped."""
    turn = np.linalg.qr(rng.normal(size=(_UNITS, _UNITS)))[0]
    rest = np.zeros((31, _UNITS))
    yield Call("influence", "worked_example", (np.array([[0.0, 2], [0.125, 0]]), np.zeros((5, 2))))
    yield Call("influence", "vanishing", (0.8 * turn, rest))
    yield Call("influence", "keeping", (turn, rest))
    yield Call("influence", "exploding", (1.25 * turn, rest))
    yield Call("influence", "driven", (1.25 * turn, np.tanh(rng.normal(size=rest.shape))))
    yield Call("influence", "hidden", (rng.normal(size=(4, 4)), np.tanh(rng.normal(size=(7, 4)))))

    own = [rng.normal(0, 3, shape) for shape in ((3, 2), (3, 3), (3,))]
    small = [array / 100 for array in own]
    yield Call("clip", "worked_example", ([np.array([3.0]), np.array([[0.0, 4.0]])], 1.0))
    yield Call("clip", "large", (own, 2.5))
    yield Call("clip", "small", (small, 2.5))
    yield Call("clip", "zero", ([0 * array for array in own], 2.5))


def _training(rng: np.random.Generator) -> Iterator[Call]:
    sizes = (0.5, 0.3 / _UNITS**0.5, 0.0, 1 / _UNITS**0.5, 0.0)
    weights = [size * w / 0.6 for size, w in zip(sizes, _weights(rng, 1, _UNITS, 1))]
    few, more = _bits(rng, 12), _bits(rng, _STEPS)
    yield Call("train", "whole", (weights, *few, 0.05, 1.5, 12, 6))
    yield Call("train", "windows", (weights, *few, 0.05, 1e6, 5, 6))
    yield Call("train", "echo", (weights, *more, 0.005, MOST, _STEPS, 150))
    yield Call("train", "echo_in_short_windows", (weights, *more, 0.005, MOST, 2, 150))


def _ahead(rng: np.random.Generator) -> Iterator[Call]:
    weights, sequence = _weights(rng, 2, 4, 2), rng.normal(size=(9, 2))
    begin = rng.uniform(-0.8, 0.8, 4)
    yield Call("run_ahead", "forced", (weights, sequence, begin, 9))
    yield Call("run_ahead", "half", (weights, sequence, begin, 5))
    yield Call("run_ahead", "free", (weights, sequence, begin, 1))
    wave, turn, small = np.sin(np.arange(81) * np.pi / 8)[:, None], 1.03 * np.pi / 8, 0.2
    follow = [np.array(w) for w in ([[small], [0]], [[0.0, 0], [1, 0]], [0.0, 0])]
    follow += [np.array([[2 * np.cos(turn), -1.0]]) / small, np.zeros(1)]
    begin = np.array([-small * np.sin(np.pi / 8), 0.0])
    yield Call("run_ahead", "wave_forced", (follow, wave, begin, len(wave)))
    yield Call("run_ahead", "wave_free", (follow, wave, begin, SEEN))


def _universal(rng: np.random.Generator) -> Iterator[Call]:
    small = ([[1.0], [0.0]], [[0.0, 0], [1, 0]], [[0.0, 0], [0, 0.5]], [0.0, 0], [[1.0], [0]], [0.0, 0])
    yield Call("universal", "worked_example", tuple(np.array(array) for array in small))
    w_in, square = rng.normal(0, 0.6, (6, 2)), rng.normal(0, 0.5, (2, 6, 6))
    w_now, w_before = np.tril(square[0], -1), square[1]
    rest = (rng.normal(0, 0.3, 6), rng.normal(size=(8, 2)), rng.uniform(-0.8, 0.8, 6))
    yield Call("universal", "layers", (w_in, w_now, 0 * w_before, *rest))
    yield Call("universal", "simple", (w_in, 0 * w_now, w_before, *rest))
    yield Call("universal", "hidden", (w_in, w_now, w_before, *rest))
