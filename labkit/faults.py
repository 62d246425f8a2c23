"""Faults of the kit's own: no traceback for whoever meets one, and nothing lost either."""

from __future__ import annotations

import tempfile
import traceback

__all__ = ["written_down"]


def written_down(error: BaseException) -> str:
    """Put an error's traceback into a file of its own; return the path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="labkit-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(type(error), error, error.__traceback__, file=file)
    return file.name
