"""Writes what a run leaves for its student: model, history, figures, grade, report, log."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labkit.i18n import texts
from labkit.report.outline import LEFT_OUT
from labkit.rubric.evidence import Evidence
from labkit.rubric.grade import Grade
from labkit.rubric.lab import Figure, Lab

__all__ = ["Paths", "figure_file", "figures_of", "write"]

_ = texts(__file__)

_LOG_BYTES = 64 * 2**10  # of a log's beginning, and of its end
_CURVES = Figure(
    "learning_curves",
    _("Learning curves"),
    lambda evidence: _draw_curves(evidence),
    _("Loss and metrics by epoch, on the rows trained on and on those held back for validation."),
)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a run's files are; ``model`` is ``None`` where no model came of it."""

    folder: Path
    report: Path
    grade: Path
    model: Path | None


def figures_of(lab: Lab) -> tuple[Figure, ...]:
    """Everything that may be drawn of a run, in the report's order."""
    return (_CURVES, *lab.figures)


def figure_file(folder: Path, figure: Figure) -> Path:
    """Where a run's folder holds that figure, if it was drawn."""
    return folder / "figures" / f"{figure.name}.svg"


def write(
    grade: Grade, evidence: Evidence, folder: Path, *, reference: bool = False, lean: bool = False
) -> Paths:
    """Write every file of a run into ``folder`` and remove the rows that were prepared for it.

    Args:
        grade: What the run earned.
        evidence: What it left behind, in ``folder/evidence``.
        folder: The run's folder.
        reference: Whether it was the reference solution, which is no student's best grade.
        lean: Whether report and grade are enough, as for one of a class: nothing is copied out of
            the evidence, and nothing removed.
    """
    from labkit.report.html import page
    from labkit.report.record import as_record

    main = folder / "evidence" / "main"
    drawn = _drawn(grade, evidence)
    model = None if lean else _keep(main, folder, evidence.main.history, drawn)
    report = folder / "report.html"
    report.write_text(page(grade, evidence, drawn, log=_printed(main / "log.txt")), encoding="utf-8")
    entry = as_record(grade)
    entry["provenance"]["reference"] = reference
    path = folder / "grade.json"
    path.write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if not lean:
        shutil.rmtree(folder / "data", ignore_errors=True)
    return Paths(folder, report, path, model)


def _drawn(grade: Grade, evidence: Evidence) -> list[tuple[Figure, str]]:
    """The figures that the evidence is enough for, as SVG; empty where one could not be drawn."""
    from labkit.report.figures import svg

    drawn = []
    for figure in figures_of(grade.lab):
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                plot = figure.draw(evidence)
                picture = plot if plot is None or isinstance(plot, str) else svg(plot)
        except Exception:  # evidence may be anything, and a report is worth more than a figure
            picture = ""
        if picture is not None:
            drawn.append((figure, picture))
    return drawn


def _keep(
    main: Path, folder: Path, history: Mapping[str, list[float]], drawn: list[tuple[Figure, str]]
) -> Path | None:
    """Put model, log, history and figures beside the report; where the model is, if there is one."""
    _copy(main / "log.txt", folder / "log.txt")
    _write_history(folder / "history.csv", history)
    for figure, picture in drawn:
        if not picture:
            continue
        path = figure_file(folder, figure)
        path.parent.mkdir(exist_ok=True)
        path.write_text(picture, encoding="utf-8")
    return _copy(main / "model.h5", folder / "model.h5")


def _draw_curves(evidence: Evidence) -> object | None:
    from labkit.report.figures import learning_curves

    return learning_curves(evidence.main.history) if evidence.main.history else None


def _printed(path: Path) -> str:
    """What a run printed: of a long log the beginning and the end, however long it is."""
    if not _plain(path):
        return ""
    with path.open("rb") as stream:
        parts = [stream.read(_LOG_BYTES)]
        if path.stat().st_size > 2 * _LOG_BYTES:
            stream.seek(-_LOG_BYTES, os.SEEK_END)
            parts += [f"\n{LEFT_OUT}\n".encode()]
        parts += [stream.read(_LOG_BYTES)]
    return b"".join(parts).decode("utf-8", errors="replace")


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _copy(source: Path, target: Path) -> Path | None:
    """Copy a plain file; nothing where there is none, or a link in its place."""
    if not _plain(source):
        return None
    shutil.copyfile(source, target)
    return target


def _write_history(path: Path, history: Mapping[str, list[float]]) -> None:
    """One row an epoch, one column a metric; nothing before the first epoch."""
    if not history:
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["epoch", *history])
        longest = max(len(values) for values in history.values())
        for epoch in range(longest):
            row = [values[epoch] if epoch < len(values) else "" for values in history.values()]
            writer.writerow([epoch + 1, *row])
