"""Code that runs when the worker leaves: in place of ``os._exit``, after all the kit has written."""

from __future__ import annotations

import textwrap

from tests.submissions.base import HONEST_POINTS, Hostile, python

__all__ = ["at_exit", "late"]

_AT_EXIT = """
import os


def late():
BODY


def leave(code, leave=os._exit):
    try:
        late()
    finally:
        leave(code)


os._exit = leave
"""


def at_exit(body: str) -> str:
    """Code that does this at the very end."""
    return _AT_EXIT.replace("BODY", textwrap.indent(textwrap.dedent(body).strip("\n"), "    "))


def late(name: str, why: str, body: str, most: float = HONEST_POINTS, leaves: str = "") -> Hostile:
    """The honest answer, and something done to its evidence at the very end."""
    return Hostile(name, python(top=at_exit(body)), "graded", most, why=why, leaves=leaves)
