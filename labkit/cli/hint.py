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

    chosen = find.lab(lab)
    record = runs.latest(chosen)
    if record is None:
        click.echo(str(_("You have not run {lab} yet. It begins like this:", lab=chosen.name)))
        check = chosen.checks[0]
    elif record.get("next") is None:
        click.echo(str(_("Your last run of {lab} earned every point.", lab=chosen.name)))
        return
    else:
        names = [check.name for check in chosen.checks]
        wanted = record["next"]
        check = chosen.check(wanted) if wanted in names else chosen.checks[0]
    click.secho(str(check.title), bold=True)
    click.echo(str(check.hint))
