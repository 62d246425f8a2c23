"""Pictures that follow each other until somebody does something else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gradio as gr

__all__ = ["Turns", "played", "taking_over"]


class Turns:
    """Counts what one visitor has set going: of these only the latest may still change the page.

    It is kept in a `gradio.State` and never put out, so that all functions of a visit see the same.
    """

    def __init__(self) -> None:
        self.latest = 0

    def take(self) -> int:
        """The number of a new turn, which ends those before."""
        self.latest += 1
        return self.latest


def taking_over(act: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """The same function, given `Turns` before all else; a run that is under way ends."""

    def acting(turns: Turns, *given: Any) -> list[Any]:
        turns.take()
        return act(*given)

    return acting


def played(turns: Turns, frames: Iterable[list[Any]], pause: float) -> Iterator[list[Any]]:
    """Pass frames on, no faster than one in so many seconds, until another turn begins.

    The last thing that a run puts out is put out once more when it ends, after what somebody else may
    have shown by then; so one that is ended goes with a frame that changes nothing.
    """
    turn, due = turns.take(), time.monotonic()
    for frame in frames:
        time.sleep(max(0.0, due - time.monotonic()))
        if turns.latest != turn:
            yield [gr.skip() for _output in frame]
            return
        yield frame
        due = max(time.monotonic(), due) + pause
