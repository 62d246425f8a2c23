"""What attempts come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from classes import DAY, NOON, adjustment, attempt
from hypothesis import given
from hypothesis import strategies as st

from labkit.grading.gradebook.policy import Policy, standing
from labkit.grading.gradebook.records import Adjustment, Attempt, Standing, Student
from labkit.grading.gradebook.settings import load

ANA = Student("ana")
MADRID = "CET-1CEST,M3.5.0,M10.5.0/3"  # as POSIX writes it, for machines without a list of zones
LATE = Policy(due=NOON, late=0.1)

attempts_made = st.lists(
    st.builds(
        attempt,
        sha256=st.sampled_from(["aa" * 32, "bb" * 32, "cc" * 32]),
        verdict=st.sampled_from(["graded", "graded", "refused", "unknown"]),
        points=st.floats(0, 12),
        submitted=st.none() | st.floats(-5, 15).map(lambda days: NOON + days * DAY),
    ),
    max_size=6,
).map(
    lambda made: [
        replace(
            one,
            number=number,
            points=one.points if one.verdict == "graded" else 0.0,
            finished=NOON + number * DAY,
        )
        for number, one in enumerate(made, 1)
    ]
)
policies = st.builds(
    Policy,
    due=st.none() | st.just(NOON),
    late=st.floats(0, 1),
    last_day=st.none() | st.floats(0, 10),
    keep=st.sampled_from(["best", "latest"]),
    bonus=st.booleans(),
)
by_hand = st.lists(st.builds(adjustment, st.floats(-20, 20)), max_size=3)


def of(
    attempts: Sequence[Attempt],
    policy: Policy = Policy(),  # noqa: B008
    *,
    student: Student = ANA,
    adjustments: Sequence[Adjustment] = (),
) -> Standing:
    """The standing in lab 2, worth 10 points; attempts are numbered in their order."""
    numbered = [replace(one, number=one.number or place) for place, one in enumerate(attempts, 1)]
    return standing(student, "lab2", 10.0, numbered, adjustments, policy)


def handed_in(days: float, points: float = 8.0, digest: str = "aa", **changes: object) -> Attempt:
    """A submission so many days after noon."""
    return attempt(submitted=NOON + days * DAY, points=points, sha256=digest * 32, **changes)


@given(attempts_made, policies, by_hand)
def test_points_are_never_below_zero(
    attempts: list[Attempt], policy: Policy, adjustments: list[Adjustment]
) -> None:
    found = of(attempts, policy, adjustments=adjustments)
    assert found.points is None or found.points >= 0
    assert found.penalty >= 0
    assert found.late_days >= 0
    assert found.attempts == len(attempts)


@given(attempts_made)
def test_the_best_is_the_maximum_of_every_submissions_newest_grading(attempts: list[Attempt]) -> None:
    newest = {one.sha256: one for one in attempts if one.verdict != "unknown"}
    found = of(attempts)
    best = max((one.points for one in newest.values()), default=None)
    assert found.earned == best
    assert found.points == (None if best is None else round(best, 2))


@given(attempts_made, policies)
def test_nobody_gets_more_than_was_earned_or_than_counts(
    attempts: list[Attempt], policy: Policy
) -> None:
    found = of(attempts, policy)
    if found.points is not None:
        assert found.points <= round(max(one.points for one in attempts), 2)
        assert policy.bonus or found.points <= 10.0


@given(attempts_made, policies)
def test_what_could_not_be_told_changes_nothing_where_something_was_graded(
    attempts: list[Attempt], policy: Policy
) -> None:
    attempts = [replace(one, submitted=None) if one.verdict == "unknown" else one for one in attempts]
    told = [one for one in attempts if one.verdict != "unknown"]
    with_all, without = of(attempts, policy), of(told, policy)
    if told:
        assert with_all.attempt in told
        assert (with_all.earned, with_all.attempt) == (without.earned, without.attempt)
    else:
        assert with_all.points is None


@given(attempts_made, policies, st.floats(0, 20), st.floats(0, 20))
def test_a_longer_extension_never_costs_points(
    attempts: list[Attempt], policy: Policy, one: float, other: float
) -> None:
    policy = replace(policy, keep="best")
    less, more = (
        of(attempts, policy, student=replace(ANA, extension={"lab2": days})).points or 0.0
        for days in sorted((one, other))
    )
    assert less <= more


@pytest.mark.parametrize(
    ("days", "points"),
    [(-1, 8), (0, 8), (1e-6, 7), (0.5, 7), (1, 7), (1.01, 6), (2, 6), (7.5, 0), (30, 0)],
)
def test_each_day_begun_costs_its_share_of_the_maximum(days: float, points: float) -> None:
    found = of([handed_in(days)], LATE)
    assert found.points == points
    assert found.earned == 8
    assert found.points == found.earned - found.penalty


@pytest.mark.parametrize(("days", "points"), [(2, 6), (2.01, 0), (3, 0)])
def test_after_the_last_day_nothing_is_earned(days: float, points: float) -> None:
    assert of([handed_in(days)], replace(LATE, last_day=2)).points == points


def test_on_the_due_day_alone_a_last_day_of_zero_ends_it() -> None:
    closed = Policy(due=NOON, last_day=0)
    assert of([handed_in(0)], closed).points == 8
    assert of([handed_in(0.001)], closed).points == 0


@pytest.mark.parametrize(
    ("extension", "points"),
    [({"lab2": 2.0}, 7), ({"*": 2.0}, 7), ({"lab2": 3.0, "*": 0.0}, 8), ({"lab1": 9.0}, 5)],
)
def test_an_extension_shifts_the_deadline(extension: dict[str, float], points: float) -> None:
    student = replace(ANA, extension=extension)
    assert of([handed_in(3)], LATE, student=student).points == points


def test_an_extension_shifts_the_last_day_too() -> None:
    policy = replace(LATE, last_day=1)
    assert of([handed_in(3)], policy).points == 0
    assert of([handed_in(3)], policy, student=replace(ANA, extension={"*": 2.0})).points == 7


def test_an_extension_without_end_is_one() -> None:
    endless = replace(ANA, extension={"*": 9e15})
    assert of([handed_in(300)], LATE, student=endless).points == 8


def test_nobody_is_late_where_nobody_knows_when_it_came() -> None:
    assert of([attempt(submitted=None)], LATE).points == 8


def test_the_latest_is_the_one_handed_in_last_whenever_it_was_graded() -> None:
    last, first = handed_in(2, 3, "bb"), handed_in(1, 9, "aa")
    assert of([last, first], Policy(keep="latest")).points == 3
    assert of([first, last], Policy(keep="latest")).points == 3
    assert of([last, first]).points == 9


def test_of_two_handed_in_at_once_the_later_number_is_the_latest() -> None:
    assert of([handed_in(0, 9, "aa"), handed_in(0, 3, "bb")], Policy(keep="latest")).points == 3


def test_without_a_time_of_its_own_an_attempt_counts_from_when_it_was_graded() -> None:
    unknown = attempt(submitted=None, finished=NOON + 2 * DAY, points=3.0, sha256="bb" * 32)
    assert of([unknown, handed_in(1, 9)], Policy(keep="latest")).points == 3


@pytest.mark.parametrize("keep", ["best", "latest"])
def test_a_regrade_of_the_same_files_stands_for_all_even_with_fewer_points(keep: str) -> None:
    policy = Policy(keep=keep)  # type: ignore[arg-type]
    assert of([handed_in(0, 8), handed_in(0, 3)], policy).points == 3
    assert of([handed_in(0, 3), handed_in(0, 8)], policy).points == 8


def test_files_downloaded_anew_are_not_late_for_it() -> None:
    again = of([handed_in(0, 8), handed_in(9, 7)], LATE)
    assert (again.points, again.late_days) == (7, 0)
    first_unknown = attempt(submitted=None)
    assert of([first_unknown, handed_in(1, 8)], LATE).points == 7


def test_when_it_came_is_known_too_from_a_grading_that_could_not_tell() -> None:
    found = of([handed_in(0, verdict="unknown"), handed_in(9, 7)], LATE)
    assert (found.points, found.late_days) == (7, 0)


def test_a_late_better_attempt_counts_only_where_it_is_worth_more() -> None:
    in_time, late = handed_in(0, 7, "aa"), handed_in(2, 10, "bb")
    assert of([in_time, late], LATE).points == 8
    assert of([in_time, late], replace(LATE, late=0.2)).points == 7


@pytest.mark.parametrize("keep", ["best", "latest"])
def test_what_could_not_be_told_hides_no_earlier_grade(keep: str) -> None:
    policy = Policy(keep=keep)  # type: ignore[arg-type]
    untold = handed_in(1, 0, "bb", verdict="unknown")
    found = of([handed_in(0, 6), untold], policy)
    assert (found.points, found.attempts) == (6, 2)
    same_files = handed_in(1, 0, "aa", verdict="unknown")
    assert of([handed_in(0, 6), same_files], policy).points == 6


def test_without_any_other_what_could_not_be_told_is_no_grade() -> None:
    untold = [handed_in(0, 0, "aa", verdict="unknown"), handed_in(1, 0, "aa", verdict="unknown")]
    found = of(untold)
    assert (found.points, found.earned) == (None, None)
    assert found.attempt is not None
    assert found.attempt.number == 2


def test_what_could_not_be_told_can_be_graded_by_hand_but_is_never_made_zero() -> None:
    untold = [handed_in(0, 0, verdict="unknown")]
    assert of(untold, adjustments=[adjustment(7)]).points == 7
    assert of(untold, adjustments=[adjustment(-1)]).points is None


def test_what_was_refused_is_worth_nothing_but_no_more_than_that() -> None:
    refused = handed_in(1, 0, "bb", verdict="refused")
    assert of([refused]).points == 0
    assert of([handed_in(0, 6), refused]).points == 6
    assert of([handed_in(0, 6), refused], Policy(keep="latest")).points == 0


def test_bonus_counts_unless_the_rules_say_no() -> None:
    assert of([handed_in(0, 11.5)]).points == 11.5
    assert of([handed_in(0, 11.5)], Policy(bonus=False)).points == 10
    assert of([handed_in(0, 9)], Policy(bonus=False), adjustments=[adjustment(3)]).points == 10


def test_a_bonus_that_does_not_count_makes_up_for_no_lateness() -> None:
    without = replace(LATE, bonus=False)
    assert of([handed_in(1, 12)], LATE).points == 11
    assert of([handed_in(1, 12)], without).points == 9
    assert of([handed_in(1, 12, "aa"), handed_in(0, 9.5, "bb")], without).points == 9.5


def test_adjustments_add_up_and_count_without_an_attempt() -> None:
    given = (adjustment(2), adjustment(-0.5))
    assert of([handed_in(0, 6)], adjustments=given).points == 7.5
    assert of([], adjustments=given).points == 1.5
    assert of([], adjustments=[adjustment(-3)]).points == 0
    assert of([]).points is None


def test_adjustments_are_not_late() -> None:
    assert of([handed_in(100)], LATE, adjustments=[adjustment(2)]).points == 2


def test_points_have_at_most_two_decimals() -> None:
    assert of([handed_in(0, 20 / 3)]).points == 6.67


@pytest.mark.parametrize(
    ("due", "submitted", "late_days"),
    [
        # Clocks go back at 03:00 on 25 October 2026: a day of 25 hours.
        ("2026-10-24T23:59:00", "2026-10-25T22:59:00Z", 1.0),
        ("2026-10-24T23:59:00", "2026-10-25T22:59:01Z", 1 + 1 / 86400),
        # They go forward at 02:00 on 29 March 2026: a day of 23 hours.
        ("2026-03-28T23:59:00", "2026-03-29T21:59:00Z", 1.0),
        ("2026-03-28T23:59:00", "2026-03-29T22:00:00Z", 1 + 1 / 1440),
        # The day itself ends by the clock of that evening.
        ("2026-10-25", "2026-10-25T22:59:59Z", 0.0),
        ("2026-10-25", "2026-10-25T23:00:00Z", 1 / 86400),
        ("2026-03-29", "2026-03-29T21:59:59Z", 0.0),
        ("2026-03-29", "2026-03-29T22:00:00Z", 1 / 86400),
        # A zone of its own goes before the machine's.
        ("2026-10-24T23:59:00+02:00", "2026-10-25T21:59:00Z", 1.0),
        # An hour that comes twice: in time is who was there before it passed the first time.
        ("2026-10-25T02:30:00", "2026-10-25T00:29:00Z", 0.0),
    ],
)
def test_days_are_those_of_the_clock_on_the_wall(
    zone: Callable[[str], None], tmp_path: Path, due: str, submitted: str, late_days: float
) -> None:
    zone(MADRID)
    (tmp_path / "class.toml").write_text(f"[class]\nseed = 1\n[lab2]\ndue = {due}\nlate = 0.1\n")
    policy = load(tmp_path).policy("lab2")
    moment = datetime.strptime(submitted, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert of([attempt(submitted=moment)], policy).late_days == pytest.approx(late_days, abs=1e-9)


def test_a_submission_before_the_deadline_is_in_time_whatever_the_clocks_say(
    zone: Callable[[str], None], tmp_path: Path
) -> None:
    zone(MADRID)
    (tmp_path / "class.toml").write_text("[class]\nseed = 1\n[lab2]\ndue = 2026-10-25T03:10:00\n")
    policy = load(tmp_path).policy("lab2")
    assert policy.due is not None
    before = policy.due.astimezone(timezone.utc) - timedelta(minutes=1)
    assert of([attempt(submitted=before)], policy).late_days == 0
