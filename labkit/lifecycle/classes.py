"""Which classes a model's description may name: Keras' own and the kit's, and none that holds code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import keras

from labkit.errors import ModelFileUnsafe
from labkit.i18n import texts
from labkit.lifecycle.refusals import Limits, too_much, unsafe

__all__ = ["check_classes"]

_ = texts(__file__)

_FORBIDDEN = {
    # hold code
    "Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer",
    # read files named in their description
    "TextVectorization", "StringLookup", "IntegerLookup",
}  # fmt: skip


def check_classes(description: Any, limits: Limits) -> None:
    """Refuse every class that is not Keras' own or the kit's, and every one that holds code."""
    layers = 0
    waiting: list[tuple[Any, int]] = [(description, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > limits.depth:
            raise unsafe(_("its description is nested too deep"))
        if isinstance(value, dict):
            if "class_name" in value:
                layers += "config" in value and value["class_name"] in _layer_names()
                _check_class(value)
            waiting.extend((part, depth + 1) for part in value.values())
        elif isinstance(value, list):
            waiting.extend((part, depth + 1) for part in value)
    if layers > limits.layers:
        raise too_much(_("layers"), layers, limits.layers)


def _check_class(entry: Mapping[str, Any]) -> None:
    name, module = entry["class_name"], entry.get("module")
    registered = entry.get("registered_name")
    if not isinstance(name, str):
        raise unsafe(_("a class without a name"))
    short = name.rsplit(">", 1)[-1]
    if short in _FORBIDDEN:
        raise ModelFileUnsafe(
            _("The model has a layer of the kind {kind}, which is refused.", kind=short),
            _("A file from somebody else must not bring code or read files."),
            _("Use Keras' other layers instead, such as Rescaling for x / 255."),
        )
    own = f"labkit>{short}" in keras.saving.get_custom_objects()
    if own and name in (short, f"labkit>{short}"):
        return
    foreign_module = module is not None and not str(module).startswith("keras")
    foreign_name = registered is not None and registered != name
    if name not in _known_names() or foreign_module or foreign_name:
        raise ModelFileUnsafe(
            _("The model uses {kind}, which is neither Keras' nor the kit's.", kind=name[:80]),
            _("Only layers, losses and so on that come with Keras can be loaded."),
            _("Build the model from Keras' own layers."),
        )


@lru_cache
def _layer_names() -> frozenset[str]:
    return frozenset(_classes(keras.layers)) | {"Functional", "Sequential", "Model"}


@lru_cache
def _known_names() -> frozenset[str]:
    spaces = (
        keras.initializers,
        keras.regularizers,
        keras.constraints,
        keras.losses,
        keras.metrics,
        keras.optimizers,
        keras.optimizers.schedules,
        keras.dtype_policies,
    )
    names = {name for space in spaces for name in _classes(space)}
    return _layer_names() | names | {"__keras_tensor__", "__tuple__", "DTypePolicy"}


def _classes(space: Any) -> Iterator[str]:
    return (name for name, value in vars(space).items() if isinstance(value, type))
