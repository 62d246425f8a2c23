"""How a place in a student's code is called: by its line, in a notebook by its cell and line there."""

from __future__ import annotations

from labkit.i18n import Text, texts

__all__ = ["whereabouts"]

_ = texts(__file__)


def whereabouts(line: object, cell: object = None) -> Text:
    """A place in words.

    Args:
        line: Counted from 1; in a notebook from the beginning of the cell.
        cell: Which one, see `labkit.sandbox.notebook.located`; none in a file without cells.

    Example:
        >>> str(whereabouts(7)), str(whereabouts(2, cell=3))
        ('line 7', 'cell 3, line 2')
    """
    if cell:
        return _("cell {cell}, line {line}", cell=cell, line=line)
    return _("line {number}", number=line)
