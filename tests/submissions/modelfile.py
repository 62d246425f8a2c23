"""Writes model files as Keras does, with h5py alone, so that each part of them can be made wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.submissions.base import Make

__all__ = ["CONFIG", "Change", "config", "model", "model_file"]

Change = Callable[[h5py.File], object]


def _layer(kind: str, **fields: Any) -> dict[str, Any]:
    policy = {
        "module": "keras",
        "class_name": "DTypePolicy",
        "config": {"name": "float32"},
        "registered_name": None,
    }
    return {"class_name": kind, "config": {"trainable": True, "dtype": policy, **fields}}


_INPUT = {
    "class_name": "InputLayer",
    "config": {
        "batch_shape": [None, 28, 28],
        "dtype": "float32",
        "sparse": False,
        "ragged": False,
        "name": "input",
    },
}

_DENSE = _layer(
    "Dense",
    name="dense",
    units=10,
    activation="softmax",
    use_bias=True,
    kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
    bias_initializer={"class_name": "Zeros", "config": {}},
    kernel_regularizer=None,
    bias_regularizer=None,
    kernel_constraint=None,
    bias_constraint=None,
)

CONFIG: dict[str, Any] = {
    "class_name": "Sequential",
    "config": {
        **_layer("", name="sequential")["config"],
        "layers": [
            _INPUT,
            _layer("Rescaling", name="rescaling", scale=1 / 255, offset=0.0),
            _layer("Flatten", name="flatten", data_format="channels_last"),
            _DENSE,
        ],
        "build_input_shape": [None, 28, 28],
    },
}

_TRAINING = {
    "loss": "sparse_categorical_crossentropy",
    "loss_weights": None,
    "metrics": ["accuracy"],
    "weighted_metrics": None,
    "run_eagerly": False,
    "steps_per_execution": 1,
    "jit_compile": False,
    "optimizer_config": {"class_name": "SGD", "config": {"name": "sgd", "learning_rate": 0.01}},
}


def model_file(path: Path, change: Change | None = None) -> Path:
    """Write a model that tells digits badly, and change the open file."""
    generator = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        file.attrs["backend"], file.attrs["keras_version"] = "tensorflow", "3.13.0"
        file.attrs["model_config"] = json.dumps(CONFIG)
        file.attrs["training_config"] = json.dumps(_TRAINING)
        weights = file.create_group("model_weights")
        weights.attrs["backend"], weights.attrs["keras_version"] = "tensorflow", "3.13.0"
        weights.attrs["layer_names"] = np.array([b"rescaling", b"flatten", b"dense"])
        for name in ("rescaling", "flatten", "top_level_model_weights"):
            weights.create_group(name).attrs["weight_names"] = np.array([], dtype="float64")
        dense = weights.create_group("dense")
        dense.attrs["weight_names"] = np.array([b"dense/kernel", b"dense/bias"])
        dense["dense/kernel"] = generator.normal(0, 0.05, (784, 10)).astype("float32")
        dense["dense/bias"] = np.zeros(10, "float32")
        if change:
            change(file)
    return path


def model(change: Change | None = None) -> Make:
    """A submission of a model alone, changed when it is written."""
    return lambda folder: model_file(folder / "model.h5", change)


def config(change: Callable[[dict[str, Any]], object]) -> Make:
    """A submission of a model alone whose description is changed."""

    def apply(file: h5py.File) -> None:
        description = copy.deepcopy(CONFIG)
        change(description)
        file.attrs["model_config"] = json.dumps(description)

    return model(apply)
