"""``labkit reset``: start a lab anew, keeping a copy of what was there."""

from __future__ import annotations

from datetime import datetime

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.command("reset", help=str(_("Start a lab anew; a copy of your file is kept.")))
@click.argument("lab")
def command(lab: str) -> None:
    """Put the starter back in place of the student's file."""
    from labkit.errors import UsageError
    from labkit.grading.students_copy.release import PRISTINE
    from labkit.rubric import find
    from labkit.rubric.starter import starter

    chosen = find.lab(lab)
    source, path = find.solution(chosen), find.starter(chosen)
    kept = find.folder(chosen) / PRISTINE  # of a students' copy
    if source.is_file():
        fresh = starter(source.read_text(encoding="utf-8"))
    elif kept.is_file():
        fresh = kept.read_text(encoding="utf-8")
    else:
        raise UsageError(
            _("This copy of the kit has no {path} to make the starter from.", path=source.name),
            fix=_("Take the file from a fresh copy of the kit."),
        )
    if path.is_file():
        if path.read_text(encoding="utf-8", errors="replace") == fresh:
            click.echo(str(_("{name} is the untouched starter already.", name=path.name)))
            return
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        backup = path.with_name(f"{path.stem}.backup-{stamp}{path.suffix}")
        path.rename(backup)
        click.echo(str(_("Your file is kept as {name}.", name=backup.name)))
    path.write_text(fresh, encoding="utf-8")
    click.echo(str(_("{name} is the starter again.", name=path.name)))
