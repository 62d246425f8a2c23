"""``labkit release``: write the students' copy of the kit."""

from __future__ import annotations

from pathlib import Path

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.command("release", help=str(_("Write the students' copy of the kit, without solutions.")))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=str(_("The folder to write; the same as FOLDER.")),
)
@click.option("--zip", "zipped", is_flag=True, help=str(_("Write FOLDER.zip instead.")))
def command(folder: Path | None, output: Path | None, zipped: bool) -> None:
    """Write the copy, prove that it gives nothing away, and say where it is."""
    from labkit.errors import UsageError
    from labkit.grading.students_copy.release import release

    target = folder or output
    if target is None or (folder and output):
        raise UsageError(
            _("One folder was expected."),
            fix=_("Write for instance: labkit release students"),
        )
    made = release(target, zipped=zipped)
    click.echo(
        str(
            _(
                "{path}: {files} files, {size:.0f} MB. No line of a solution is in them.",
                path=made.path,
                files=made.files,
                size=made.bytes / 1e6,
            )
        )
    )
