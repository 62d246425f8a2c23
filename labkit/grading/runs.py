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

__all__ = ["best", "latest", "new_folder", "newest_model", "newest_report", "pointer", "runs_folder"]

_ = texts(__file__)


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


def newest_report(lab: Lab) -> Path | None:
    """The page of the newest finished run, ``None`` where there is none."""
    return _newest(lab, "report.html")


def newest_model(lab: Lab) -> Path | None:
    """The model of the newest finished run that left one, ``None`` where there is none."""
    return _newest(lab, "model.h5")


def best(lab: Lab) -> float | None:
    """The most points any run earned, ``None`` before the first."""
    return max((float(record.get("points", 0.0)) for _folder, record in _records(lab)), default=None)


def _newest(lab: Lab, name: str) -> Path | None:
    """The file of that name of the newest finished run that has one."""
    files = (folder / name for folder, _record in _records(lab))
    return next((file for file in files if file.is_file()), None)


def _of(lab: Lab) -> Path:
    return runs_folder() / f"lab{lab.number:02d}"


def _records(lab: Lab) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Finished runs of a student's own file, newest first: folder and record, where it can be read."""
    for path in sorted(_of(lab).glob("*/grade.json"), reverse=True):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and not record.get("provenance", {}).get("reference"):
            yield path.parent, record
