"""``labkit play``: a lab's idea as a page to play with, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from labkit.cli.completion import LabName
from labkit.i18n import current_language, texts

if TYPE_CHECKING:
    from labkit.rubric.lab import Lab

_ = texts(__file__)

PAGES = {
    1: "gasoline",
    2: "digits",
    3: "fashion",
    4: "digits",
    5: "tagger",
    6: "latent",
    7: "hopfield",
    8: "som",
    9: "hodgkin_huxley",
    10: "neuron",
    11: "logistic",
    13: "backprop",
    14: "optimizers",
}
"""Lab -> its page, a module of ``labkit/playground/pages``, which runs in a process of its own."""

_OF_A_MODEL = ("digits", "fashion", "gasoline", "latent", "tagger")


@click.command(
    "play", help=str(_("Play with a lab's idea, and with your trained model, in the browser."))
)
@click.argument("lab", type=LabName())
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help=str(_("Another .h5 file than that of your last run.")),
)
@click.option("--port", type=click.IntRange(1, 65535), help=str(_("Of this machine, for the page.")))
@click.option("--no-browser", is_flag=True, help=str(_("Only say where the page is.")))
def command(lab: str, model: Path | None, port: int | None, no_browser: bool) -> int:
    """Open the page of one lab; nothing but this machine can reach it."""
    import subprocess
    import sys

    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.errors import UsageError
    from labkit.rubric import find

    chosen = find.lab(lab)
    page = _page(chosen)
    program = [sys.executable, "-m", "labkit.playground", page, "--language", current_language()]
    if page in _OF_A_MODEL:
        program += ["--model", str(_model(chosen, model))]
    elif model is not None:
        raise UsageError(_("The page of {lab} is not about a trained model.", lab=chosen.name))
    if port is not None:
        program += ["--port", str(port)]
    if not no_browser:
        program += ["--browser"]
    with subprocess.Popen(program) as served:
        try:
            return served.wait()
        except KeyboardInterrupt:  # it reaches the page as well, which then ends
            return served.wait()
        finally:
            served.terminate()


def _page(lab: Lab) -> str:
    """The page of a lab.

    Raises:
        UsageError: It has none, or what pages need is not installed.
    """
    from importlib.util import find_spec

    from labkit.errors import UsageError

    if lab.number not in PAGES:
        raise UsageError(
            _("There is no page for {lab}.", lab=lab.name),
            _("There is one for {labs}.", labs=", ".join(f"lab{number}" for number in PAGES)),
        )
    if find_spec("gradio") is None:
        raise UsageError(
            _("The playground needs a package that is not installed: gradio."),
            fix=_('Type: pip install "labkit[play]", or in a checkout: pip install -e ".[play]"'),
        )
    return PAGES[lab.number]


def _model(lab: Lab, named: Path | None) -> Path:
    """The file to open: the one that was named, else that of the newest run which left one.

    Raises:
        UsageError: There is none.
    """
    from labkit.errors import UsageError
    from labkit.grading import runs

    if named is not None:
        if not named.is_file():
            raise UsageError(_("There is no file {path}.", path=named))
        return named.absolute()
    found = runs.newest_model(lab)
    if found is None:
        raise UsageError(
            _("There is no trained model of {lab} yet.", lab=lab.name),
            _("A finished run leaves one."),
            _("Run the lab first: labkit run {lab}", lab=lab.name),
        )
    return found
