"""What a notebook's code expects around it, where there is no notebook and nobody to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["names"]


class _Shell:
    """Answers whatever is asked of IPython with nothing."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_arguments, **_options: None


def names() -> dict[str, Any]:
    """Names that a notebook may use without importing them.

    `input` answers with an empty text, `display` prints, `get_ipython` gives a shell that does nothing.
    """
    return {"input": _input, "display": print, "get_ipython": _Shell}


def _input(prompt: object = "") -> str:
    print(prompt)
    return ""
