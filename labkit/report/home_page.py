"""The course as one offline page: map, progress, every handout, and what the newest runs left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from labkit.i18n import current_language, texts
from labkit.report import facts
from labkit.report.course_map import chapters, course_map
from labkit.report.figure_files import Left
from labkit.report.handout import handout
from labkit.report.outline import points
from labkit.report.pages import image, template
from labkit.rubric.lab import Lab

__all__ = ["Newest", "Progress", "home_page"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest run of a lab.

    Args:
        points: It earned.
        undecided: Points that nobody could decide on.
        started: When, in ISO 8601; empty where nobody knows.
        report: Link to its report; empty where there is none.
        left: Its figures.
    """

    points: float
    undecided: float = 0.0
    started: str = ""
    report: str = ""
    left: Left = field(default_factory=Left)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a student has of a lab.

    Args:
        best: Points of the best run.
        newest: The newest run, where it is told.
    """

    best: float
    newest: Newest | None = None


def home_page(labs: Sequence[Lab], progress: Mapping[int, Progress]) -> str:
    """Render the page in the current language.

    Args:
        labs: In course order.
        progress: Number of a lab -> what there is of it; labs not tried are left out.

    Returns:
        HTML that needs nothing from outside and runs no script. Figures are images within it.
    """
    best = {number: found.best for number, found in progress.items()}
    drawn = course_map(labs, best, {lab.number: f"#{lab.name}" for lab in labs})
    return template("home.html").render(
        _=lambda msgid, **params: str(_(msgid, **params)),
        language=current_language(),
        points=points,
        moment=facts.moment,
        image=image,
        map=Markup(drawn),  # noqa: S704  of a template that escapes
        chapters=chapters(labs),
        names={lab.number: str(lab.title) for lab in labs},
        progress=progress,
        handout=handout,
        earned=sum(min(best.get(lab.number, 0.0), lab.maximum) for lab in labs),
        possible=sum(lab.maximum for lab in labs),
    )
