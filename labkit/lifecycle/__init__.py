"""The five steps of a Keras model, and what they share.

Names are imported when they are asked for, since every one of them brings TensorFlow.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Problem": "define",
    "define": "define",
    "head": "define",
    "compile": "compile",
    "fit": "fit",
    "accelerated": "fit",
    "early_stopping": "stopping",
    "evaluate": "evaluate",
    "classification_report": "evaluate",
    "predict": "predict",
    "labels": "predict",
    "save": "h5",
    "load": "h5",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
