"""``labkit gradebook``: look into a class's gradebook, adjust it, hand it on."""

from __future__ import annotations

import difflib
import getpass
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labkit.i18n import texts

if TYPE_CHECKING:
    from labkit.cli.classroom import Classroom
    from labkit.grading.gradebook.records import Standing
    from labkit.rubric.lab import Lab

_ = texts(__file__)


def _of_a_class(function: Any) -> Any:
    """The options by which every command finds the class."""
    for option in (
        click.option("--roster", type=click.Path(path_type=Path), help=str(_("The class list."))),
        click.option("--db", help=str(_("URL of a database in place of the class folder's file."))),
        click.option(
            "--into",
            type=click.Path(path_type=Path),
            default=Path("class"),
            show_default=True,
            help=str(_("The class folder.")),
        ),
        click.argument("lab"),
    ):
        function = option(function)
    return function


@click.group("gradebook", help=str(_("Look into a class's gradebook, adjust it, hand it on.")))
def command() -> None:
    """Commands on the gradebook of a class."""


@command.command("show", help=str(_("Show what everybody has in a lab.")))
@_of_a_class
def show(lab: str, into: Path, db: str | None, roster: Path | None) -> None:
    """One line for each student, and what it comes to."""
    from labkit.cli import showing

    with _opened(lab, into, db, roster) as (chosen, classroom):
        standings = classroom.standings(chosen)
        rules = classroom.settings.policy(chosen.name)
    for line in showing.table(chosen, standings, rules):
        click.echo(line)


@command.command(
    "adjust",
    help=str(_("Add points by hand, or take them away (-1), with a reason.")),
    context_settings={"ignore_unknown_options": True},  # -1 is no option
)
@_of_a_class
@click.argument("student")
@click.argument("points", type=float)
@click.option("--reason", required=True, help=str(_("Why; it is kept with the points.")))
@click.option("--by", default=None, help=str(_("Who decided; your user name if left out.")))
def adjust(
    lab: str,
    into: Path,
    db: str | None,
    roster: Path | None,
    student: str,
    points: float,
    reason: str,
    by: str | None,
) -> None:
    """Write an adjustment, show what the student has now, and bring the class page up to date."""
    from labkit.cli import showing
    from labkit.cli.classroom import write_page
    from labkit.errors import UsageError
    from labkit.grading.gradebook.records import Adjustment

    if not math.isfinite(points) or not reason.strip():
        raise UsageError(
            _("An adjustment is a number of points and a reason."),
            fix=_("As in: labkit gradebook adjust {lab} ana 0.5 --reason …", lab=lab),
        )
    with _opened(lab, into, db, roster) as (chosen, classroom):
        key = _who(student, classroom.standings(chosen), chosen)
        now = datetime.now(timezone.utc)
        classroom.book.adjust(Adjustment(chosen.name, key, points, reason, by or _user(), now))
        after = next(one for one in classroom.standings(chosen) if one.student.key == key)
        write_page(classroom, chosen)
    click.echo(showing.line(after))


@command.command("diff", help=str(_("Compare everybody's last two attempts, or one student's.")))
@_of_a_class
@click.argument("student", required=False)
def diff(lab: str, into: Path, db: str | None, roster: Path | None, student: str | None) -> None:
    """What changed, and what it may come from; students without change are left out."""
    from labkit.cli import showing
    from labkit.grading.gradebook.compare import last_two
    from labkit.grading.people.columns import fold

    with _opened(lab, into, db, roster) as (chosen, classroom):
        standings = classroom.standings(chosen)
        attempts = classroom.book.attempts(chosen.name)
    wanted = fold(_who(student, standings, chosen)) if student is not None else None
    silent = True
    for standing in standings:
        key = fold(standing.student.key)
        compared = last_two([attempt for attempt in attempts if fold(attempt.student) == key])
        if compared and (key == wanted or (wanted is None and compared.changes)):
            silent = False
            for line in showing.difference(standing.student, compared):
                click.echo(line)
    if silent:
        click.echo(str(_("There is nothing to compare.") if wanted else _("Nothing changed.")))


