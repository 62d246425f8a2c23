"""Finds the checkout: the folder that holds ``labs/`` and ``datasets/``."""

from __future__ import annotations

import os
from pathlib import Path

from labkit.errors import UsageError
from labkit.i18n import texts

__all__ = ["root"]

_ = texts(__file__)


def root() -> Path:
    """The folder with ``labs/`` and ``datasets/``.

    It is ``LABKIT_ROOT`` where that is set, else the checkout the package lies in, else the nearest
    one above the current folder.

    Raises:
        UsageError: There is none.

    Example:
        >>> (root() / "datasets").is_dir()
        True
    """
    if chosen := os.environ.get("LABKIT_ROOT"):
        start = Path(chosen).expanduser().absolute()
        if _is_checkout(start):
            return start
    else:
        package = Path(__file__).resolve().parents[1]
        if _is_checkout(package):  # asked first: the current folder may have been deleted
            return package
        start = Path.cwd()
        for folder in (start, *start.parents):
            if _is_checkout(folder):
                return folder
    raise UsageError(
        _("No folder with labs/ and datasets/ was found in {folder}.", folder=start),
        fix=_("Run the command inside a checkout of the kit, or name one in LABKIT_ROOT."),
    )


def _is_checkout(folder: Path) -> bool:
    return (folder / "labs").is_dir() and (folder / "datasets").is_dir()
