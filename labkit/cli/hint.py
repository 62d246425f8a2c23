"""``labkit hint``: a pointer for the first check that cost points."""

from __future__ import annotations

import click

from labkit.cli.completion import LabName
from labkit.i18n import texts

_ = texts(__file__)


@click.command("hint", help=str(_("Show a hint for what your last run stumbled over.")))
@click.argument("lab", type=LabName())
def command(lab: str) -> None:
    """Show one hint."""
    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.grading import runs
    from labkit.rubric import find

    said, check = runs.pointer(find.lab(lab))
    if said is not None:
        click.echo(str(said))
    if check is not None:
        click.secho(str(check.title), bold=True)
        click.echo(str(check.hint))
