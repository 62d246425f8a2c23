"""The course as a table in Markdown, as the README shows it."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.i18n import current_language, localized, texts
from labkit.report.course_map import chapters
from labkit.rubric.lab import Lab

__all__ = ["BEGIN", "END", "course_table", "put_in"]

_ = texts(__file__)

BEGIN, END = "<!-- course: written by `labkit dev course` -->", "<!-- end of the course -->"


def course_table(labs: Sequence[Lab]) -> str:
    """The labs by chapter, in the current language.

    Args:
        labs: In course order.
    """
    heads = (_("lab"), _("teaches"), _("builds on"), _("solution takes"))
    lines = ["| | " + " | ".join(map(str, heads)) + " |", "|---|---|---|---|---|"]
    for chapter, group in chapters(labs):
        lines.append(f"| | **{chapter}** | | | |")
        lines += map(_row, group)
    return "\n".join(lines)


def put_in(text: str, table: str) -> str:
    """The text with the table between its two marks.

    Raises:
        ValueError: A mark is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the text needs both marks. Received: {begin!r}, {end!r}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _row(lab: Lab) -> str:
    page = localized("README.md", current_language())
    cells = (
        str(lab.number),
        f"[{lab.title}](labs/{lab.folder}/{page})",
        str(lab.teaches),
        ", ".join(map(str, lab.builds_on)),
        f"{lab.seconds} s",
    )
    return "| " + " | ".join(cells) + " |"
