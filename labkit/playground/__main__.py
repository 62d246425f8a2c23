"""``python -m labkit.playground PAGE``: what `labkit play` starts."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click

from labkit.errors import LabkitError
from labkit.i18n import speaking, texts

_ = texts(__file__)


def main() -> int:
    """Open the page and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="labkit.playground")
    parser.add_argument("page")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--port", type=int)
    parser.add_argument("--browser", action="store_true")
    given = parser.parse_args()
    with speaking(given.language):
        try:
            _serve(given)
        except LabkitError as error:
            _complain(error)
            return error.exit_code
        except KeyboardInterrupt:
            return 0
    return 0


def _serve(given: argparse.Namespace) -> None:
    """Load the model, open the page and say where it is."""
    with _quiet():
        from labkit.playground.server import open_page

        page = import_module(f"labkit.playground.pages.{given.page}").PAGE
        model = None
        if given.model is not None:
            from labkit.lifecycle import h5

            model = h5.load(given.model, compile=False)
        address = open_page(page, model, given.language, port=given.port, browser=given.browser)
    click.secho(str(page.title), bold=True)
    if given.model is not None:
        click.echo(str(_("Model: {path}", path=given.model)))
    click.echo(str(_("Open in your browser: {address}   (Ctrl-C ends it)", address=address)))
    sys.stdout.flush()
    threading.Event().wait()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what TensorFlow writes when it starts, which no setting of it does.

    What goes wrong is raised, and shown after this.
    """
    shown = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(shown, 2)
        os.close(shown)


def _complain(error: LabkitError) -> None:
    """As the command line shows its own errors."""
    click.secho(str(_("Error: {happened}", happened=error.happened)), fg="red", bold=True, err=True)
    for part in (error.expected, error.fix):
        if str(part):
            click.echo(f"  {part}", err=True)


if __name__ == "__main__":
    sys.exit(main())
