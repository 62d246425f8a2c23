"""Which classes a model's description may name: Keras' own and the kit's, and none that holds code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import isqrt
from typing import Any

import keras

from labkit import layers as own_layers
from labkit.errors import ModelFileUnsafe
from labkit.i18n import texts
from labkit.lifecycle.refusals import Limits, plain, too_much, unsafe

__all__ = ["check_classes"]

_ = texts(__file__)

_FORBIDDEN = {
    # hold code
    "Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer",
    # read files named in their description
    "TextVectorization", "StringLookup", "IntegerLookup",
}  # fmt: skip
_OWN = "labkit>"
_KEPT = ("num_thresholds", "num_classes", "num_labels")  # of a metric: it keeps up to their product


def check_classes(description: Any, limits: Limits) -> None:
    """Refuse every class that is not Keras' own or the kit's, and every one that holds code.

    Also what would keep Keras busy without an end while it builds what is described.
    """
    layers = row = calls = joins = kept = 0
    for value in _walk(description, limits.depth):
        if isinstance(value, list):
            joins += 3 <= len(value) <= 4 and isinstance(value[1], int) and isinstance(value[2], int)
            continue
        if "class_name" in value:
            _check_class(value)
            layers += "config" in value and _is_layer(value["class_name"])
            row += _in_a_row(value) ** 2
        calls += _check_calls(value.get("inbound_nodes"))
        kept += sum(value[name] ** 2 for name in _KEPT if isinstance(value.get(name), int))
    for what, found, most in (
        (_("layers"), layers, limits.layers),
        (_("layers in a row"), isqrt(row), limits.row),
        (_("calls of layers"), calls, limits.calls),
        (_("inputs of layers"), joins, limits.joins),
        (_("numbers in its metrics"), kept, limits.parameters),
    ):
        if found > most:
            raise too_much(what, found, most)


def _walk(description: Any, most: int) -> Iterator[dict[str, Any] | list[Any]]:
    waiting: list[tuple[Any, int]] = [(description, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > most:
            raise unsafe(_("its description is nested too deep"))
        if isinstance(value, (dict, list)):
            yield value
            parts = value.values() if isinstance(value, dict) else value
            waiting.extend((part, depth + 1) for part in parts)


def _in_a_row(entry: Mapping[str, Any]) -> int:
    """How many layers a Sequential model has; no other is rebuilt for each."""
    config = entry.get("config")
    layers = config.get("layers") if isinstance(config, dict) else None
    return len(layers) if entry["class_name"] == "Sequential" and isinstance(layers, list) else 0


def _check_calls(nodes: Any) -> int:
    """Refuse calls of a layer with numbers, which Keras would compute at once; return how many."""
    if not isinstance(nodes, list):
        return 0
    for node in nodes:
        if isinstance(node, dict) and not _takes_tensors([node.get("args"), node.get("kwargs")]):
            raise unsafe(_("one of its layers is called with numbers"))
    return len(nodes)


def _takes_tensors(given: Any) -> bool:
    """Whether there is another layer's output in what is given to a layer, where Keras looks for it."""
    waiting = [given]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict) and "class_name" in value and "config" in value:
            if value["class_name"] == "__keras_tensor__":
                return True
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return False


def _check_class(entry: Mapping[str, Any]) -> None:
    name, module = entry["class_name"], entry.get("module")
    registered = entry.get("registered_name")
    if not isinstance(name, str):
        raise unsafe(_("a class without a name"))
    short = name.rsplit(">", 1)[-1]
    if short in _FORBIDDEN:
        raise ModelFileUnsafe(
            _("The model has a layer of the kind {kind}, which is refused.", kind=plain(short, 80)),
            _("A file from somebody else must not bring code or read files."),
            _("Use Keras' other layers instead, such as Rescaling for x / 255."),
        )
    if name.startswith(_OWN) and _is_registered(short):
        return
    foreign_module = module is not None and not str(module).startswith("keras")
    foreign_name = registered is not None and registered != name
    if name not in _known_names() or foreign_module or foreign_name:
        raise ModelFileUnsafe(
            _("The model uses {kind}, which is neither Keras' nor the kit's.", kind=plain(name, 80)),
            _("Only layers, losses and so on that come with Keras can be loaded."),
            _("Build the model from Keras' own layers."),
        )


def _is_layer(name: object) -> bool:
    return name in _layer_names() or (isinstance(name, str) and name.startswith(_OWN))


def _is_registered(short: str) -> bool:
    """Whether Keras knows a layer of the kit, which registers itself when it is imported."""
    getattr(own_layers, short, None)
    return f"{_OWN}{short}" in keras.saving.get_custom_objects()


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
    return _layer_names() | names | {"__keras_tensor__", "DTypePolicy"}


def _classes(space: Any) -> Iterator[str]:
    return (name for name, value in vars(space).items() if isinstance(value, type))
