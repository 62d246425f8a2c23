"""``labkit github``: grade the repository's own file in a workflow of GitHub."""

from __future__ import annotations

import os
from pathlib import Path

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.command("github", hidden=True, help=str(_("Grade your file in a workflow of GitHub.")))
@click.argument("lab")
def command(lab: str) -> int:
    """Announce the results to the next step of the workflow, and print them."""
    from labkit.cli.gradescope import graded_record
    from labkit.errors import UsageError
    from labkit.grading.exports import github
    from labkit.rubric import find

    output = os.environ.get("GITHUB_OUTPUT")
    if not output:
        raise UsageError(
            _("This is no workflow of GitHub: GITHUB_OUTPUT is not set."),
            fix=_("On your own machine use: labkit run {lab}", lab=lab),
        )
    chosen = find.lab(lab)
    record = graded_record(chosen, find.starter(chosen), None)
    github.announce(record, Path(output))
    for check in record["checks"]:
        click.echo(f"{check['points']:g}/{check['possible']:g}  {check['title']}: {check['message']}")
    return 0
