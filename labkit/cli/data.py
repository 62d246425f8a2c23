"""``labkit data``: the data sets and their cache."""

from __future__ import annotations

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.group("data", help=str(_("Look at, verify or clean the data sets.")))
def command() -> None:
    """Group of the commands below."""


@command.command("list", help=str(_("List the data sets with source and licence.")))
def list_sets() -> None:
    """Show each data set."""
    from labkit import data

    for name in data.names():
        info = data.describe(name)
        click.secho(f"{name}: {info.title}", bold=True)
        for array, details in info.arrays.items():
            shape = " × ".join(str(size) for size in details.shape)
            click.echo(f"  {array:<8} {shape}  {details.dtype}")
        click.echo(f"  {info.source}")
        click.echo(f"  {_('licence')}: {info.licence}")


@command.command("verify", help=str(_("Check every array against its digest; mend the cache.")))
def verify() -> None:
    """Say of each file whether it is whole."""
    from labkit import data
    from labkit.errors import DataDamaged

    findings = data.verify()
    for finding in findings:
        click.echo(f"{'ok' if finding.sound else '!!':<3} {finding.name}  {finding.message}")
    if not all(finding.sound for finding in findings):
        raise DataDamaged(
            _("Some data are damaged or missing."),
            fix=_("Restore the files named above from a fresh copy of the kit."),
        )


@command.command("clean", help=str(_("Empty the cache; it is filled again on first use.")))
def clean() -> None:
    """Remove the unpacked arrays."""
    from labkit import data

    freed = data.clean()
    folder = data.cache_folder()
    click.echo(str(_("{folder}: {freed:.0f} MB freed.", folder=folder, freed=freed / 1e6)))
