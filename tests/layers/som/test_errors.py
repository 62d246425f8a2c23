"""What a self-organizing map refuses, in Keras' words: each error ends in what was received."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labkit.layers.som import Decay, SelfOrganizingMap
from tests.layers.som.reference import DATA, sheet


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (np.zeros((4, 3)), "shape"),
        (np.zeros((4, 5, 1)), "shape"),
        (np.zeros(5), "shape"),
        (np.zeros((0, 5)), "at least one sample"),
        (np.array([[1.0, 2, 3, 4, np.inf]]), "finite"),
        (np.array([[1.0, 2, -np.inf, 4, np.nan]]), "finite"),
        (np.array([[1.0, 2, 3, 4, 5], [np.nan] * 5]), "only NaN in row 1"),
        ([["a"] * 5], "numbers"),
    ],
)
def test_data_it_cannot_learn_from_are_refused(data: Any, words: str) -> None:
    som = sheet()
    for use in (som.adapt, som.quantization_error, som.topographic_error, som.hit_map):
        with pytest.raises(ValueError, match=words) as error:
            use(data)
        assert "Received: " in str(error.value)


@pytest.mark.parametrize(
    "options",
    [
        {"rows": 0},
        {"columns": 2.5},
        {"rows": True},
        {"seed": -1},
        {"seed": 1.5},
        {"topology": "triangular"},
        {"neighbourhood": "square"},
        {"start": "zero"},
        {"output": "name"},
        {"radius": 0},
        {"radius": -1.0},
        {"radius": Decay(1.0, 0.0, "linear")},
        {"learning_rate": float("nan")},
        {"topology": "hexagonal", "torus": True, "columns": 3},
    ],
)
def test_a_map_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received: "):
        SelfOrganizingMap(**{"rows": 2, "columns": 2, **options})


@pytest.mark.parametrize("options", [{"epochs": 0}, {"epochs": 1.5}, {"rule": "slow"}])
def test_training_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received: "):
        sheet().adapt(DATA, **options)


def test_inputs_without_a_number_of_features_are_refused() -> None:
    with pytest.raises(ValueError, match="Received: "):
        SelfOrganizingMap(2, 2).build((None, None))
    with pytest.raises(ValueError, match="ndim"):
        sheet()(np.zeros((2, 3, 5)))


def test_labels_that_name_no_class_are_refused() -> None:
    for labels in (np.zeros(3, int), np.zeros(90), -np.ones(90, int)):
        with pytest.raises(ValueError, match="Received: "):
            sheet().class_map(DATA, labels)


def test_a_map_without_weights_cannot_be_read() -> None:
    som = SelfOrganizingMap(2, 2)
    for read in (som.u_matrix, lambda: som.hit_map(DATA), lambda: som.quantization_error(DATA)):
        with pytest.raises(ValueError, match=r"`adapt\(data\)` first. Received: "):
            read()


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize(("rule", "epochs"), [("online", 40), ("batch", 200)])
def test_weights_that_grow_without_a_bound_are_refused(rule: Any, epochs: int, gaps: bool) -> None:
    x = np.random.default_rng(0).normal(size=(150, 7))
    if gaps:
        x[::3, 0] = np.nan
    som = SelfOrganizingMap(10, 10, neighbourhood="mexican_hat", seed=0)
    som.adapt(x, epochs=1)
    before = som.get_weights()[0]
    with pytest.raises(
        ValueError, match=f"beyond all bounds.*Received: .*rule='{rule}', epochs={epochs}"
    ):
        som.adapt(x, epochs, rule)
    np.testing.assert_array_equal(som.get_weights()[0], before)
