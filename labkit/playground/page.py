"""What a page is, and how what it shows keeps to its language."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from labkit.i18n import Text, current_language, speaking

if TYPE_CHECKING:
    import keras

__all__ = ["Page", "in_this_language"]

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the playground.

    Args:
        title: Its heading.
        about: What to try, in a sentence or two.
        build: Adds the components, inside a `gradio.Blocks`; it is given the model, or ``None`` where
            none was asked for, and raises `labkit.errors.ModelFileError` for one that does not fit.
    """

    title: Text
    about: Text
    build: Callable[[keras.Model | None], None]


def in_this_language(answer: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """The same function, speaking later and in any thread the language that is spoken now."""
    language = current_language()

    @functools.wraps(answer)
    def speaking_it(*arguments: object) -> _Answer:
        with speaking(language):
            return answer(*arguments)

    return speaking_it
