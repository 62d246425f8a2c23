"""``labkit dev``: what those who write labs need."""

from __future__ import annotations

import click

from labkit.i18n import texts

_ = texts(__file__)


@click.group("dev", help=str(_("For those who write labs.")))
def command() -> None:
    """Group of the commands below."""


@command.command("starters", help=str(_("Make every starter from its solution.")))
@click.option("--check", is_flag=True, help=str(_("Change nothing; fail when one is stale.")))
def starters(check: bool) -> None:
    """Write the starters, or say which are stale."""
    from labkit.errors import ContentError
    from labkit.rubric import find
    from labkit.rubric.starter import starter

    stale = []
    for lab in find.labs():
        fresh = starter(find.solution(lab).read_text(encoding="utf-8"))
        path = find.starter(lab)
        if not path.is_file() or path.read_text(encoding="utf-8") != fresh:
            stale.append(lab.folder)
            if not check:
                path.write_text(fresh, encoding="utf-8")
                click.echo(str(_("wrote {path}", path=path.name)))
    if check and stale:
        raise ContentError(
            _("Stale starters: {labs}.", labs=", ".join(stale)),
            fix=_("Run `labkit dev starters`."),
        )


@command.command("texts", help=str(_("Collect the texts and compile the translations.")))
@click.option("--check", is_flag=True, help=str(_("Change nothing; fail when one is missing.")))
def texts_command(check: bool) -> None:
    """Bring the catalogues up to date, or say what they lack."""
    from labkit.cli.catalogues import stale, update
    from labkit.errors import ContentError

    if not check:
        for line in update():
            click.echo(line)
    elif lacking := stale():
        raise ContentError(
            _("The catalogues are not complete: {lacking}.", lacking="; ".join(lacking[:20])),
            fix=_("Run `labkit dev texts`, then translate what is empty."),
        )


@command.command("course", help=str(_("Write the course into the READMEs, and draw its map.")))
@click.option("--check", is_flag=True, help=str(_("Change nothing; fail when one is stale.")))
def course(check: bool) -> None:
    """Bring tables and maps of the course up to date, or say which are stale."""
    from labkit.errors import ContentError
    from labkit.i18n import LANGUAGES, localized, speaking
    from labkit.report.course_map import course_map
    from labkit.report.course_table import course_table, put_in
    from labkit.root import root
    from labkit.rubric import find

    stale = []
    for language in LANGUAGES:
        readme, picture = (root() / localized(n, language) for n in ("README.md", "docs/course.svg"))
        with speaking(language):
            text = put_in(readme.read_text(encoding="utf-8"), course_table(find.labs()))
            drawn = course_map(find.labs(), {}, {})
        for path, fresh in ((readme, text), (picture, drawn)):
            if not path.is_file() or path.read_text(encoding="utf-8") != fresh:
                stale.append(path.name)
                if not check:
                    path.write_text(fresh, encoding="utf-8")
                    click.echo(str(_("wrote {path}", path=path.name)))
    if check and stale:
        raise ContentError(
            _("Stale tables or maps: {files}.", files=", ".join(stale)),
            fix=_("Run `labkit dev course`."),
        )


@command.command("verify", help=str(_("Prove labs: starter, solution, mutants, texts.")))
@click.argument("labs", nargs=-1)
@click.option("--seeds", default=1, show_default=True, help=str(_("Seeds of the solution.")))
def verify(labs: tuple[str, ...], seeds: int) -> None:
    """Grade every answer of the named labs, or of all, and say which proofs fail."""
    import tempfile
    from pathlib import Path

    from labkit.errors import ContentError
    from labkit.grading.verify import Proof, cases, prove, shape
    from labkit.rubric import find
    from labkit.sandbox.launch import Launcher, sensible_width

    chosen = [find.lab(name) for name in labs] or list(find.labs())
    failed = [f"{lab.name}: {fault}" for lab in chosen for fault in shape(lab)]

    def show(proof: Proof) -> None:
        mark = "FAILED" if proof.faults else "ok"
        click.echo(f"{mark:<7}{proof.case.name}  {proof.grade.points:g} / {proof.grade.maximum:g}")
        failed.extend(f"{proof.case.name}: {fault}" for fault in proof.faults)

    wanted = [case for lab in chosen for case in cases(lab, seeds)]
    with tempfile.TemporaryDirectory() as folder, Launcher(sensible_width()) as launcher:
        prove(wanted, Path(folder), launcher, show)
    if failed:
        raise ContentError("\n  ".join([str(_("Not proved:")), *failed]))
