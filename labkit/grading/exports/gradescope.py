"""Gradescope: ``results.json`` made of a grade, and the zip that makes Gradescope run the kit.

Format and folders: https://gradescope-autograders.readthedocs.io/en/latest/specs/. Where the kit could
not tell, no score is written at all: Gradescope then reports that the autograder failed, which is the
truth, while a score would be a zero that the student did not earn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.errors import UsageError
from labkit.grading.exports.cells import number
from labkit.grading.exports.gradescope_package import package
from labkit.i18n import texts

__all__ = ["decided", "leaderboard", "package", "results"]

_ = texts(__file__)

_ORDERS = ("asc", "desc")
# Student code of a later submission can read the results of earlier ones in
# submission_metadata.json. The secret seed must not be among them.
_KNOWN_TO_STUDENTS = (
    "submission",
    "sha256",
    "rubric_sha256",
    "started",
    "labkit",
    "keras",
    "tensorflow",
)


def results(
    record: Mapping[str, Any], *, leaderboard: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Build ``results.json`` from what ``grade.json`` holds.

    Args:
        record: The grade, as `labkit.report.record.as_record` makes it.
        leaderboard: Entries with ``name``, ``value`` and, where small is good, ``order`` ``"asc"``.

    Raises:
        UsageError: An entry of the leaderboard is not such an entry.
    """
    scored = decided(record)
    provenance = record.get("provenance") or {}
    known = {name: provenance[name] for name in _KNOWN_TO_STUDENTS if name in provenance}
    built: dict[str, Any] = {"score": record["points"]} if scored else {}
    if (seconds := provenance.get("seconds")) is not None:
        built["execution_time"] = round(seconds)
    return {
        **built,
        "output": _summary(record),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "lab": record["lab"],
            "maximum": record["maximum"],
            "undecided": record["undecided"],
            "provenance": known,
        },
        "tests": [_test(place, check, scored) for place, check in enumerate(record["checks"], 1)],
        "leaderboard": [_entry(entry) for entry in leaderboard] if scored else [],
    }


def decided(record: Mapping[str, Any]) -> bool:
    """Whether the kit could tell; where not, ``run_autograder`` ends with an error."""
    return not record["undecided"]


def leaderboard(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the challenge's leaderboard shows: loss, parameters and processor time, small first.

    Empty where the lab has no check ``challenge``, or nothing was measured.
    """
    measured = {check["name"]: check.get("data") or {} for check in record["checks"]}
    loss = measured.get("challenge", {}).get("value")
    if loss is None:
        return []
    rows = (
        (_("Loss"), round(loss, 4)),
        (_("Parameters"), measured.get("parameters", {}).get("parameters")),
        (_("Seconds"), (record.get("provenance") or {}).get("cpu_seconds")),
    )
    return [
        {"name": str(name), "value": value, "order": "asc"} for name, value in rows if value is not None
    ]


def _summary(record: Mapping[str, Any]) -> str:
    """What the student reads above the checks."""
    points, maximum = number(record["points"]), number(record["maximum"])
    if not decided(record):
        undecided = number(record["undecided"])
        return str(
            _(
                "The kit could not tell about {undecided} of {maximum} points, for no fault of yours. "
                "This is no grade: your instructor will run it again.",
                undecided=undecided,
                maximum=maximum,
            )
        )
    said = [str(_("{points} of {maximum} points.", points=points, maximum=maximum))]
    following = next((c for c in record["checks"] if c["name"] == record.get("next")), None)
    if following:
        said.append(str(_("Next: {title}", title=following["title"])))
    return "\n".join(said)


def _test(place: int, check: Mapping[str, Any], scored: bool) -> dict[str, Any]:
    """One check as Gradescope's test case."""
    test: dict[str, Any] = {"score": check["points"]} if scored else {}
    if check["status"] != "unknown":
        test["status"] = "passed" if check["status"] == "passed" else "failed"
    return {
        **test,
        "max_score": check["possible"],
        "name": check["title"],
        "name_format": "text",
        "number": str(place),
        "output": check["message"],
        "output_format": "text",
        "tags": [check["name"], *(["bonus"] if check["bonus"] else [])],
        "visibility": "visible",
        "extra_data": {"status": check["status"], "fraction": check["fraction"]},
    }


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One column of the leaderboard, as the specification has it."""
    value, order = entry.get("value"), entry.get("order", "desc")
    finite = not isinstance(value, float) or math.isfinite(value)
    if not entry.get("name") or not isinstance(value, (int, float, str)) or not finite:
        raise UsageError(
            _("{entry} is no entry of a leaderboard.", entry=dict(entry)),
            _("A name and a value, a number or text, were expected."),
        )
    if order not in _ORDERS:
        raise UsageError(
            _("A leaderboard cannot be ordered by {order}.", order=order),
            _("It can be ordered by: {orders}.", orders=", ".join(_ORDERS)),
        )
    return {"name": str(entry["name"]), "value": value, "order": order}
