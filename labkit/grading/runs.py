"""The folders of a student's own runs, and what can be read off them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from labkit.errors import StorageError
from labkit.i18n import Text, texts
from labkit.root import root
from labkit.rubric.lab import Check, Lab

__all__ = ["best", "latest", "new_folder", "newest", "newest_model", "pointer", "runs_folder"]

_ = texts(__file__)

_MOST_POINTS = 1e6


def runs_folder() -> Path:
    """Where runs go: ``LABKIT_RUNS``, or ``runs/`` of the checkout."""
    chosen = os.environ.get("LABKIT_RUNS")
    return Path(chosen).expanduser().absolute() if chosen else root() / "runs"


def new_folder(lab: Lab) -> Path:
    """Make an empty folder for a run that begins now: ``runs/lab02/20261121-093000``.

    Raises:
        StorageError: It cannot be made.
    """
    parent = _of(lab)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    for suffix in ("", *(f"-{number}" for number in range(2, 1000))):
        folder = parent / (stamp + suffix)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise StorageError(
                _("The folder {folder} cannot be made: {error}", folder=folder, error=error),
                fix=_("Make room, or name another folder in LABKIT_RUNS."),
            ) from error
        return folder
    raise StorageError(_("{folder} holds too many runs of one second.", folder=parent))


def latest(lab: Lab) -> Mapping[str, Any] | None:
    """The record of the newest finished run, ``None`` before the first."""
    return next((record for _folder, record in _records(lab)), None)


def pointer(lab: Lab) -> tuple[Text | None, Check | None]:
    """What to say of the newest run, and the check to point at; ``None`` where there is none."""
    record = latest(lab)
    if record is None:
        return _("You have not run {lab} yet. It begins like this:", lab=lab.name), lab.checks[0]
    if record.get("next") is None:
        return _("Your last run of {lab} earned every point.", lab=lab.name), None
    named = (check for check in lab.checks if check.name == record["next"])
    return None, next(named, lab.checks[0])


def newest(lab: Lab) -> tuple[Path, Mapping[str, Any]] | None:
    """Folder and record of the newest finished run, ``None`` before the first."""
    return next(_records(lab), None)


def newest_model(lab: Lab) -> Path | None:
    """The model of the newest finished run that left one, ``None`` where there is none."""
    models = (folder / "model.h5" for folder, _record in _records(lab))
    return next((model for model in models if model.is_file()), None)


def best(lab: Lab) -> float | None:
    """The most points any run earned, ``None`` before the first."""
    return max((float(record.get("points", 0.0)) for _folder, record in _records(lab)), default=None)


def _of(lab: Lab) -> Path:
    return runs_folder() / f"lab{lab.number:02d}"


def _records(lab: Lab) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Finished runs of a student's own file, newest first: folder and record, where it can be read."""
    for path in sorted(_of(lab).glob("*/grade.json"), reverse=True):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if _is_record(record) and not record.get("provenance", {}).get("reference"):
            yield path.parent, record


def _is_record(found: Any) -> bool:
    """Whether it has what is read off a grade; somebody may have changed the file."""
    if not isinstance(found, dict) or not isinstance(found.get("provenance", {}), dict):
        return False
    numbers = (found.get("points", 0.0), found.get("undecided", 0.0))
    return all(isinstance(number, (int, float)) and abs(number) < _MOST_POINTS for number in numbers)
