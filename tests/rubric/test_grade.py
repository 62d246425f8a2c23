from __future__ import annotations

import pytest
from evidences import evidence

from labkit.errors import ContentError
from labkit.i18n import Text
from labkit.rubric.evidence import Evidence
from labkit.rubric.grade import Grade, judge
from labkit.rubric.lab import Budget, Check, Lab
from labkit.rubric.protocols import HoldOut
from labkit.rubric.verdict import Status, Verdict

WORDS = Text("words")


def check(name: str, verdict: Verdict | None, *needs: str, bonus: bool = False) -> Check:
    def rule(_evidence: Evidence) -> Verdict:
        if verdict is None:
            raise KeyError("broken rule")
        return verdict

    return Check(name, WORDS, 2.0, rule, WORDS, needs, bonus)


def grade(*checks: Check) -> Grade:
    lab = Lab(99, "toy", WORDS, WORDS, 1, Budget(1), checks, 1, 1, WORDS, protocol=HoldOut("mnist"))
    return judge(lab, evidence(), {})


GOOD, BAD = Verdict.passed(WORDS), Verdict.failed(WORDS)


def test_a_failed_check_skips_all_that_stands_on_it() -> None:
    result = grade(check("a", BAD), check("b", GOOD, "a"), check("c", GOOD, "b"), check("d", GOOD))
    assert [r.verdict.status.value for r in result.results] == [
        "failed",
        "skipped",
        "skipped",
        "passed",
    ]
    assert (result.points, result.maximum) == (2.0, 8.0)


def test_a_partly_passed_check_carries_those_that_need_it() -> None:
    result = grade(check("a", Verdict.passed(WORDS, 0.25)), check("b", GOOD, "a"))
    assert result.points == 2.5
    assert result.first_failure is not None
    assert result.first_failure.check.name == "a"


def test_a_rule_that_breaks_could_not_tell_and_its_points_stay_open() -> None:
    result = grade(check("a", None), check("b", GOOD, "a"), check("c", BAD))
    assert result.results[0].verdict.status is Status.UNKNOWN
    assert result.undecided == 4.0
    assert result.points == 0.0


def test_a_bonus_comes_on_top_and_is_asked_for_last() -> None:
    result = grade(check("extra", BAD, bonus=True), check("a", BAD))
    assert result.maximum == 2.0
    assert result.first_failure is not None
    assert result.first_failure.check.name == "a"
    assert grade(check("extra", GOOD, bonus=True), check("a", GOOD)).points == 4.0


def test_full_points_leave_nothing_to_do() -> None:
    assert grade(check("a", GOOD)).first_failure is None


def test_no_fraction_is_no_pass() -> None:
    assert Verdict.passed(WORDS, 0.0).status is Status.FAILED
    with pytest.raises(ValueError, match="between 0 and 1"):
        Verdict.passed(WORDS, 1.2)


def test_two_checks_of_one_name_are_refused() -> None:
    with pytest.raises(ContentError, match="two checks"):
        grade(check("a", GOOD), check("a", GOOD))


def test_a_check_that_needs_a_later_one_is_refused() -> None:
    with pytest.raises(ContentError, match="needs"):
        grade(check("a", GOOD, "b"), check("b", GOOD))
