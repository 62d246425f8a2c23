"""Finds labs: each is a folder of ``labs/`` with a rubric. Adding one touches nothing here."""

from __future__ import annotations

import difflib
import importlib
import re
import sys
from functools import lru_cache
from pathlib import Path

from labkit.errors import ContentError, UsageError
from labkit.i18n import texts
from labkit.root import root
from labkit.rubric.lab import Lab

__all__ = ["folder", "lab", "labs", "solution", "starter"]

_ = texts(__file__)


@lru_cache(maxsize=None)
def labs() -> tuple[Lab, ...]:
    """Every lab, in course order.

    Raises:
        ContentError: A lab's rubric cannot be read.
    """
    found = [_load(path.parent) for path in sorted((root() / "labs").glob("lab*/rubric.py"))]
    return tuple(sorted(found, key=lambda lab: lab.order))


def lab(name: str) -> Lab:
    """The lab a user means: ``lab2``, ``2``, ``lab02_mnist`` or ``mnist``.

    Raises:
        UsageError: There is none of that name.
    """
    wanted = name.strip().lower().rstrip("/")
    wanted = re.sub(r"^(lab)?0*(?=\d+$)", "lab", wanted)
    for candidate in labs():
        if wanted in (candidate.name, candidate.folder, candidate.slug):
            return candidate
    known = [candidate.name for candidate in labs()]
    near = difflib.get_close_matches(wanted, known + [c.slug for c in labs()], n=1)
    raise UsageError(
        _("There is no lab called {name}.", name=name),
        _("Did you mean {near}?", near=near[0]) if near else "",
        _("`labkit list` shows all labs."),
    )


def folder(lab: Lab) -> Path:
    """The lab's folder."""
    return root() / "labs" / lab.folder


def starter(lab: Lab) -> Path:
    """The file a student works in."""
    return folder(lab) / f"{lab.slug}.py"


def solution(lab: Lab) -> Path:
    """The reference solution, from which the starter is made; it may be absent."""
    return root() / "solutions" / f"{lab.folder}.py"


def _load(place: Path) -> Lab:
    """Import ``rubric.py`` as ``<folder>.rubric``, so that it may import its neighbours."""
    parent = str(place.parent)
    if parent not in sys.path:
        sys.path.append(parent)
    try:
        module = importlib.import_module(f"{place.name}.rubric")
        found = module.LAB
    except Exception as error:
        raise ContentError(
            _("The rubric of {lab} cannot be read: {error}", lab=place.name, error=repr(error))
        ) from error
    if not isinstance(found, Lab) or found.folder != place.name:
        raise ContentError(
            _("{lab}/rubric.py must hold a LAB record of that name.", lab=place.name)
        )
    return found
