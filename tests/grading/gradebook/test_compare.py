"""What changed between two attempts."""

from __future__ import annotations

from typing import Any

import pytest
from classes import attempt, check

from labkit.grading.gradebook.compare import Change, compare, last_two


def graded(*checks: dict[str, Any], **provenance: str) -> dict[str, Any]:
    """A record with these checks and versions."""
    return {"checks": list(checks), "provenance": provenance}


def test_one_attempt_alone_is_compared_with_nothing() -> None:
    assert last_two([]) is None
    assert last_two([attempt()]) is None


def test_the_last_two_are_compared_in_their_order() -> None:
    one, two, three = (attempt(number=number) for number in (1, 2, 3))
    found = last_two([one, two, three])
    assert found is not None
    assert (found.before, found.after) == (two, three)


def test_the_same_again_has_no_cause_and_no_change() -> None:
    record = graded(check("fit", 2.0), keras="3.15")
    found = compare(attempt(record=record), attempt(record=record))
    assert (found.causes, found.changes) == ((), ())


@pytest.mark.parametrize(
    ("changes", "causes"),
    [
        ({"sha256": "ff" * 32}, ("submission",)),
        ({"rubric_sha256": "ff" * 32}, ("rubric",)),
        ({"seed": None}, ("split",)),
        ({"record": graded(keras="4.0", numpy="2.0", python="3.12")}, ("python", "keras")),
        ({"record": {}}, ("keras", "numpy")),
        ({"sha256": "ff" * 32, "seed": 8}, ("submission", "split")),
        ({"points": 3.0, "folder": "elsewhere", "name": "other.py"}, ()),
    ],
)
def test_causes_are_what_a_grade_rests_on(changes: dict[str, Any], causes: tuple[str, ...]) -> None:
    before = attempt(record=graded(keras="3.15", numpy="2.0"))
    after = attempt(**{"record": before.record, **changes})
    assert compare(before, after).causes == causes


def test_changes_are_in_the_later_rubrics_order() -> None:
    before = graded(check("a", 1.0), check("b", 2.0, "was fine"), check("c", 3.0))
    after = graded(check("c", 0.0, status="failed"), check("b", 0.5, "is not"), check("a", 1.0))
    found = compare(attempt(record=before), attempt(record=after))
    assert [change.title for change in found.changes] == ["Title of c", "Title of b"]
    assert found.changes[1] == Change("Title of b", 2.0, 0.5, "was fine", "is not")


def test_another_outcome_with_the_same_points_is_a_change() -> None:
    failed, skipped = check("a", 0.0, status="failed"), check("a", 0.0, status="skipped")
    assert len(compare(attempt(record=graded(failed)), attempt(record=graded(skipped))).changes) == 1


def test_other_words_alone_are_no_change() -> None:
    before, after = graded(check("a", 1.0, "0.91 reached")), graded(check("a", 1.0, "0.92 reached"))
    assert compare(attempt(record=before), attempt(record=after)).changes == ()


def test_checks_that_came_or_went_are_changes() -> None:
    before, after = graded(check("old", 2.0, "was")), graded(check("new", 3.0, "is"))
    found = compare(attempt(record=before), attempt(record=after))
    assert found.changes == (
        Change("Title of new", 0.0, 3.0, "", "is"),
        Change("Title of old", 2.0, 0.0, "was", ""),
    )


def test_records_that_say_nothing_can_be_compared() -> None:
    found = compare(attempt(), attempt(record=graded({"name": "bare", "points": 1})))
    assert found.changes == (Change("bare", 0.0, 1.0, "", ""),)
