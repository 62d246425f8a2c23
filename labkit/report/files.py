"""Writes what a run leaves for its student: model, history, figures, grade, report, log."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.i18n import texts
from labkit.rubric.evidence import Evidence
from labkit.rubric.grade import Grade
from labkit.rubric.lab import Figure

__all__ = ["Paths", "write"]

_ = texts(__file__)

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


def write(grade: Grade, evidence: Evidence, folder: Path, *, reference: bool = False) -> Paths:
    """Write every file of a run into ``folder`` and remove the rows that were prepared for it.

    Args:
        grade: What the run earned.
        evidence: What it left behind, in ``folder/evidence``.
        folder: The run's folder.
        reference: Whether it was the reference solution, which is no student's best grade.
    """
    from labkit.report.figures import svg
    from labkit.report.html import page
    from labkit.report.record import as_record

    main = folder / "evidence" / "main"
    model = _copy(main / "model.h5", folder / "model.h5")
    log = _copy(main / "log.txt", folder / "log.txt")
    _write_history(folder / "history.csv", evidence.main.history)
    drawn = []
    for figure in (_CURVES, *grade.lab.figures):
        plot = figure.draw(evidence)
        if plot is not None:
            drawn.append((figure, svg(plot)))
    if drawn:
        (folder / "figures").mkdir(exist_ok=True)
    for figure, picture in drawn:
        (folder / "figures" / f"{figure.name}.svg").write_text(picture, encoding="utf-8")
    printed = log.read_text(encoding="utf-8", errors="replace") if log else ""
    report = folder / "report.html"
    report.write_text(page(grade, evidence, drawn, log=printed), encoding="utf-8")
    entry = as_record(grade)
    entry["provenance"]["reference"] = reference
    path = folder / "grade.json"
    path.write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.rmtree(folder / "data", ignore_errors=True)
    return Paths(folder, report, path, model)


def _draw_curves(evidence: Evidence) -> object | None:
    from labkit.report.figures import learning_curves

    return learning_curves(evidence.main.history) if evidence.main.history else None


def _copy(source: Path, target: Path) -> Path | None:
    """Copy a plain file; nothing where there is none, or a link in its place."""
    if source.is_symlink() or not source.is_file():
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