@command.command("reports", help=str(_("Copy everybody's report into a folder, to hand back.")))
@_of_a_class
@click.argument("folder", type=click.Path(path_type=Path))
def reports(lab: str, into: Path, db: str | None, roster: Path | None, folder: Path) -> None:
    """One HTML file a student, named by their key."""
    from labkit.errors import UsageError
    from labkit.grading.exports.cells import save
    from labkit.grading.people.naming import folder_name

    if folder.exists() and not folder.is_dir():
        raise UsageError(
            _("{folder} is no folder.", folder=folder), fix=_("Name a folder for the reports.")
        )
    with _opened(lab, into, db, roster) as (chosen, classroom):
        standings = classroom.standings(chosen)
    copied = 0
    for standing in standings:
        if standing.attempt is None:
            continue
        source = classroom.folder / standing.attempt.folder / "report.html"
        if source.is_file():
            save(folder / f"{folder_name(standing.student.key)}.html", source.read_bytes())
            copied += 1
        else:
            click.echo(str(_("No report: {name}", name=standing.student.shown)))
    click.echo(str(_("{copied} reports in {folder}", copied=copied, folder=folder)))


@command.command("export", help=str(_("Write grades for Canvas, Moodle, Gradescope, GitHub or a CSV.")))
@click.argument("target", type=click.Choice(["csv", "canvas", "moodle", "gradescope", "github"]))
@_of_a_class
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help=str(_("What to write."))
)
@click.option(
    "--fill",
    type=click.Path(path_type=Path),
    help=str(_("Canvas' exported gradebook, or Moodle's worksheet, to fill.")),
)
@click.option("--assignment", help=str(_("Canvas' assignment: its number, or “Title (number)”.")))
@click.option("--public", is_flag=True, help=str(_("Gradescope grades on the public split.")))
def export(
    target: str,
    lab: str,
    into: Path,
    db: str | None,
    roster: Path | None,
    output: Path,
    fill: Path | None,
    assignment: str | None,
    public: bool,
) -> None:
    """Hand the grades on; whoever could not be matched is named."""
    from labkit.cli.handing_on import hand_on

    with _opened(lab, into, db, roster) as (chosen, classroom):
        for line in hand_on(target, chosen, classroom, output, fill, assignment, public=public):
            click.echo(line)


@contextmanager
def _opened(
    lab: str, into: Path, db: str | None, roster: Path | None
) -> Iterator[tuple[Lab, Classroom]]:
    """The lab and the class; a folder that is no class yet is an error here."""
    from labkit.cli import classroom as classrooms
    from labkit.errors import UsageError
    from labkit.rubric import find

    chosen = find.lab(lab)
    if not (into / "class.toml").is_file():
        raise UsageError(
            _("{folder} is no class folder.", folder=into),
            _("A folder that labkit grade has written to was expected."),
            _("Name it with --into, or grade first: labkit grade {lab} FOLDER", lab=chosen.name),
        )
    with classrooms.entered(into, db, roster) as classroom:
        yield chosen, classroom


def _who(said: str, standings: Sequence[Standing], lab: Lab) -> str:
    """The key of the one student whom a key or a name means."""
    from labkit.errors import UsageError
    from labkit.grading.people.columns import fold

    wanted, students = fold(said), [standing.student for standing in standings]
    found = [student.key for student in students if fold(student.key) == wanted]
    found = found or [student.key for student in students if fold(student.name) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            _("More than one student is called {student}.", student=said),
            _("Their keys are: {keys}.", keys=", ".join(found)),
            _("Name one by the key."),
        )
    keys = [text for student in students for text in (student.key, student.name) if text]
    near = difflib.get_close_matches(said, keys, n=1)
    raise UsageError(
        _("{student} is nobody in this gradebook.", student=said),
        _("Did you mean {near}?", near=near[0]) if near else _("A student's key was expected."),
        _("See them with: labkit gradebook show {lab}", lab=lab.name),
    )


def _user() -> str:
    """Who is at the keyboard; in a container perhaps nobody."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return "-"
