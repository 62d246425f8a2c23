"""``labkit reset``: start a lab anew, keeping a copy of what was there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labkit.cli.completion import LabName
from labkit.i18n import texts

if TYPE_CHECKING:
    from labkit.rubric.lab import Lab

_ = texts(__file__)


@click.command("reset", help=str(_("Start a lab anew; a copy of your file is kept.")))
@click.argument("lab", type=LabName())
def command(lab: str) -> None:
    """Put the starter back in place of the student's file."""
    from labkit.rubric import find

    click.echo(reset(find.lab(lab)))


def reset(lab: Lab) -> str:
    """Put the starter back; whatever stood there is kept beside it.

    Returns:
        What was done, in the reader's language.

    Raises:
        UsageError: There is nothing to make the starter from.
        StorageError: The file cannot be read or written, or a folder stands in its place.
    """
    from labkit.errors import StorageError
    from labkit.grading.students_copy.untouched import untouched
    from labkit.rubric import find

    path, fresh = find.starter(lab), untouched(lab)
    try:
        return _replaced(path, fresh)
    except OSError as error:
        raise StorageError(
            _("{path} cannot be written: {error}", path=path, error=error.strerror or error),
            fix=_("Look at its rights, or copy it somewhere else."),
        ) from error


def _replaced(path: Path, fresh: str) -> str:
    """Write the starter, and say what was done; a folder of that name is an error of the system."""
    said = [str(_("{name} is the starter again.", name=path.name))]
    if path.is_file():
        if path.read_text(encoding="utf-8", errors="replace") == fresh:
            return str(_("{name} is the untouched starter already.", name=path.name))
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        backup = path.with_name(f"{path.stem}.backup-{stamp}{path.suffix}")
        path.rename(backup)
        said.insert(0, str(_("Your file is kept as {name}.", name=backup.name)))
    path.write_text(fresh, encoding="utf-8")
    return "\n".join(said)
