"""Puts off an import until something of it is used: rubrics can be listed without NumPy."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__all__ = ["defer"]


class _Deferred(ModuleType):
    """Stands in for a module; the first attribute asked of it brings the module itself."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = importlib.import_module(self.__name__)
        self.__dict__.update(module.__dict__)
        return getattr(module, attribute)


def defer(name: str) -> None:
    """Let the next ``import name`` return at once.

    The standard library's `importlib.util.LazyLoader` loads a module as soon as a second ``import``
    names it, which every rubric does.
    """
    sys.modules.setdefault(name, _Deferred(name))
