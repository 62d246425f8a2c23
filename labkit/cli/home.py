"""``labkit home``: the course as one page, with the student's progress, figures and every handout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from labkit.i18n import texts

if TYPE_CHECKING:
    from labkit.report.home_page import Newest, Progress
    from labkit.rubric.lab import Lab

_ = texts(__file__)

_ROOM = 16 * 2**20  # bytes of figures in the page


@click.command("home", help=str(_("Write the course as one page: map, progress, handouts.")))
def command() -> None:
    """Write ``home.html`` into the folder of runs."""
    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.errors import StorageError
    from labkit.grading import runs
    from labkit.report.home_page import home_page
    from labkit.rubric import find

    labs = find.labs()
    path, page = runs.runs_folder() / "home.html", home_page(labs, _progress(labs))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            _("{path} cannot be written: {error}", path=path, error=error),
            fix=_("Make room, or name another folder in LABKIT_RUNS."),
        ) from error
    click.echo(str(_("The course: {path}", path=path)))


def _progress(labs: tuple[Lab, ...]) -> dict[int, Progress]:
    """What there is of each lab that was tried, with figures as far as there is room."""
    from labkit.grading import runs
    from labkit.report.home_page import Progress

    progress = {}
    room = _ROOM
    for lab in labs:
        best, run = runs.best(lab), runs.newest(lab)
        if best is not None and run is not None:
            newest = _newest(lab, *run, room)
            room -= newest.left.size
            progress[lab.number] = Progress(best, newest)
    return progress


def _newest(lab: Lab, folder: Path, record: Mapping[str, Any], room: int) -> Newest:
    """What the page tells of a run."""
    from labkit.grading import runs
    from labkit.report import figure_files
    from labkit.report.home_page import Newest

    report = folder / "report.html"
    link = quote(report.relative_to(runs.runs_folder()).as_posix()) if report.is_file() else ""
    return Newest(
        points=float(record.get("points", 0.0)),
        undecided=float(record.get("undecided", 0.0)),
        started=str(record.get("provenance", {}).get("started") or ""),
        report=link,
        left=figure_files.read(folder, lab, room),
    )
