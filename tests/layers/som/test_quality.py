from __future__ import annotations

import numpy as np

from labkit.layers.som.grid import Grid
from labkit.layers.som.map import SelfOrganizingMap
from labkit.layers.som.quality import class_map, hit_map, topographic_error, u_matrix


def test_the_quantization_error_is_the_mean_distance_to_the_best_units() -> None:
    som = SelfOrganizingMap(1, 2, dtype="float64")
    som.build((None, 2))
    som.set_weights([np.array([[[0.0, 0.0], [10.0, 0.0]]])])
    assert som.quantization_error([[0.0, 3.0], [10.0, 1.0]]) == 2
    assert som.quantization_error([[np.nan, 3.0], [10.0, np.nan]]) == 1.5


def test_the_topographic_error_counts_second_units_that_lie_apart() -> None:
    best = np.array([[0, 1], [0, 4], [0, 2], [0, 8]])
    assert topographic_error(best, Grid(3, 3)) == 0.5


def test_a_torus_brings_opposite_borders_together() -> None:
    assert topographic_error(np.array([[0, 8]]), Grid(3, 3, torus=True)) == 0


def test_a_single_unit_makes_no_topographic_error() -> None:
    som = SelfOrganizingMap(1, 1)
    som.adapt([[1.0], [2.0]])
    assert som.topographic_error([[1.0]]) == 0
    assert som.u_matrix().tolist() == [[0]]


def test_the_u_matrix_is_high_between_clusters() -> None:
    weights = np.array([[0.0], [0.0], [0.0], [6.0], [6.0]])
    assert u_matrix(weights, Grid(1, 5)).tolist() == [[0, 0, 3, 3, 0]]


def test_every_sample_hits_one_unit() -> None:
    assert hit_map(np.array([0, 3, 3]), Grid(2, 2)).tolist() == [[1, 0], [0, 2]]


def test_the_class_map_takes_the_most_frequent_class() -> None:
    found = class_map(np.array([0, 0, 0, 3, 3]), np.array([2, 1, 1, 7, 5]), Grid(2, 2))
    assert found.tolist() == [[1, -1], [-1, 5]]


def test_classes_may_be_any_whole_numbers_and_the_smaller_of_equals_counts() -> None:
    found = class_map(np.array([0, 0, 1]), np.array([10**12, 7, 10**12]), Grid(1, 2))
    assert found.tolist() == [[7, 10**12]]


def test_empty_units_are_minus_one_with_labels_without_a_sign() -> None:
    labels = np.array([2, 2, 1], "uint8")
    assert class_map(np.array([0, 0, 2]), labels, Grid(1, 3)).tolist() == [[2, -1, 1]]


def test_the_u_matrix_of_a_large_map_needs_no_table_of_all_pairs() -> None:
    """Such a table would take 80 GB."""
    grid = Grid(1, 100_000)
    assert (u_matrix(np.arange(100_000.0)[:, None], grid) == 1).all()


def test_a_map_reads_its_own_samples() -> None:
    x = np.repeat(np.eye(3), 5, axis=0)
    som = SelfOrganizingMap(3, 3, start="pca", dtype="float64")
    som.adapt(x, 20)
    classes = som.class_map(x, np.repeat([0, 1, 2], 5))
    assert set(classes.ravel()) >= {0, 1, 2}
    assert som.hit_map(x).sum() == 15
