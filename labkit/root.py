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
    """
    chosen = os.environ.get("LABKIT_ROOT")
    here = Path.cwd()
    candidates = [Path(chosen)] if chosen else [Path(__file__).parents[1], here, *here.parents]
    for folder in candidates:
        if (folder / "labs").is_dir() and (folder / "datasets").is_dir():
            return folder.absolute()
    raise UsageError(
        _("No folder with labs/ and datasets/ was found in {folder}.", folder=candidates[0]),
        fix=_("Run the command inside a checkout of the kit, or name one in LABKIT_ROOT."),
    )
