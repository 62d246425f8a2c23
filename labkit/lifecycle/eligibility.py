"""Which calls of `fit` the fast loop takes, and why the others go to Keras unchanged."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.tensorflow.trainer import TensorFlowTrainer

__all__ = ["callbacks_of", "pays_to_compile", "why_not"]

_LARGEST = 4 * 2**30  # bytes of data kept in memory twice over
_ENOUGH_STEPS = 10_000  # below, XLA takes longer to compile than it saves
_LARGEST_STEP = 8_000_000  # weights times rows a batch; above, several threads beat XLA's one
_BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)
_EPOCH_LEVEL = (keras.callbacks.ProgbarLogger, keras.callbacks.History)
_COMPILED_LAYERS = (
    keras.layers.InputLayer,
    keras.layers.Dense,
    keras.layers.Flatten,
    keras.layers.Reshape,
    keras.layers.Rescaling,
    keras.layers.Normalization,
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.ELU,
    keras.layers.PReLU,
    keras.layers.Softmax,
    keras.layers.Add,
    keras.layers.Concatenate,
)
_GIVEN_TO_LAYERS = (
    "activation",
    "activity_regularizer",
    "kernel_regularizer",
    "bias_regularizer",
    "kernel_constraint",
    "bias_constraint",
)


def why_not(model: keras.Model, arguments: Mapping[str, Any]) -> str:
    """Why a call of `fit` goes to Keras; an empty string where the fast loop takes it.

    Looks only; nothing of the model is touched.

    Args:
        model: The model.
        arguments: Every argument of `fit` by name.
    """
    if os.environ.get("LABKIT_PLAIN_FIT") == "1":
        return "LABKIT_PLAIN_FIT is set"
    if not getattr(model, "compiled", False):
        return "the model is not compiled"  # Keras says so best
    if model.run_eagerly:
        return "the model runs eagerly"
    if model._distribute_strategy is not None or keras.distribution.distribution() is not None:
        return "a distribution strategy is used"
    if type(model).make_train_function is not TensorFlowTrainer.make_train_function:
        return "the model makes its own train function"
    if type(model).make_test_function is not TensorFlowTrainer.make_test_function:
        return "the model makes its own test function"
    if arguments["shuffle"] not in (True, False):
        return "shuffle is neither True nor False"
    return _data(arguments) or _callbacks(callbacks_of(arguments["callbacks"]))


def callbacks_of(callbacks: Any) -> list[Any]:
    """The callbacks given to `fit` as a flat list."""
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return list(callbacks.callbacks)
    return [c for c in keras.tree.flatten(callbacks) if c is not None] if callbacks else []


def pays_to_compile(model: keras.Model, *, steps: int, rows: int) -> bool:
    """Whether XLA is worth its compile time, judged from structure and work, never from a clock.

    On a CPU it is superb where many small dense steps follow each other, and dreadful for
    convolutions and random numbers; recurrent layers gain nothing over the graph. A student's own loss
    or metric may call what it cannot compile at all, such as `tf.py_function`.

    Args:
        model: The model.
        steps: Batches in all epochs asked for.
        rows: Rows a batch.
    """
    if model.jit_compile is True:
        return True  # asked for in compile
    plain = all(
        type(layer) in _COMPILED_LAYERS
        for layer in model._flatten_layers(include_self=False)
        if not isinstance(layer, (keras.Model, keras.metrics.Metric))
    )
    own_step = type(model).train_step is not TensorFlowTrainer.train_step
    light = model.built and model.count_params() * rows <= _LARGEST_STEP
    return plain and light and not own_step and steps >= _ENOUGH_STEPS and _is_all_of_keras(model)


def _is_all_of_keras(model: keras.Model) -> bool:
    """Whether all that a compiled model computes with is called by a name or comes with Keras."""
    metrics = model._compile_metrics
    given = (model.loss, getattr(metrics, "_user_metrics", None))
    weighted = getattr(metrics, "_user_weighted_metrics", None)
    parts = [model.optimizer, *keras.tree.flatten((given, weighted))]
    for layer in model._flatten_layers():
        parts += [layer, *(getattr(layer, name, None) for name in _GIVEN_TO_LAYERS)]
    # Keras wraps functions, as in MeanMetricWrapper and LossFunctionWrapper.
    parts += [getattr(part, name, None) for part in parts for name in ("fn", "_fn")]
    return all(
        part is None or isinstance(part, str) or _module(part).startswith("keras.") for part in parts
    )


def _module(part: Any) -> str:
    """Where a function, or the class of an object, was written."""
    return getattr(part, "__module__", None) or ""


def _data(arguments: Mapping[str, Any]) -> str:
    given = (arguments["x"], arguments["y"], arguments["sample_weight"])
    leaves = keras.tree.flatten((given, arguments["validation_data"]))
    leaves = [leaf for leaf in leaves if leaf is not None]
    if arguments["x"] is None:
        return "there is no x"
    if not 0 <= (arguments["validation_split"] or 0) < 1:
        return "validation_split is not a share"
    size = 0
    for leaf in leaves:
        if len(getattr(leaf, "shape", ())) and leaf.shape[0] == 0:
            return "there are no rows"
        if isinstance(leaf, np.ndarray):
            if leaf.dtype.kind not in "biuf":
                return "the data are not numbers"
            size += leaf.nbytes
        elif isinstance(leaf, tf.Tensor) and leaf.dtype != tf.string:
            size += leaf.dtype.size * int(tf.size(leaf))
        elif type(leaf).__module__.startswith("pandas."):
            if any(kind not in "biuf" for kind in _kinds(leaf)):
                return "the data are not numbers"
            size += int(np.sum(leaf.memory_usage()))
        else:
            return f"the data come from a {type(leaf).__name__}, not from arrays"
    return "the data are too large to stay in memory" if size > _LARGEST else ""


def _kinds(table: Any) -> str:
    kinds = table.dtypes if hasattr(table.dtypes, "__iter__") else [table.dtypes]
    return "".join(kind.kind for kind in kinds)


def _callbacks(callbacks: list[Any]) -> str:
    for callback in callbacks:
        if isinstance(callback, _EPOCH_LEVEL):
            continue
        if getattr(callback, "save_freq", None) == "epoch":
            continue  # ModelCheckpoint and BackupAndRestore look at batches only by number
        for hook in _BATCH_HOOKS:
            own = getattr(callback, hook, None)
            if own is not None and getattr(own, "__func__", own) is not getattr(
                keras.callbacks.Callback, hook
            ):
                return f"{type(callback).__name__} looks at every batch"
    return ""
