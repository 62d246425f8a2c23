"""``labkit completion``: what a shell needs to complete commands and names of labs."""

from __future__ import annotations

import click

from labkit.i18n import texts

__all__ = ["LabName"]

_ = texts(__file__)

_SHELLS = ("bash", "zsh", "fish")


class LabName(click.ParamType):
    """A lab as one types it; shells complete its short name."""

    name = "lab"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """See `click.ParamType.shell_complete`."""
        from click.shell_completion import CompletionItem

        from labkit.cli.deferred import defer

        defer("numpy")
        from labkit.rubric import find

        return [
            CompletionItem(lab.name, help=str(lab.title))
            for lab in find.labs()
            if lab.name.startswith(incomplete)
        ]


@click.command("completion", help=str(_("Print what makes your shell complete labkit's words.")))
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the script; the last line says, as a comment, where it goes."""
    from click.shell_completion import get_completion_class

    from labkit.cli.main import root_command

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(root_command(), {}, "labkit", "_LABKIT_COMPLETE").source())
    places = {
        "bash": 'eval "$(labkit completion bash)"  # ~/.bashrc',
        "zsh": 'eval "$(labkit completion zsh)"  # ~/.zshrc',
        "fish": "labkit completion fish | source  # ~/.config/fish/config.fish",
    }
    click.echo("# " + str(_("To have it in every shell: {line}", line=places[shell])))
