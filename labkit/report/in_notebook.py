"""A grade inside a notebook: a short verdict as HTML, and as plain text where HTML is not shown.

The colours are the front end's own, which knows whether it is dark; marks have shapes beside theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from io import StringIO
from typing import Any

from labkit.errors import LabkitError
from labkit.i18n import current_language, texts
from labkit.report import facts
from labkit.report.files import Paths
from labkit.report.outline import (
    NO_FAULT,
    Advice,
    Mark,
    advice,
    blocker,
    clean,
    clip,
    mark,
    points,
    score,
    task,
    unsure,
)
from labkit.report.pages import template
from labkit.report.terminal import near
from labkit.rubric.evidence import Evidence
from labkit.rubric.grade import Grade, Result
from labkit.rubric.lab import Check

__all__ = ["Shown", "framed", "hint", "note", "trouble", "verdict"]

_ = texts(__file__)

Shown = dict[str, str]
"""What a notebook shows: MIME type -> content, of which a front end takes the richest it knows."""

_LONGEST_MESSAGE = 400
_WIDTH = 80
_SIGNS = {
    Mark.FULL: ("✓", _("passed")),
    Mark.PART: ("◐", _("passed in part")),
    Mark.LOST: ("✗", _("failed")),
    Mark.UNSURE: ("?", _("could not tell")),
    Mark.SKIPPED: ("·", _("not looked at")),
}


def verdict(
    grade: Grade, evidence: Evidence, paths: Paths, *, file: str = "", notes: Sequence[object] = ()
) -> Shown:
    """What a run earned, and the one thing to do next, in the current language.

    Args:
        grade: What was earned.
        evidence: What it rests on.
        paths: The run's files.
        file: Name of the notebook.
        notes: What else the student should know of how the notebook was read.

    Returns:
        HTML without script, in which everything that came from a submission is cleaned and escaped;
        and text of 80 columns.
    """
    grade = replace(grade, provenance={**grade.provenance, "submission": file})
    following = advice(grade, evidence)
    rows = [_row(grade, following, *numbered) for numbered in enumerate(grade.results, 1)]
    said = [*map(str, notes), *facts.notes(grade)]
    html = _rendered(
        "verdict",
        lab=grade.lab,
        score=score(grade),
        rows=rows,
        notes=said,
        following=following,
        task=task(following, clean(file)) if following else "",
        no_fault=str(NO_FAULT) if following and mark(following.result) is Mark.UNSURE else "",
        folder=near(paths.folder),
    )
    return {"text/plain": _plain(grade, evidence, paths, notes), "text/html": html}


def framed(page: str) -> str:
    """A whole page inside a notebook, in which nothing can run."""
    title = escape(str(_("Report")))
    style = "width: 100%; height: 44rem; border: 1px solid rgba(128, 128, 128, .5); border-radius: 4px"
    return f'<iframe title="{title}" sandbox="" style="{style}" srcdoc="{escape(page)}"></iframe>'


def hint(before: object, check: Check | None) -> Shown:
    """A pointer for a check; ``None`` for a word alone.

    Args:
        before: What to say first; may be empty.
        check: The check.
    """
    lines = [str(before), str(check.title), str(check.hint)] if check else [str(before)]
    html = _rendered("hint", before=str(before), check=check)
    return {"text/plain": "\n".join(filter(None, lines)), "text/html": html}


def note(sentence: object) -> Shown:
    """A sentence, or several lines of equally wide characters, as while a run goes on."""
    return {"text/plain": clean(sentence), "text/html": _rendered("note", sentence=str(sentence))}


def trouble(error: LabkitError) -> Shown:
    """Why nothing could be graded: what happened, what was expected, what to do."""
    head = _("Error: {happened}", happened=clean(error.happened))
    more = [clean(part) for part in (error.expected, error.fix) if str(part)]
    html = _rendered("trouble", head=str(head), more=more)
    return {"text/plain": "\n  ".join([str(head), *more]), "text/html": html}


def _rendered(kind: str, **values: Any) -> str:
    page = template("notebook.html").render(
        _=lambda msgid, **params: str(_(msgid, **params)),
        points=points,
        language=current_language(),
        kind=kind,
        **values,
    )
    # A front end would take an empty line for the end of the HTML, where Markdown is around it.
    return "\n".join(line for line in page.splitlines() if line.strip())


def _row(grade: Grade, following: Advice | None, place: int, result: Result) -> dict[str, Any]:
    """One check, as the verdict lists it; what is told above, or said by its title, is not repeated."""
    kind, waits = mark(result), blocker(grade, result)
    sign, word = _SIGNS[kind]
    told = following is not None and following.result is result
    told = told or (kind is Mark.FULL and not result.verdict.data)
    return {
        "place": place,
        "kind": kind.value,
        "sign": sign,
        "word": str(word),
        "title": str(result.check.title),
        "message": "" if told or waits else clip(clean(result.verdict.message), _LONGEST_MESSAGE),
        "blocker": waits,
        "bonus": result.check.bonus,
        "share": result.verdict.fraction,
        "earned": "?" if unsure(grade, result) else points(result.points),
        "possible": result.check.points,
    }


def _plain(grade: Grade, evidence: Evidence, paths: Paths, notes: Sequence[object]) -> str:
    """What a terminal would show, without its colours."""
    from rich.console import Console

    from labkit.report import terminal

    stream = StringIO()
    console = Console(
        file=stream, width=_WIDTH, color_system=None, highlight=False, force_jupyter=False
    )
    console.print(f"{grade.lab.name} · {grade.lab.title}", markup=False)
    for sentence in notes:
        console.print(f"\n{clean(sentence)}", markup=False)
    terminal.show(grade, evidence, console, paths=paths)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())
