"""Descriptions that would keep whoever follows them busy without an end, or break the screen itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import pytest

from labkit.errors import ModelFileDamaged, ModelFileUnsafe
from labkit.lifecycle.h5 import load
from labkit.lifecycle.screen import inspect
from tests.submissions.modelfile import model_file

INPUT = {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}}
SGD = {"class_name": "SGD", "config": {}}


def _layer(name: str, kind: str = "ReLU", **fields: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name, **fields}}


def _row(count: int) -> dict[str, Any]:
    layers = [INPUT, *(_layer(f"layer{number}") for number in range(count))]
    return {"class_name": "Sequential", "config": {"name": "row", "layers": layers}}


def _graph(layer: dict[str, Any], nodes: list[Any]) -> dict[str, Any]:
    layers = [{**INPUT, "name": "in", "inbound_nodes": []}]
    layers.append({**layer, "name": layer["config"]["name"], "inbound_nodes": nodes})
    ends = {"input_layers": [["in", 0, 0]], "output_layers": [["in", 0, 0]]}
    return {"class_name": "Functional", "config": {"name": "graph", "layers": layers, **ends}}


def _written(path: Path, **descriptions: Any) -> Path:
    def change(file: h5py.File) -> None:
        for name, description in descriptions.items():
            file.attrs[name] = json.dumps(description)

    return model_file(path, change)


def _rows_within() -> dict[str, Any]:
    row = _row(1)
    row["config"]["layers"] += [
        {**_row(40), "config": {**_row(40)["config"], "name": n}} for n in "abcdefg"
    ]
    return row


TOO_MUCH = {
    "one long row": (_row(900), "in a row"),
    "long rows in a row": (_rows_within(), "in a row"),
    "a layer called again and again": (_graph(_layer("a"), [[["in", 0, 0, {}]]] * 5_000), "calls"),
    "a layer of many inputs": (
        _graph(_layer("a", "Concatenate"), [[["in", 0, 0, {}]] * 20_000]),
        "inputs of layers",
    ),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_would_take_keras_minutes_is_refused(name: str, tmp_path: Path) -> None:
    description, words = TOO_MUCH[name]
    with pytest.raises(ModelFileUnsafe, match=words):
        inspect(_written(tmp_path / "m.h5", model_config=description))


HIDDEN = {"class_name": "Zeros", "config": {"a": {"class_name": "__keras_tensor__", "config": {}}}}


@pytest.mark.parametrize(
    "node",
    [
        {"args": [], "kwargs": {"inputs": [1, 2]}},
        {"args": [[1.0]], "kwargs": {}},
        {"args": [], "kwargs": {"inputs": [1, 2], "mask": HIDDEN}},
        {"args": [], "kwargs": {"inputs": [1, 2], "mask": {"class_name": "__keras_tensor__"}}},
    ],
)
def test_a_layer_called_with_numbers_is_refused_uncomputed(node: Any, tmp_path: Path) -> None:
    layer = _layer("many", "CategoryEncoding", num_tokens=10**9)
    with pytest.raises(ModelFileUnsafe, match="called with numbers"):
        inspect(_written(tmp_path / "m.h5", model_config=_graph(layer, [node])))


@pytest.mark.parametrize(
    ("kind", "setting"),
    [("AUC", {"num_thresholds": 10**8}), ("MeanIoU", {"num_classes": 40_000})],
)
def test_a_metric_that_keeps_too_much_is_refused(
    kind: str, setting: dict[str, int], tmp_path: Path
) -> None:
    training = {"loss": "mse", "metrics": [_layer("m", kind, **setting)], "optimizer_config": SGD}
    with pytest.raises(ModelFileUnsafe, match="metrics"):
        load(_written(tmp_path / "m.h5", training_config=training))


def test_a_hundred_thousand_metrics_are_refused(tmp_path: Path) -> None:
    training = {"loss": "mse", "metrics": ["mae"] * 100_000, "optimizer_config": SGD}
    with pytest.raises(ModelFileUnsafe, match="description"):
        load(_written(tmp_path / "m.h5", training_config=training))


def test_a_loss_is_looked_up_among_losses_only(tmp_path: Path) -> None:
    path = _written(tmp_path / "m.h5", training_config={"loss": "__class__"})
    assert inspect(path).loss == "__class__"


def test_a_size_of_thousands_of_digits_is_refused_in_words_that_can_be_shown(tmp_path: Path) -> None:
    shape = {"batch_shape": [None, 10**4_000, 10**4_000], "name": "in"}
    row = _row(1)
    row["config"]["layers"][0] = {"class_name": "InputLayer", "config": shape}
    with pytest.raises(ModelFileUnsafe) as refused:
        inspect(_written(tmp_path / "m.h5", model_config=row))
    assert len(str(refused.value)) < 300


def test_a_tuple_in_disguise_is_refused(tmp_path: Path) -> None:
    """The loader would see a tuple where the screen sees settings."""
    row = _row(1)
    row["config"]["build_input_shape"] = {"class_name": "__tuple__", "items": [None, 4]}
    with pytest.raises(ModelFileUnsafe, match="__tuple__"):
        inspect(_written(tmp_path / "m.h5", model_config=row))


def test_what_keras_says_of_a_description_is_shown_in_one_short_line(tmp_path: Path) -> None:
    row = _row(1)
    row["config"]["layers"] += [_layer("\x1b[2J\ud800")] * 2  # Keras quotes a name that comes twice
    with pytest.raises(ModelFileDamaged) as refused:
        inspect(_written(tmp_path / "m.h5", model_config=row))
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 600
