"""Puts off an import until something of it is used: rubrics can be listed without NumPy."""

from __future__ import annotations

import importlib.util
import sys

__all__ = ["defer"]


def defer(name: str) -> None:
    """Let the next ``import name`` return at once; its first attribute loads it.

    For commands of one thread only: two threads must not touch the module first at the same time.
    """
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
