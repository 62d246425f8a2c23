"""The ``labkit`` command: finds the subcommand, sets the language, shows errors plainly."""

from __future__ import annotations

import importlib
import sys

import click

from labkit import __version__
from labkit.errors import LabkitError
from labkit.i18n import LANGUAGES, Text, preferred_language, speaking, texts

__all__ = ["main", "root_command"]

_ = texts(__file__)

_FOR_STUDENTS = (
    "run",
    "watch",
    "play",
    "notebook",
    "hint",
    "list",
    "home",
    "reset",
    "doctor",
    "completion",
)
_COMMANDS = (*_FOR_STUDENTS, "data", "grade", "gradebook", "release", "dev")
_UNLISTED = ("gradescope", "github")
_INTERRUPTED = 130
_FAULT = 70

_WORDS_OF_CLICK = (
    _("Usage:"),
    _("Options"),
    _("Commands"),
    _("Show this message and exit."),
    _("Show the version and exit."),
    _("default: {default}"),
    _("required"),
    _("Try '{command} {option}' for help."),
    _("Missing command."),
    _("Missing argument"),
    _("Missing option"),
    _("Choose from:\n\t{choices}"),
    _("No such command {name!r}."),
    _("No such option {name!r}."),
    _("Did you mean {possibility}?"),
    _("(Did you mean one of: {possibilities}?)"),
    _("Got unexpected extra argument ({args})"),
    _("Got unexpected extra arguments ({args})"),
    _("Option {name!r} requires an argument."),
    _("Option {name!r} does not take a value."),
    _("Invalid value: {message}"),
    _("Invalid value for {param_hint}: {message}"),
    _("{value!r} is not one of {choices}."),
    _("{value!r} is not a valid {number_type}."),
    _("{value} is not in the range {range}."),
)
"""What click says of its own, marked here so that the kit's catalogue has it."""


class _Commands(click.Group):
    """Subcommands, each a module of this package, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in (*_COMMANDS, *_UNLISTED):
            return None
        module = importlib.import_module(f"labkit.cli.{cmd_name}")
        command: click.Command = module.command
        return command


def main() -> None:
    """Run the command line; ends the process with the exit code of the error, if any."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    _translate_click()
    with speaking(_language(sys.argv[1:])):
        sys.exit(_run())


def _translate_click() -> None:
    """Let click find its words in the kit's catalogue; those that are not there stay English."""

    def one(words: str) -> str:
        return str(Text(words))

    def one_or_many(single: str, plural: str, count: int) -> str:
        return one(single if count == 1 else plural)

    for name in ("core", "decorators", "exceptions", "formatting", "parser", "types"):
        vars(sys.modules[f"click.{name}"]).update(_=one, ngettext=one_or_many)


def _run() -> int:
    """Run the command and return the exit code."""
    try:
        code = root_command().main(prog_name="labkit", standalone_mode=False)
    except LabkitError as error:
        _complain(error)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\n" + str(_("Stopped.")), err=True)
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output left, as `head` does
        sys.stderr.close()
        return 0
    except Exception as error:  # a fault of the kit's own: no traceback, but nothing lost either
        return _own_fault(error)
    return code if isinstance(code, int) else 0


def root_command() -> click.Group:
    """The root command, in the reader's language."""
    group = _Commands(
        name="labkit",
        help=str(_("Practice labs for a course on neural networks.")),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
        params=[
            click.Option(
                ["--lang"],
                type=click.Choice(LANGUAGES),
                expose_value=False,
                help=str(_("Language of everything shown.")),
            )
        ],
    )
    return click.version_option(__version__, prog_name="labkit")(group)


def _language(arguments: list[str]) -> str:
    """``--lang`` wherever it stands before the subcommand, else what the environment asks for."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            value = argument.removeprefix("--lang=")
        elif argument == "--lang" and position + 1 < len(arguments):
            value = arguments[position + 1]
        else:
            continue
        return value if value in LANGUAGES else preferred_language()
    return preferred_language()


def _own_fault(error: Exception) -> int:
    """Put the traceback into a file and say where."""
    from labkit.faults import written_down

    path = written_down(error)
    message = _("Error: this is a fault of the kit, not yours. Details are in {path}", path=path)
    click.secho(str(message), fg="red", bold=True, err=True)
    return _FAULT


def _complain(error: LabkitError) -> None:
    """Show an error: what happened, what was expected, what to do."""
    click.secho(str(_("Error: {happened}", happened=error.happened)), fg="red", bold=True, err=True)
    for part in (error.expected, error.fix):
        if str(part):
            click.echo(f"  {part}", err=True)
