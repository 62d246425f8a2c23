"""A class in one lab as one self-contained page, for its instructor."""

from __future__ import annotations

import base64
import hashlib
import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Any
from urllib.parse import quote

from labkit.i18n import current_language, texts
from labkit.report import class_counts, facts
from labkit.report.class_counts import Row
from labkit.report.outline import clean, clip
from labkit.report.pages import template
from labkit.rubric.lab import Lab

__all__ = ["Row", "page"]

_ = texts(__file__)

_LONGEST_NAME = 80
_LONGEST_MESSAGE = 160
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"
# Verdict -> its mark, the word for one submission, the heading over many.
_VERDICTS = {
    "graded": ("passed", _("graded"), _("Graded")),
    "refused": ("failed", _("refused"), _("Refused")),
    "unknown": ("unknown", _("could not tell"), _("Could not tell")),
    "missing": ("skipped", _("nothing handed in"), _("Nothing handed in")),
}


def page(
    lab: Lab, rows: Sequence[Row], *, title: str, made: datetime, lines: Sequence[tuple[str, str]] = ()
) -> str:
    """Render the class page in the current language.

    Args:
        lab: The lab.
        rows: Every student, in any order.
        title: What the class is called, or empty.
        made: When the grades were as they are here, with time zone; all times are shown in that zone.
        lines: What the grades rest on, as label and value.

    Returns:
        HTML. It is complete without its script, which sorts and searches the table of students.
        What students wrote is cleaned and escaped, and a policy in the page lets no other script run.
    """
    ordered = sorted(rows, key=lambda row: (_alphabetical(row.name or row.key), row.key))
    points = class_counts.counted(rows)
    checks, places = class_counts.tally(lab, rows), _places(rows)
    script = template("class.js").render()
    return template("class.html").render(
        _=lambda msgid, **params: str(_(msgid, **params)),
        number=number,
        language=current_language(),
        lab=lab,
        title=clip(clean(title), _LONGEST_NAME),
        made=facts.moment(made.isoformat()),
        zone=made.tzname() or "",
        verdicts=_verdicts(rows),
        summary=class_counts.summary(points),
        histogram=class_counts.histogram(points, lab.maximum),
        checks=checks,
        hardest=class_counts.hardest(checks),
        board=[_place(rank, row) for rank, row in class_counts.board(ordered)],
        times=_times(ordered),
        students=[_student(row, made, places) for row in ordered],
        sections=any(row.section for row in rows),
        lines=lines,
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii"),
    )


def number(value: float | None, places: int = 2, *, fixed: bool = False) -> str:
    """A number with a decimal comma in Spanish; a dash for none.

    Args:
        value: The number.
        places: Decimals at most.
        fixed: Whether zeros at the end stay, as in a column of numbers.

    Example:
        >>> number(2.50), number(-0.25), number(5, 1, fixed=True), number(None)
        ('2.5', '−0.25', '5.0', '–')
    """
    if value is None or not math.isfinite(value):
        return _DASH
    whole, _point, rest = f"{abs(value):.{places}f}".partition(".")
    rest = rest if fixed else rest.rstrip("0")
    comma = "," if current_language() == "es" else "."
    shown = facts.whole(int(whole)) + (comma + rest if rest else "")
    return _MINUS + shown if value < 0 and shown != "0" else shown


def _alphabetical(name: str) -> str:
    """What to sort a name by: case and accents aside, but ñ after n, as Spanish has it."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("ñ", "n\uffff")
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def _verdicts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How many there are of each verdict."""
    return [
        {
            "name": name,
            "mark": mark,
            "title": str(title),
            "count": sum(row.verdict == name for row in rows),
        }
        for name, (mark, _word, title) in _VERDICTS.items()
    ]


def _places(rows: Sequence[Row]) -> int:
    """How many decimals the points of a class need, two at most."""
    shown = (
        number(row.points).partition("," if current_language() == "es" else ".")[2] for row in rows
    )
    return max(map(len, shown), default=0)


def _student(row: Row, made: datetime, places: int) -> dict[str, Any]:
    """One student, as the table of everyone has it; points with so many decimals."""
    mark, word, _title = _VERDICTS[row.verdict]
    unknown = row.verdict == "unknown"
    submitted = row.submitted.astimezone(made.tzinfo) if row.submitted else None
    return {
        **_who(row),
        "key": clip(clean(row.key), _LONGEST_NAME) if row.name not in ("", row.key) else "",
        "section": clip(clean(row.section), _LONGEST_NAME),
        "verdict": row.verdict,
        "mark": mark,
        "word": str(word),
        "points": row.points,
        "shown": "?" if unknown and row.points is None else number(row.points, places, fixed=True),
        "sum": _sum(row),
        "message": clip(clean(row.message), _LONGEST_MESSAGE),
        "late": row.late_days,
        "attempts": row.attempts,
        "stamp": int(submitted.timestamp()) if submitted else None,
        "submitted": f"{submitted:%Y-%m-%d %H:%M}" if submitted else "",
        "failed": " ".join(name for name, status in row.checks.items() if status == "failed"),
    }


def _sum(row: Row) -> str:
    """How points come of what was earned, where anything was added or taken off."""
    if row.earned is None or not (row.penalty or row.adjustment):
        return ""
    terms = [number(row.earned)]
    terms += [
        f"{_MINUS if change < 0 else '+'} {number(abs(change))}"
        for change in (-row.penalty, row.adjustment)
        if change
    ]
    return " ".join(terms)


def _place(rank: int, row: Row) -> dict[str, Any]:
    """A row of the leaderboard."""
    values = row.challenge
    return {
        **_who(row),
        "rank": rank,
        "loss": number(values["loss"], 4, fixed=True),
        "parameters": number(values.get("parameters"), 0),
        "seconds": number(values.get("seconds"), 1, fixed=True),
    }


def _times(rows: Sequence[Row]) -> dict[str, Any] | None:
    """How long grading took; ``None`` where nothing was timed."""
    timed = [row for row in rows if row.seconds > 0]
    if not timed:
        return None
    longest = max(timed, key=lambda row: row.seconds)
    return {
        "median": _duration(median(row.seconds for row in timed)),
        "longest": _duration(longest.seconds),
        "who": _who(longest),
        "total": _duration(sum(row.seconds for row in timed)),
    }


def _duration(seconds: float) -> str:
    """A time in the largest units that suit it."""
    if seconds < 120:
        return f"{number(seconds, 1)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _who(row: Row) -> dict[str, str]:
    """A student's name and the link to the report."""
    name = clip(clean(row.name), _LONGEST_NAME) or clip(clean(row.key), _LONGEST_NAME)
    return {"name": name or _DASH, "link": _link(row.report)}


def _link(path: str) -> str:
    """A relative link to a file; nothing for a path that begins at a root or cannot be written.

    Every sign that means something in a link is encoded, the colon of a scheme among them.

    Example:
        >>> _link("Ana Ñ/50% #1.html"), _link("javascript:alert(1)"), _link("//example.org")
        ('Ana%20%C3%91/50%25%20%231.html', 'javascript%3Aalert%281%29', '')
    """
    try:
        return "" if path.startswith("/") else quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:
        return ""
