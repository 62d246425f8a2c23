"""``labkit grade``: grade a whole class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labkit.cli.completion import LabName
from labkit.i18n import texts

if TYPE_CHECKING:
    from labkit.cli.classroom import Classroom
    from labkit.grading.batch import Carrier, Todo
    from labkit.grading.people.identity import Collection
    from labkit.grading.pipeline import Graded
    from labkit.rubric.lab import Lab

_ = texts(__file__)

_NOT_TOLD = 7


@click.command("grade", help=str(_("Grade a folder with a submission for each student.")))
@click.argument("lab", type=LabName())
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("class"),
    show_default=True,
    help=str(_("The class folder: settings, gradebook, reports.")),
)
@click.option("--db", help=str(_("URL of a database in place of the class folder's file.")))
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help=str(_("The class list: a CSV, or what Canvas or Moodle export.")),
)
@click.option(
    "--pattern", help=str(_("How submissions are named, such as {example}", example="{student}_{*}"))
)
@click.option("--regrade", is_flag=True, help=str(_("Grade again what is graded already.")))
@click.option("--public", is_flag=True, help=str(_("Use the public split, which students know.")))
@click.option(
    "--isolation",
    type=click.Choice(["strict", "best", "none"]),
    default="strict",
    show_default=True,
    help=str(_("What keeps submissions apart: walls, the best there is, or nothing.")),
)
@click.option("--workers", type=click.IntRange(1, 64), help=str(_("Submissions at a time.")))
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help=str(_("Run them on Dask workers: {examples}", examples="tcp://host:8786, local:4")),
)
@click.option(
    "--shared", metavar="URL", help=str(_("A folder that all of these reach, for large classes."))
)
def command(
    lab: str,
    submissions: Path,
    into: Path,
    db: str | None,
    roster: Path | None,
    pattern: str | None,
    regrade: bool,
    public: bool,
    isolation: Any,
    workers: int | None,
    cluster: str | None,
    shared: str | None,
) -> int:
    """Grade what is not graded yet, show it as it goes, and write the class page."""
    from labkit.cli import classroom as classrooms
    from labkit.grading import batch
    from labkit.grading.people import identity
    from labkit.report.terminal import console
    from labkit.rubric import find

    _expect_one_place(cluster, shared, workers)
    chosen, screen = find.lab(lab), console()
    with classrooms.entered(into, db, roster) as classroom:
        collection = identity.collect(
            submissions, pattern=pattern or classroom.settings.pattern, roster=classroom.roster
        )
        seed = None if public else classroom.settings.seed
        todo = batch.waiting(chosen, collection.entries, classroom.book, seed, regrade=regrade)
        _say_what_was_found(collection, len(todo))
        if todo:
            if cluster is None:
                place = _here(chosen, classroom, len(todo), seed, isolation, workers)
            else:
                place = _on_a_cluster(chosen, classroom, seed, isolation, cluster, shared)
            with place as carrier:
                _grade(chosen, classroom, todo, seed, carrier)
        page = classrooms.write_page(classroom, chosen)
        untold = [
            standing.student.shown
            for standing in classroom.standings(chosen, records=False)
            if standing.attempt and standing.attempt.verdict == "unknown"
        ]
    for name in untold:
        screen.print(str(_("Could not tell: {name}", name=name)), markup=False, highlight=False)
    screen.print(str(_("Class page: {path}", path=page)), markup=False, highlight=False, soft_wrap=True)
    return _NOT_TOLD if untold else 0


def _expect_one_place(cluster: str | None, shared: str | None, workers: int | None) -> None:
    """Refuse options that mean nothing together, before anything is read."""
    from labkit.errors import UsageError

    if shared and cluster is None:
        raise UsageError(
            _("--shared says how files travel on a cluster."), fix=_("Give --cluster as well.")
        )
    if workers and cluster is not None:
        raise UsageError(
            _("--workers is for this machine; a cluster has as many places as its workers offer."),
            fix=_("Leave out --workers, or say local:{count}.", count=workers),
        )


def _grade(
    lab: Lab, classroom: Classroom, todo: list[Todo], seed: int | None, carrier: Carrier
) -> None:
    """Grade what is to be done, and show it as it goes."""
    from labkit.cli.tally import Tally
    from labkit.grading.batch import ClassRun
    from labkit.report.terminal import console

    names = {one.entry.student.key: one.entry.student.shown for one in todo}
    run = ClassRun(lab, classroom.folder, classroom.book, carrier, seed)
    with Tally(console(), len(todo)) as tally, closing(run.run(todo)) as attempts:
        for attempt in attempts:
            tally.add(attempt, names[attempt.student])


@contextmanager
def _here(
    lab: Lab, classroom: Classroom, count: int, seed: int | None, isolation: Any, workers: int | None
) -> Iterator[Carrier]:
    """This machine, behind the walls that were asked for."""
    from labkit.grading.here import here
    from labkit.sandbox import protections
    from labkit.sandbox.launch import Launcher, sensible_width

    walls = protections.choose(isolation)
    if walls == "none":
        _warn_of_no_walls()
    width = min(workers or sensible_width(), count)
    with (
        Launcher(width, walls) as launcher,
        here(lab, classroom.folder, launcher, seed, report) as carrier,
    ):
        yield carrier


@contextmanager
def _on_a_cluster(
    lab: Lab, classroom: Classroom, seed: int | None, isolation: Any, address: str, shared: str | None
) -> Iterator[Carrier]:
    """The workers of a cluster that have the walls which were asked for."""
    from importlib.util import find_spec

    from labkit.errors import UsageError

    if find_spec("distributed") is None:
        raise UsageError(
            _("To grade on a cluster a package is needed that is not installed: distributed."),
            fix=_('Type: pip install "labkit[cluster]", or in a checkout: pip install -e ".[cluster]"'),
        )
    from labkit.grading.cluster.coordinator import cluster, connected

    if isolation == "none":
        _warn_of_no_walls()
    with connected(address) as client:
        click.echo(str(_("Dask's own view of it: {url}", url=client.dashboard_link)))
        tell = partial(click.echo, err=True)
        place = classroom.folder
        with cluster(client, lab, place, seed, isolation, shared or "", report, tell) as carrier:
            yield carrier


def _warn_of_no_walls() -> None:
    message = _("Nothing keeps these submissions apart from the machine they run on.")
    click.secho(str(message), fg="yellow", err=True)


def report(graded: Graded, folder: Path) -> Mapping[str, Any]:
    """Write the report to hand back; return the record, with what the leaderboard needs.

    A report that cannot be drawn costs nobody the grade: what went wrong is put beside the record.
    """
    import traceback

    from labkit.report import files
    from labkit.report.record import as_record

    record = as_record(graded.grade)
    try:
        files.write(graded.grade, graded.evidence, folder, lean=True)
    except OSError:
        raise
    except Exception:
        (folder / "fault.txt").write_text(traceback.format_exc(), encoding="utf-8")
    for result in graded.grade.results:
        loss = result.verdict.data.get("value")
        if result.check.name == "challenge" and loss is not None:
            parameters = graded.evidence.model.card.get("parameters", 0)
            seconds = graded.grade.provenance.get("cpu_seconds", 0.0)
            record["challenge"] = {"loss": loss, "parameters": parameters, "seconds": seconds}
    return record


def _say_what_was_found(collection: Collection, todo: int) -> None:
    """How many there are, and what could not be taken for a submission."""
    click.echo(str(_("Handed in: {found}, to grade: {todo}", found=len(collection.entries), todo=todo)))
    for stray in collection.strays:
        click.echo(
            "  " + str(_("left out: {name} ({reason})", name=stray.path.name, reason=stray.reason))
        )
    for entry in collection.unknown:
        click.echo("  " + str(_("not in the class list: {name}", name=entry.student.shown)))
