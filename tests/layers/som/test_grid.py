from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.som.grid import Grid, neighbourhood

SIZES = st.integers(1, 7)
GRIDS = st.builds(
    lambda rows, half, topology, torus: Grid(rows, 2 * half, topology, torus),
    SIZES, st.integers(1, 4), st.sampled_from(["rectangular", "hexagonal"]), st.booleans(),
)  # fmt: skip


def adjacency(grid: Grid) -> np.ndarray:
    """How often each pair of units is named as neighbours."""
    table = np.zeros((grid.units, grid.units), dtype=int)
    np.add.at(table, grid.neighbours(), 1)
    return table


def test_a_square_unit_has_eight_neighbours_inside_and_three_in_a_corner() -> None:
    counts = adjacency(Grid(4, 5)).sum(1).reshape(4, 5)
    assert counts[1, 1] == 8 and counts[0, 0] == 3 and counts[0, 2] == 5


def test_a_hexagonal_unit_has_six_neighbours_at_distance_one() -> None:
    grid = Grid(4, 5, "hexagonal")
    near = adjacency(grid)
    assert near.sum(1).reshape(4, 5)[1, 2] == 6
    np.testing.assert_allclose(np.hypot(*grid.between())[near == 1], 1)


@pytest.mark.parametrize(("topology", "count"), [("rectangular", 8), ("hexagonal", 6)])
def test_on_a_torus_no_unit_lies_at_the_border(topology: str, count: int) -> None:
    assert (adjacency(Grid(4, 6, topology, torus=True)).sum(1) == count).all()


@settings(derandomize=True, max_examples=40, deadline=None)
@given(GRIDS)
def test_steps_are_the_shortest_way_from_neighbour_to_neighbour(grid: Grid) -> None:
    steps = np.asarray(grid.steps(*grid.between()))
    assert (adjacency(grid) == (steps == 1)).all()
    reached, near = np.eye(grid.units, dtype=bool), adjacency(grid)
    found = np.where(reached, 0, -1)
    for step in range(1, grid.units + 1):
        reached = reached | (reached @ near > 0)
        found[reached & (found < 0)] = step
    assert (steps == found).all()


@settings(derandomize=True, max_examples=40, deadline=None)
@given(GRIDS, st.sampled_from(["gaussian", "bubble", "mexican_hat"]), st.floats(0.3, 5))
def test_a_neighbourhood_is_mutual_and_one_at_its_centre(grid: Grid, kind: str, radius: float) -> None:
    h = np.asarray(neighbourhood(kind, grid, *grid.between(), np.float64(radius)))
    np.testing.assert_allclose(h, h.T)
    np.testing.assert_allclose(np.diag(h), 1)
    assert (h <= 1).all()


def test_the_mexican_hat_is_negative_beyond_its_radius() -> None:
    grid = Grid(1, 9)
    h = np.asarray(neighbourhood("mexican_hat", grid, *grid.between(), np.float64(2.0)))[0]
    assert (h[:2] > 0).all() and h[2] == pytest.approx(0) and (h[3:] < 0).all()


def test_a_bubble_ends_before_its_radius() -> None:
    grid = Grid(1, 6)
    h = np.asarray(neighbourhood("bubble", grid, *grid.between(), np.float64(2.0)))[0]
    assert h.tolist() == [1, 1, 0, 0, 0, 0]
