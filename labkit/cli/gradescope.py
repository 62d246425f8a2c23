"""``labkit gradescope``: grade one submission inside Gradescope's autograder."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labkit.i18n import texts

if TYPE_CHECKING:
    from labkit.rubric.lab import Lab

__all__ = ["command", "graded_record"]

_ = texts(__file__)

_NOT_TOLD = 7


@click.command("gradescope", hidden=True, help=str(_("Grade one submission inside Gradescope.")))
@click.argument("lab")
@click.argument("submission", type=click.Path(path_type=Path))
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--seed-file", type=click.Path(path_type=Path), help=str(_("File with the secret seed.")))
def command(lab: str, submission: Path, results: Path, seed_file: Path | None) -> int:
    """Write ``results.json``; the exit code is not 0 where the kit could not tell."""
    from labkit.grading.exports import gradescope
    from labkit.rubric import find

    seed = int(seed_file.read_text(encoding="ascii")) if seed_file else None
    record = graded_record(find.lab(lab), submission, seed)
    built = gradescope.results(record, leaderboard=gradescope.leaderboard(record))
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(built, indent=2, ensure_ascii=False), encoding="utf-8")
    return 0 if gradescope.decided(record) else _NOT_TOLD


def graded_record(lab: Lab, submission: Path, seed: int | None) -> Mapping[str, Any]:
    """Grade one submission behind the best walls there are, and return its record.

    What cannot be run at all is a grade as well: its first check says why.
    """
    from labkit.grading.attempted import attempted
    from labkit.grading.pipeline import prepared
    from labkit.grading.running import Conditions, training_seed
    from labkit.report.record import as_record
    from labkit.sandbox import protections
    from labkit.sandbox.launch import Launcher

    with (
        tempfile.TemporaryDirectory(prefix="labkit-") as name,
        Launcher(1, protections.choose("best")) as launcher,
    ):
        folder = Path(name)
        (folder / "data").mkdir()
        trial = prepared(lab, folder / "data", launcher, seed)
        conditions = Conditions(lab, trial, launcher, training_seed(seed), threads=1, repeat=True)
        graded, _told = attempted(submission, folder, conditions)
        return as_record(graded.grade)
