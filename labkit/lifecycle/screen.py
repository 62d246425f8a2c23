"""Looks through an ``.h5`` file that somebody else made, before Keras is let at it.

Three looks, each only after the one before: at the file (h5py alone: links, storage, sizes, weights
that are numbers), at its description of the model (JSON alone: nothing but Keras' own classes and the
kit's, none that holds code or reads files), and at the sizes that follow from it (the model is built
without any memory for weights, and its weights are counted). A file that fails says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import h5py
import keras
from keras.src.backend.common import global_state
from keras.src.backend.common.stateless_scope import StatelessScope
from keras.src.legacy.saving import saving_options, saving_utils

from labkit.errors import ModelFileDamaged, ModelFileError
from labkit.i18n import texts
from labkit.lifecycle.classes import check_classes
from labkit.lifecycle.content import check_content, described, stored_weights
from labkit.lifecycle.refusals import Limits, damaged, plain, too_much

__all__ = ["LayerCard", "Limits", "ModelCard", "inspect"]

_ = texts(__file__)

_TRAINING = ("optimizer_config", "loss", "metrics", "weighted_metrics")


@dataclass(frozen=True, slots=True)
class LayerCard:
    """One layer of a model, as its description has it."""

    class_name: str
    name: str
    units: int | None
    activation: str | None
    output_shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model file in short.

    Args:
        layers: The top level's layers.
        parameters: Weights of the whole model.
        loss: In snake case, as in ``"sparse_categorical_crossentropy"``; empty if not compiled.
        optimizer: Its class; empty if not compiled.
        keras_version: That wrote the file.
    """

    layers: tuple[LayerCard, ...]
    parameters: int
    loss: str
    optimizer: str
    keras_version: str


def inspect(path: str | Path, limits: Limits | None = None, *, compile: bool = True) -> ModelCard:
    """Screen a model file.

    Args:
        path: Of the ``.h5`` file.
        limits: What it may ask for.
        compile: Whether it will be loaded to be trained on; otherwise nobody makes its losses, metrics
            and optimizer, which may then be anything.

    Raises:
        ModelFileDamaged: It is no HDF5 file, truncated, without a Keras model, or its weights do
            not fit.
        ModelFileUnsafe: It holds something that must not be loaded, or asks for too much.
    """
    limits = limits or Limits()
    path = Path(path)
    _check_size(path, limits)
    try:
        with h5py.File(path, "r") as file:
            check_content(file, limits)
            model_config = described(file, "model_config", limits.config_bytes)
            training = described(file, "training_config", limits.training_bytes, required=False)
            stored = stored_weights(file, limits)
            version = plain(file.attrs.get("keras_version", ""), 40)
    except ModelFileError:
        raise
    except Exception as error:  # whatever a damaged file brings h5py to raise
        raise damaged(path, error) from error
    check_classes(model_config, limits)
    for part in _TRAINING if compile else ():
        check_classes(training.get(part), limits)
    return _weigh(model_config, training, stored, limits, version)


def _check_size(path: Path, limits: Limits) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise damaged(path, error) from error
    if size > limits.file_bytes:
        raise too_much(_("bytes of the file"), size, limits.file_bytes)
    if not path.is_file() or not h5py.is_hdf5(path):
        raise ModelFileDamaged(
            _("{name} is not an HDF5 file, or only a part of one.", name=path.name),
            _("A model saved as .h5 was expected."),
            _("Save it again with model.save('model.h5')."),
        )


def _weigh(
    model_config: dict[str, Any],
    training: dict[str, Any],
    stored: list[tuple[int, ...]],
    limits: Limits,
    version: str,
) -> ModelCard:
    """Build the model without memory for its weights and compare them with what is stored."""
    try:
        model = _hollow(model_config)
        shapes = [tuple(weight.shape) for weight in model.weights]
        layers = tuple(_layer_card(layer) for layer in model.layers)
    except Exception as error:  # whatever a made-up description brings Keras to raise
        raise ModelFileDamaged(
            _(
                "Keras cannot build the model: {error}",
                error=plain(f"{type(error).__name__}: {error}"),
            ),
            _("A model saved by Keras was expected."),
            _("Save it again with model.save('model.h5')."),
        ) from error
    parameters = sum(prod(shape) for shape in shapes)
    if parameters > limits.parameters:
        raise too_much(_("parameters"), parameters, limits.parameters)
    largest = max((prod(s or 1 for s in layer.output_shape) for layer in layers), default=0)
    if largest > limits.activations:
        raise too_much(_("numbers in one layer's output"), largest, limits.activations)
    if sorted(shapes) != sorted(stored):
        raise ModelFileDamaged(
            _("The weights in the file do not fit the layers it describes."),
            fix=_("Save the model again with model.save('model.h5')."),
        )
    return ModelCard(layers, parameters, _loss(training), _optimizer(training), version)


def _hollow(model_config: dict[str, Any]) -> keras.Model:
    """The model with shapes only: nothing is allocated, whatever size it asks for."""
    former = list(global_state.get_global_attribute("uninitialized_variables") or ())
    legacy = saving_options.keras_option_scope(use_legacy_config=True)
    try:
        with StatelessScope(initialize_variables=False), legacy:
            return saving_utils.model_from_config(model_config)
    finally:
        global_state.set_global_attribute("uninitialized_variables", former)


def _layer_card(layer: keras.layers.Layer) -> LayerCard:
    config = layer.get_config()
    units = config.get("units") or config.get("filters")
    activation = config.get("activation")
    if isinstance(activation, dict):
        activation = str(activation.get("class_name", "")).lower()
    shapes = keras.tree.flatten(layer.output)
    return LayerCard(
        class_name=type(layer).__name__,
        name=plain(layer.name, 80),
        units=units if type(units) is int else None,
        activation=plain(activation, 80) if isinstance(activation, str) else None,
        output_shape=tuple(shapes[0].shape),
        parameters=sum(prod(weight.shape) for weight in layer.weights),
    )


def _loss(training: Mapping[str, Any]) -> str:
    loss = training.get("loss")
    name = loss.get("class_name", "") if isinstance(loss, dict) else loss
    if not isinstance(name, str):
        return ""
    found = getattr(keras.losses, name, None)
    short = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}
    if isinstance(found, type) and issubclass(found, keras.losses.Loss):
        name = found().name
    return short.get(name, plain(name, 80))


def _optimizer(training: Mapping[str, Any]) -> str:
    optimizer = training.get("optimizer_config")
    name = optimizer.get("class_name", "") if isinstance(optimizer, dict) else ""
    return plain(name, 80) if isinstance(name, str) else ""
