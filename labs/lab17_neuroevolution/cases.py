"""What the functions of lab 17 are asked. All that is random in genetics is drawn here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from lab17_neuroevolution import pole

from labkit.rubric.by_hand import Call

__all__ = ["ANGLE_ONLY", "XOR", "cases", "starts"]

XOR = [5.0, 5.0, 5.0, 5.0, -2.5, -7.5, 3.0, -3.0, -3.0]
"""Genes of the worked example: two hidden neurons, one for "at least one", one for "both"."""

ANGLE_ONLY = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]
"""A player with one hidden neuron that follows the angle of the pole and knows nothing else."""

_XOR_SIZE, _POLE_SIZE = 4 * 3 + 1, 6 * pole.HIDDEN + 1  # genes, with 3 and with 4 hidden neurons
_XOR_SEEDS, _POLE_SEEDS = 5, 3
_CROWD, _STARTS = 500, 4  # players, games of each
_GAINS = [0.02, 0.05, 1.0, 0.2]  # of a player that mostly lasts, to position, speed, angle, turning
_START = [0.3, 0.15, 0.04, 0.15]  # m, m/s, rad, rad/s


def starts(rng: np.random.Generator, count: int) -> np.ndarray:
    """States in which a game may start, (count, 4), a little wider than the usual ± 0.05 in all."""
    return rng.uniform(-1, 1, (count, 4)) * _START


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield from _networks(rng)
    yield from _selection(rng)
    yield from _variation(rng)
    for seed in range(1, _XOR_SEEDS + 1):
        genes, *luck = _breeding(rng, 100, 2, 50, _XOR_SIZE, spread=1.0, share=0.3)
        wheel = rng.random((50, 2, 98))
        yield Call("solve_xor", f"population_{seed}", (genes, wheel, *luck))
    yield from _game(rng)
    for seed in range(1, _POLE_SEEDS + 1):
        genes, *luck = _breeding(rng, _CROWD, 5, 12, _POLE_SIZE, spread=0.5, share=0.1)
        entrants = rng.integers(0, _CROWD, (12, 2, _CROWD - 5, 5))
        arguments = (genes, starts(rng, _STARTS), pole.STEPS, entrants, *luck)
        yield Call("balance", f"population_{seed}", arguments)


def _networks(rng: np.random.Generator) -> Iterator[Call]:
    xor, corners = np.array([XOR]), np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    two, three = rng.normal(size=(6, 9)), rng.normal(size=(5, 3 * 5 + 1))
    yield Call("decode", "worked_example", (xor, 2))
    yield Call("decode", "counted", (np.arange(32.0).reshape(2, 16), 3))
    yield Call("decode", "hidden", (rng.normal(size=(4, 6 * 5 + 1)), 4))
    yield Call("answers", "worked_example", (xor, corners))
    yield Call("answers", "same_samples", (three, rng.normal(size=(7, 3))))
    yield Call("answers", "own_samples", (two, rng.normal(size=(6, 4, 2))))
    yield Call("with_keras", "worked_example", (xor[0], corners))
    yield Call("with_keras", "hidden", (three[0], rng.normal(size=(6, 3))))
    yield Call("fitness_xor", "worked_example", (xor,))
    yield Call("fitness_xor", "nothing", (np.zeros((1, 9)),))
    yield Call("fitness_xor", "hidden", (rng.normal(size=(8, _XOR_SIZE)),))


def _selection(rng: np.random.Generator) -> Iterator[Call]:
    few, equals = np.array([30.0, 10.0, 20.0]), rng.integers(0, 4, 40).astype(float)
    many = rng.permutation(60) + rng.random(60)
    small, large = rng.integers(0, 60, (2, 9, 3)), rng.integers(0, 40, (2, 12, 4))
    yield Call("best", "worked_example", (few, 2))
    yield Call("best", "hidden", (many, 12))
    yield Call("best", "equals", (equals, 15))
    yield Call("by_tournament", "worked_example", (few, np.array([[1, 2], [2, 0], [1, 1]])))
    yield Call("by_tournament", "hidden", (many, small))
    yield Call("by_tournament", "equals", (equals, large))
    yield Call("by_rank", "worked_example", (few, np.array([0.1, 0.3, 0.9])))
    yield Call("by_rank", "edges", (few, np.array([0.0, 0.5, 0.999])))
    yield Call("by_rank", "hidden", (many, rng.random((2, 50))))
    yield Call("by_rank", "equals", (equals, rng.random(50)))


def _variation(rng: np.random.Generator) -> Iterator[Call]:
    a, b = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[10.0, 20.0, 30.0, 40.0]])
    mask, where = np.array([[True, False, False, True]]), np.array([[False, True, False, True]])
    noise = np.array([[0.5, -0.5, 0.5, -0.5]])
    yield Call("crossover", "worked_example", (a, b, mask))
    yield Call("crossover", "hidden", (*rng.normal(size=(2, 6, 9)), rng.random((6, 9)) < 0.5))
    yield Call("mutate", "worked_example", (np.array([[1.0, 20.0, 30.0, 4.0]]), noise, where))
    yield Call("mutate", "hidden", (*rng.normal(size=(2, 6, 9)), rng.random((6, 9)) < 0.3))
    parents = np.array([[0, 2], [2, 0]])
    genes = np.concatenate([a, 5 * a, b])
    both = (np.tile(part, (2, 1)) for part in (mask, noise, where))
    yield Call("next_generation", "worked_example", (genes, np.array([30.0, 10, 20]), parents, *both))
    crowd, mask, noise, where = _breeding(rng, 30, 4, 1, 9, spread=0.5, share=0.3)
    fitness = rng.permutation(30) + rng.random(30)
    parents = rng.integers(0, 30, (2, 26))
    yield Call("next_generation", "hidden", (crowd, fitness, parents, mask[0], noise[0], where[0]))


def _game(rng: np.random.Generator) -> Iterator[Call]:
    rest = np.zeros((1, 4))
    states = rng.uniform(-1, 1, (6, 3, 4)) * [2.4, 3.0, 0.2, 3.0]
    edges = np.array([[2.4, 0, 0, 0], [-2.41, 0, 0, 0], [2.41, 0, 0, 0], [0, 9, 0.2, -9]])
    tilts = np.array([[0.0, 0, 0.2095, 0], [0, 0, -0.2095, 0], [1, 1, 0.2094, 1], [0, 3, -0.2094, 0]])
    yield Call("step", "worked_example", (rest, np.array([True])))
    yield Call("step", "mirrored", (rest, np.array([False])))
    yield Call("step", "hidden", (states, rng.random((6, 3)) < 0.5))
    yield Call("fallen", "limits", (np.array([edges, tilts]),))
    yield Call("fallen", "hidden", (rng.uniform(-1, 1, (20, 4)) * [3.6, 9, 0.31, 9],))
    idle, pusher = np.zeros(7), np.array([0.0, 0, 0, 0, 0, 0, 1])
    leaner = np.array([0.0, 0, 1, 0.2, 0, 1, 0])
    simple = np.array([idle, pusher, ANGLE_ONLY, leaner])
    yield Call("play", "worked_example", (simple, np.array([[0.0, 0, 0, 0], [0, 0, 0.05, 0]]), 60))
    yield Call("play", "population", (_players(rng), starts(rng, _STARTS), pole.STEPS))


def _players(rng: np.random.Generator) -> np.ndarray:
    """A crowd that lasts for anything between a few steps and all of them, (P, G)."""
    players = 0.3 * rng.normal(size=(_CROWD, _POLE_SIZE))
    for player in players[: _CROWD // 2]:
        weights = 0.2 * rng.normal(size=(6, pole.HIDDEN))
        weights[:4, 0] += np.array(_GAINS) * rng.uniform(0, 2, 4)
        weights[4:, 0] = 0, 5
        player[:] = [*weights.ravel(), 0.0]
    return players


def _breeding(
    rng: np.random.Generator, count: int, elite: int, times: int, size: int, spread: float, share: float
) -> tuple[np.ndarray, ...]:
    """A first generation, (P, G), and masks, noises and wheres of its children, each (T, C, G)."""
    shape = (times, count - elite, size)
    genes = rng.normal(size=(count, size))
    return genes, rng.random(shape) < 0.5, rng.normal(0, spread, shape), rng.random(shape) < share
