"""``labkit list``: the labs in course order, with the best grade so far."""

from __future__ import annotations

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.command("list", help=str(_("List the labs, with your best grade so far.")))
def command() -> None:
    """Show the table of labs."""
    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.grading import runs
    from labkit.rubric import find

    chapter = None
    width = max((len(str(lab.title)) for lab in find.labs()), default=0)
    for lab in find.labs():
        if str(lab.chapter) != chapter:
            chapter = str(lab.chapter)
            click.secho(f"\n{chapter}", bold=True)
        best = runs.best(lab)
        earned = _("not tried yet") if best is None else f"{best:g} / {lab.maximum:g}"
        time = _("{minutes} min", minutes=lab.minutes)
        click.echo(f"  {lab.name:<6} {lab.title!s:<{width}}  {time!s:>7}   {earned}")
    click.echo("\n" + str(_("Run one with `labkit run lab2`; its handout is in labs/.")))
