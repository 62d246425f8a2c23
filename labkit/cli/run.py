"""``labkit run``: train what the student wrote, grade it, show what to do next."""

from __future__ import annotations

from pathlib import Path

import click

from labkit.cli.completion import LabName
from labkit.i18n import texts

_ = texts(__file__)

_IN_RUN = ""  # what --tensorboard means without a folder


@click.command("run", help=str(_("Train your lab, grade it and say what to do next.")))
@click.argument("lab", type=LabName())
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--solution", is_flag=True, help=str(_("Run the reference solution instead.")))
@click.option(
    "--data",
    "table",
    type=click.Path(path_type=Path),
    help=str(_("A CSV of your own in place of the lab's data.")),
)
@click.option("--seed", type=int, help=str(_("Split the data by this seed, not the public way.")))
@click.option(
    "--tensorboard",
    "logs",
    is_flag=False,
    flag_value=_IN_RUN,
    metavar="[DIR]",
    help=str(_("Write logs for TensorBoard into the run's folder, or into a new one in DIR.")),
)
def command(
    lab: str,
    file: Path | None,
    solution: bool,
    table: Path | None,
    seed: int | None,
    logs: str | None,
) -> None:
    """Run one lab and write everything to a folder of its own."""
    from labkit.cli.progress import Progress
    from labkit.errors import UsageError
    from labkit.grading import pipeline, runs
    from labkit.report import files, terminal
    from labkit.report.event_files import EventFiles, expect_tensorboard
    from labkit.rubric import find
    from labkit.sandbox.launch import Launcher, sensible_width

    chosen = find.lab(lab)
    if solution and file is None and not find.solution(chosen).is_file():
        raise UsageError(
            _("The solutions are not in this copy of the kit."),
            fix=_("Leave --solution out to run your own file."),
        )
    if logs is not None:
        expect_tensorboard()
    path = file or (find.solution(chosen) if solution else find.starter(chosen))
    console = terminal.console()
    console.print(f"[bold]{chosen.title}[/]")
    with Launcher(sensible_width()) as launcher:
        folder = runs.new_folder(chosen)
        events = None if logs is None else EventFiles(_place(logs, folder))
        with Progress(console, folder / "evidence", launcher, terminal.step_text, events):
            graded = pipeline.grade(chosen, path, folder, launcher, seed=seed, table=table)
    paths = files.write(graded.grade, graded.evidence, folder, reference=solution)
    terminal.show(graded.grade, graded.evidence, console, paths=paths)
    if events is not None:
        said = events.trouble or _("Curves   tensorboard --logdir {folder}", folder=events.folder)
        console.print(str(said), markup=False, soft_wrap=True)


def _place(logs: str, run: Path) -> Path:
    """Where a run's logs go: those of several runs may lie side by side, to be compared."""
    if logs == _IN_RUN:
        return run / "tensorboard"
    return Path(logs).expanduser() / f"{run.parent.name}-{run.name}"
