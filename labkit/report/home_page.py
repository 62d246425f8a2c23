"""The course as one offline page: map, progress, and every handout with its formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from labkit.i18n import current_language, texts
from labkit.report.course_map import chapters, course_map
from labkit.report.handout import handout
from labkit.report.outline import points
from labkit.report.pages import template
from labkit.rubric.lab import Lab

__all__ = ["Progress", "home_page"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a student has of a lab.

    Args:
        best: Points of the best run.
        report: Link to the report of the newest one; empty where there is none.
    """

    best: float
    report: str = ""


def home_page(labs: Sequence[Lab], progress: Mapping[int, Progress]) -> str:
    """Render the page in the current language.

    Args:
        labs: In course order.
        progress: Number of a lab -> what there is of it; labs not tried are left out.

    Returns:
        HTML that needs nothing from outside and runs no script.
    """
    best = {number: found.best for number, found in progress.items()}
    drawn = course_map(labs, best, {lab.number: f"#{lab.name}" for lab in labs})
    return template("home.html").render(
        _=lambda msgid, **params: str(_(msgid, **params)),
        language=current_language(),
        points=points,
        map=Markup(drawn),  # noqa: S704  of a template that escapes
        chapters=chapters(labs),
        names={lab.number: str(lab.title) for lab in labs},
        progress=progress,
        handout=handout,
        earned=sum(min(best.get(lab.number, 0.0), lab.maximum) for lab in labs),
        possible=sum(lab.maximum for lab in labs),
    )
