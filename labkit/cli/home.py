"""``labkit home``: the course as one page, with the student's progress and every handout."""

from __future__ import annotations

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.command("home", help=str(_("Write the course as one page: map, progress, handouts.")))
def command() -> None:
    """Write ``home.html`` into the folder of runs."""
    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.errors import StorageError
    from labkit.grading import runs
    from labkit.report.home_page import Progress, home_page
    from labkit.rubric import find

    folder = runs.runs_folder()
    progress = {}
    for lab in find.labs():
        best = runs.best(lab)
        if best is not None:
            report = runs.newest_report(lab)
            link = report.relative_to(folder).as_posix() if report else ""
            progress[lab.number] = Progress(best, link)
    path, page = folder / "home.html", home_page(find.labs(), progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            _("{path} cannot be written: {error}", path=path, error=error),
            fix=_("Make room, or name another folder in LABKIT_RUNS."),
        ) from error
    click.echo(str(_("The course: {path}", path=path)))
