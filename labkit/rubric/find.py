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


_FOLDER = re.compile(r"lab(?P<number>\d+)_(?P<slug>\w+)")


def labs() -> tuple[Lab, ...]:
    """Every lab, in course order.

    Raises:
        ContentError: A lab's rubric cannot be read.
    """
    return tuple(sorted(map(_load, _places()), key=lambda lab: lab.order))


def lab(name: str) -> Lab:
    """The lab a user means: ``lab2``, ``2``, ``lab02_mnist`` or ``mnist``; only its rubric is read.

    Raises:
        UsageError: There is none of that name.
        ContentError: Its rubric cannot be read.
    """
    wanted = name.strip().lower().rstrip("/")
    known: dict[str, Path] = {}
    for place in _places():
        match = _FOLDER.fullmatch(place.name)
        assert match is not None
        number = int(match["number"])
        known |= dict.fromkeys((f"lab{number}", str(number), match["slug"], place.name), place)
    if wanted in known:
        return _load(known[wanted])
    near = difflib.get_close_matches(wanted, known, n=1)
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


def _places() -> list[Path]:
    """The folders of all labs."""
    found = sorted((root() / "labs").glob("lab*_*/rubric.py"))
    return [path.parent for path in found if _FOLDER.fullmatch(path.parent.name)]


@lru_cache
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
        raise ContentError(_("{lab}/rubric.py must hold a LAB record of that name.", lab=place.name))
    return found
