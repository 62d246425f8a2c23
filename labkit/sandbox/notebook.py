"""What code expects around it, where there is no notebook and nobody to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["names"]


class _Shell:
    """Answers whatever is asked of IPython with nothing."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_arguments, **_options: None


def names(*, notebook: bool) -> dict[str, Any]:
    """Names that a file finds without importing them: `input` answers with an empty text.

    Args:
        notebook: Whether it was a notebook: then `display` prints, and `get_ipython` gives a shell that
            does nothing.
    """
    given: dict[str, Any] = {"input": _input}
    return {**given, "display": print, "get_ipython": _Shell} if notebook else given


def _input(prompt: object = "") -> str:
    print(prompt)
    return ""
