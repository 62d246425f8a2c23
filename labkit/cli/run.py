"""``labkit run``: train what the student wrote, grade it, show what to do next."""

from __future__ import annotations

from pathlib import Path

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.command("run", help=str(_("Train your lab, grade it and say what to do next.")))
@click.argument("lab")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--solution", is_flag=True, help=str(_("Run the reference solution instead.")))
@click.option(
    "--data",
    "table",
    type=click.Path(path_type=Path),
    help=str(_("A CSV of your own in place of the lab's data.")),
)
@click.option("--seed", type=int, help=str(_("Split the data by this seed, not the public way.")))
def command(lab: str, file: Path | None, solution: bool, table: Path | None, seed: int | None) -> None:
    """Run one lab and write everything to a folder of its own."""
    from labkit.cli.progress import Progress
    from labkit.errors import UsageError
    from labkit.grading import pipeline, runs
    from labkit.report import files, terminal
    from labkit.rubric import find
    from labkit.sandbox.launch import Launcher, sensible_width

    chosen = find.lab(lab)
    if solution and file is None and not find.solution(chosen).is_file():
        raise UsageError(
            _("The solutions are not in this copy of the kit."),
            fix=_("Leave --solution out to run your own file."),
        )
    path = file or (find.solution(chosen) if solution else find.starter(chosen))
    console = terminal.console()
    console.print(f"[bold]{chosen.title}[/]")
    with Launcher(sensible_width()) as launcher:
        folder = runs.new_folder(chosen)
        with Progress(console, folder / "evidence", launcher, terminal.step_text):
            graded = pipeline.grade(chosen, path, folder, launcher, seed=seed, table=table)
    paths = files.write(graded.grade, graded.evidence, folder, reference=solution)
    terminal.show(graded.grade, graded.evidence, console, paths=paths)
