"""Asks exported models, in a process that runs no student code.

The task of a replay's job::

    models      training, or name of a model of the kit -> path of its .h5 file
    questions   key, model, and either x, start and stop: rows of an .npy file, or after: the key of
                an earlier question whose answers are asked about; unrolled, with steps and start,
                where the answer comes symbol by symbol
    parameters  how many weights a model may have
    threads     of TensorFlow; 0 lets it choose

Each file goes through the screen first; one that is refused answers nothing. Without any question the
screen's look is all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from labkit.errors import ModelFileError
from labkit.i18n import LANGUAGES, in_every_language
from labkit.lifecycle import h5, screen
from labkit.lifecycle.predict import predict, unrolled
from labkit.sandbox.job import Job
from labkit.sandbox.seal import Seal

__all__ = ["first_attention", "first_filters", "first_inputs", "replay"]

_PROBED = 256  # inputs pushed through the model to see what its first layer gets
_LOOKED_AT = 4  # inputs whose feature maps are kept
_MOST_FILTERS = 64
_ATTENDING = 16  # answers whose attention is kept


def replay(job: Job, seal: Seal) -> None:
    """Load every model of the job and write its answers, announced with ``seal``."""
    task, folder = job.task, job.folder
    if task.get("threads"):
        tf.config.threading.set_intra_op_parallelism_threads(task["threads"])
        tf.config.threading.set_inter_op_parallelism_threads(task["threads"])
    models: dict[str, keras.Model] = {}
    records: dict[str, dict[str, Any]] = {}
    for training, path in task["models"].items():
        try:
            limits = replace(screen.Limits(), parameters=task["parameters"])
            records[training] = {"card": asdict(screen.inspect(path, limits, compile=False))}
            if task["questions"]:
                models[training] = h5.load(path, limits=limits, compile=False)
        except ModelFileError as error:
            records[training] = {"refusal": in_every_language(error)}
    predictions: dict[str, Any] = {}
    probe: dict[str, float] = {}
    looks: dict[str, Any] = {}
    attention: dict[str, Any] = {}
    for question in task["questions"]:
        key, training = question["key"], question["model"]
        x = _inputs(question, predictions)
        if training not in models or x is None:
            continue
        try:
            predictions[key], x = _answers(models[training], x, question.get("unrolled"))
            if "unrolled" in question and (seen := first_attention(models[training], x[:_ATTENDING])):
                attention[key] = seen[0]
            if training == "main" and not probe:
                probe = first_inputs(models[training], x[:_PROBED])
                looks = first_filters(models[training], x[:_LOOKED_AT])
        except Exception as error:  # a model that loads and cannot answer is the student's matter
            refusal = f"{type(error).__name__}: {error}"[:1_000]
            records[training]["refusal"] = dict.fromkeys(LANGUAGES, refusal)
    seal.json(folder / "models.json", records)
    seal.json(folder / "probe.json", probe)
    for name, arrays in (("predictions", predictions), ("filters", looks), ("attention", attention)):
        np.savez(folder / f"{name}.npz", **arrays)
        seal.file(folder / f"{name}.npz")


def _inputs(question: Mapping[str, Any], predictions: Mapping[str, Any]) -> Any:
    """What a model is asked about; ``None`` where that is an answer nobody gave."""
    if "after" in question:
        return predictions.get(question["after"])
    rows = slice(question["start"], question["stop"])
    return np.load(question["x"], mmap_mode="r").view(np.ndarray)[rows]


def _answers(
    model: keras.Model, x: np.ndarray, unrolling: Mapping[str, int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """What a model answers, and what it was given at last."""
    if unrolling is None:
        return predict(model, x), x
    steps = unrolling["steps"]
    x = np.pad(x, ((0, 0), (0, steps)))
    x[:, -steps] = unrolling["start"]
    said = unrolled(model, x, steps)
    x[:, x.shape[1] - steps + 1 :] = said[:, :-1]
    return said, x


def first_attention(model: keras.Model, x: np.ndarray) -> list[np.ndarray]:
    """The weights of the first layer of attention.

    Args:
        model: Sequential or functional.
        x: A few inputs.

    Returns:
        One array, ``(inputs, queries, keys)``; none where the model has no such layer at its top level.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Attention):  # the additive one is one as well
            given = keras.Model(model.inputs, layer.input)(x)
            _context, weights = layer(given, return_attention_scores=True)
            return [np.asarray(weights)]
    return []


def first_inputs(model: keras.Model, x: np.ndarray) -> dict[str, float]:
    """Measure what the first layer with a kernel is given for inputs ``x``.

    Args:
        model: Sequential or functional.
        x: A batch of inputs.

    Returns:
        ``minimum`` and ``maximum``; empty where the model has no such layer at its top level.
    """
    for layer in model.layers:
        if hasattr(layer, "kernel") or hasattr(layer, "cell"):
            given, *_masks = keras.tree.flatten(layer.input)
            values = np.asarray(keras.Model(model.inputs, given)(x), dtype="float64")
            return {"minimum": float(values.min()), "maximum": float(values.max())}
    return {}


def first_filters(model: keras.Model, x: np.ndarray) -> dict[str, np.ndarray]:
    """What the first layer of convolution has learnt.

    Args:
        model: Sequential or functional.
        x: A few inputs.

    Returns:
        ``kernels``, ``(rows, columns, channels, filters)``, and ``maps`` of the inputs,
        ``(inputs, rows, columns, filters)``; empty where the model has no such layer at its top level.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D) and layer.data_format == "channels_last":
            maps = keras.Model(model.inputs, layer.output)(x)
            return {
                "kernels": np.asarray(layer.kernel)[..., :_MOST_FILTERS],
                "maps": np.asarray(maps)[..., :_MOST_FILTERS],
            }
    return {}
