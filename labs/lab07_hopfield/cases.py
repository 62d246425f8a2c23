"""What the functions of lab 7 are asked.

Couplings are whole numbers over a power of two, so a field is exact in whatever order it is summed.
With an odd number of patterns and an even one of neurons no field is 0; where one is, the case says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labkit import data
from labkit.rubric.by_hand import Call

__all__ = ["LOADS", "cases"]

_DRAWN = """
..####..  ########  ##....##
.##..##.  ########  ##....##
##....##  ##......  ##....##
##....##  ######..  ##....##
########  ######..  ##....##
########  ##......  ###..###
##....##  ########  .######.
##....##  ########  ..####..
"""
LOADS = (9, 21, 29, 37, 49, 65)
"""How many patterns are stored in 256 neurons for the capacity curve."""


def cases(rng: np.random.Generator) -> Iterator[Call]:
    images = _digits(rng)
    yield from _learning(rng, images)
    yield from _measures(rng)
    yield from _together(rng)
    yield from _one_by_one(rng, np.where(images[:3] > 127, 1.0, -1.0).reshape(3, 256))
    for stored in LOADS:
        patterns = _signs(rng, stored, 256)
        yield Call("remembered", f"stored_{stored}", (patterns, patterns, 8))


def _letters() -> np.ndarray:
    """A, E and U on a grid of 8 × 8; each has an overlap of exactly 0 with the others."""
    lines = [line.split() for line in _DRAWN.split("\n")[1:-1]]
    return np.array(
        [[1.0 if pixel == "#" else -1.0 for pixel in "".join(letter)] for letter in zip(*lines)]
    )


def _checkerboard() -> np.ndarray:
    """It has an overlap of 0 with each of the letters too."""
    return np.where(np.indices((8, 8)).sum(axis=0) % 2, -1.0, 1.0).ravel()


def _pair() -> tuple[np.ndarray, np.ndarray]:
    """The patterns of the worked example, and the state that recall starts from."""
    patterns = np.array([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]])
    return patterns, np.array([1.0, 1.0, -1.0, 1.0])


def _learning(rng: np.random.Generator, images: np.ndarray) -> Iterator[Call]:
    """Patterns, and couplings made of them."""
    greys = np.array([[[0, 127], [128, 255]]], dtype=np.uint8)
    levels = rng.normal(size=(4, 3, 5))
    yield Call("to_bipolar", "grey_values", (greys, 127))
    yield Call("to_bipolar", "digits", (images, 127))
    yield Call("to_bipolar", "hidden", (levels, float(levels[1, 2, 3])))
    yield Call("hebb", "worked_example", (_pair()[0],))
    yield Call("hebb", "letters", (_letters(),))
    yield Call("hebb", "hidden", (_signs(rng, 7, 20),))
    patterns = _signs(rng, 3, 64)
    yield Call("remembered", "damaged", (patterns, _damaged(rng, patterns, 12), 5))
    yield Call("remembered", "inverses", (patterns, -patterns, 3))


def _measures(rng: np.random.Generator) -> Iterator[Call]:
    """Energy, overlap, stability, and what a neuron decides."""
    (pair, probe), drawn = _pair(), _letters()
    small, letters, glass = _couplings(pair), _couplings(drawn), _glass(rng)
    few = np.array([pair[0], probe, -pair[1]])
    nobody = np.array([-drawn[0], np.sign(drawn.sum(axis=0)), _checkerboard()])
    valleys = np.concatenate([drawn, nobody, _damaged(rng, drawn, 4)])
    many = _signs(rng, 10, 32)
    yield Call("energy", "worked_example", (small, few))
    yield Call("energy", "valleys", (letters, valleys))
    yield Call("energy", "hidden", (glass, many))
    yield Call("overlap", "worked_example", (few, pair))
    yield Call("overlap", "hidden", (_signs(rng, 5, 30), _signs(rng, 3, 30)))

    fields, states = rng.normal(size=(4, 6)), _signs(rng, 4, 6)
    yield Call("decide", "signs", (fields, states))
    yield Call("decide", "zero_field", (np.where(rng.random((4, 6)) < 0.5, 0.0, fields), states))
    yield Call("is_stable", "worked_example", (small, few))
    yield Call("is_stable", "valleys", (letters, valleys))
    yield Call("is_stable", "zero_field", _with_loners(small, few[::2]))


def _together(rng: np.random.Generator) -> Iterator[Call]:
    """Synchronous recall, by hand and as a layer."""
    (pair, probe), drawn = _pair(), _letters()
    small, letters, board = _couplings(pair), _couplings(drawn), _checkerboard()
    damaged, patterns = _damaged(rng, drawn, 12), _signs(rng, 5, 32)
    probes = _damaged(rng, patterns, 6)
    yield Call("recall_synchronous", "letters", (letters, damaged, 4))
    yield Call("recall_synchronous", "worked_example", (small, probe[None], 3))
    yield Call("recall_synchronous", "checkerboard", (letters, board[None], 5))
    yield Call("recall_synchronous", "hidden", (_glass(rng), _signs(rng, 8, 32), 6))
    yield Call("recall_synchronous", "zero_field", (*_with_loners(small, pair), 3))
    yield Call("run_layer", "one_step", (letters, damaged, 1))
    yield Call("run_layer", "hidden", (_couplings(patterns), probes, 4))
    yield Call("run_layer", "zero_field", (*_with_loners(small, pair), 3))


def _one_by_one(rng: np.random.Generator, digits: np.ndarray) -> Iterator[Call]:
    """Asynchronous recall."""
    (pair, probe), drawn = _pair(), _letters()
    small, letters, board = _couplings(pair), _couplings(drawn), _checkerboard()
    order = rng.integers(0, 32, 96)
    half = digits[np.argmin((digits[:, 128:] > 0).sum(axis=1))].copy()
    half[128:] = -1.0  # paper
    damaged = _damaged(rng, drawn[:1], 14)[0]
    yield Call("recall_asynchronous", "worked_example", (small, probe, np.array([3, 0, 1, 2])))
    yield Call("recall_asynchronous", "the_other_way", (small, probe, np.array([0, 3, 1, 2])))
    yield Call("recall_asynchronous", "letters", (letters, damaged, _sweeps(rng, 64, 2)))
    yield Call("recall_asynchronous", "digits", (_couplings(digits), half, _sweeps(rng, 256, 2)))
    yield Call("recall_asynchronous", "checkerboard", (letters, board, _sweeps(rng, 64, 4)))
    yield Call("recall_asynchronous", "hidden", (_glass(rng), _signs(rng, 1, 32)[0], order))
    weights, states = _with_loners(small, pair)
    yield Call("recall_asynchronous", "zero_field", (weights, states[0], np.arange(6)))


def _digits(rng: np.random.Generator) -> np.ndarray:
    """Middles of handwritten digits, (6, 16, 16); the first three are alike no more than by chance."""
    found = data.load("mnist")
    rows = np.sort(rng.choice(len(found.x_test), 150, replace=False))
    images, labels = found.x_test[rows, 6:22, 6:22], found.y_test[rows]
    flat = np.where(images > 127, 1.0, -1.0).reshape(len(rows), -1)
    alike = np.abs(flat @ flat.T) / flat.shape[1] + (labels[:, None] == labels)
    first, second = np.unravel_index(alike.argmin(), alike.shape)
    third = np.maximum(alike[first], alike[second]).argmin()
    return np.asarray(images[[first, second, third, 0, 1, 2]])


def _couplings(patterns: np.ndarray) -> np.ndarray:
    """Count how much oftener two neurons agree than differ."""
    agree = (patterns[:, :, None] == patterns[:, None, :]).sum(axis=0)
    neurons = patterns.shape[1]
    return (2.0 * agree - len(patterns)) * (1 - np.eye(neurons)) / neurons


def _glass(rng: np.random.Generator) -> np.ndarray:
    """Couplings that no pattern stands behind: odd whole numbers over 32, symmetric."""
    upper = np.triu(rng.integers(-4, 4, (32, 32)) * 2 + 1, 1)
    return (upper + upper.T) / 32


def _with_loners(weights: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two neurons more that are coupled to nobody, one of them -1 and one +1."""
    loners = np.tile([-1.0, 1.0], (len(states), 1))
    return np.pad(weights, (0, 2)), np.hstack([states, loners])


def _damaged(rng: np.random.Generator, patterns: np.ndarray, wrong: int) -> np.ndarray:
    """Each pattern with so many neurons inverted."""
    ranks = rng.random(patterns.shape).argsort(axis=1)
    return np.where(ranks < wrong, -patterns, patterns)


def _sweeps(rng: np.random.Generator, neurons: int, times: int) -> np.ndarray:
    """An order of visits in which every neuron comes so many times."""
    return np.concatenate([rng.permutation(neurons) for _sweep in range(times)])


def _signs(rng: np.random.Generator, count: int, neurons: int) -> np.ndarray:
    return rng.choice([-1.0, 1.0], (count, neurons))
