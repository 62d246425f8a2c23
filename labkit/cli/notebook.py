"""``labkit notebook``: a lab as a notebook for Jupyter, VS Code or Colab."""

from __future__ import annotations

from pathlib import Path

import click

from labkit.cli.completion import LabName
from labkit.i18n import texts

_ = texts(__file__)


@click.command("notebook", help=str(_("Write a lab as a notebook, to be worked in and handed in.")))
@click.argument("lab", type=LabName())
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--solution", is_flag=True, help=str(_("Write the reference solution into it.")))
def command(lab: str, file: Path | None, solution: bool) -> None:
    """Write the notebook of one lab."""
    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.grading.notebooks.making import notebook, write
    from labkit.rubric import find

    chosen = find.lab(lab)
    path = file or Path(f"{chosen.folder}{'.solution' if solution else ''}.ipynb")
    write(notebook(chosen, solution=solution), path)
    click.echo(str(_("Open {path} in Jupyter, VS Code or Colab.", path=path)))
    click.echo(str(_("Its last cell grades it; the file can be handed in as it is.")))
