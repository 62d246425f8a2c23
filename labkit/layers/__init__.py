"""Keras layers that Keras does not ship, each written as TensorFlow operations.

They train, batch, compile, save to ``.h5`` and load like any Keras layer; those that learn without
gradients learn with ``adapt(data)``, as Keras' own preprocessing layers do, from an array or a
``tf.data.Dataset`` of batches. Nothing heavy is imported before the first of them is asked for: so a
plain ``keras.models.load_model`` knows a layer only once its class was imported
(``from labkit.layers import Maxout``). `labkit.lifecycle.h5.load` imports what it needs by itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.layers.boltzmann import BoltzmannMachine, RestrictedBoltzmannMachine
    from labkit.layers.hebbian import Hebbian
    from labkit.layers.hodgkin_huxley import HodgkinHuxley, HodgkinHuxleyNetwork
    from labkit.layers.hopfield import Hopfield, ModernHopfield
    from labkit.layers.maxout import Maxout
    from labkit.layers.som import SelfOrganizingMap

__all__ = [
    "BoltzmannMachine",
    "Hebbian",
    "HodgkinHuxley",
    "HodgkinHuxleyNetwork",
    "Hopfield",
    "Maxout",
    "ModernHopfield",
    "RestrictedBoltzmannMachine",
    "SelfOrganizingMap",
]

_HOMES = {
    "BoltzmannMachine": "boltzmann",
    "Hebbian": "hebbian",
    "HodgkinHuxley": "hodgkin_huxley",
    "HodgkinHuxleyNetwork": "hodgkin_huxley",
    "Hopfield": "hopfield",
    "Maxout": "maxout",
    "ModernHopfield": "hopfield",
    "RestrictedBoltzmannMachine": "boltzmann",
    "SelfOrganizingMap": "som",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
