"""A grade as JSON."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from labkit.i18n import Text, speaking
from labkit.report.record import as_record
from labkit.rubric.grade import Grade, Result
from labkit.rubric.verdict import Verdict


def read_back(grade: Grade) -> dict[str, Any]:
    """The record as a program reads it: strict JSON, in UTF-8."""
    written = json.dumps(as_record(grade), allow_nan=False, ensure_ascii=False).encode("utf-8")
    return json.loads(written)


def with_data(**data: Any) -> Grade:
    grade, _run = samples.FULL
    verdict = Verdict.failed(Text("{x}", {"x": "bad \ud800\x1b[1m"}), **data)
    return Grade(grade.lab, (Result(grade.lab.checks[0], verdict),), {})


@pytest.mark.parametrize("state", samples.ALL)
def test_the_points_of_the_checks_add_up(state: str) -> None:
    entry = read_back(samples.ALL[state][0])
    assert sum(check["points"] for check in entry["checks"]) == pytest.approx(entry["points"])
    possible = sum(check["possible"] for check in entry["checks"] if not check["bonus"])
    assert possible == entry["maximum"]
    assert entry["schema"] == 1


@pytest.mark.parametrize(
    ("state", "following"),
    [("full", None), ("partial", "loss"), ("starter", "define"), ("without bonus", None)],
)
def test_next_is_the_first_check_that_cost_points(state: str, following: str | None) -> None:
    assert read_back(samples.ALL[state][0])["next"] == following


def test_a_check_is_told_with_its_verdict() -> None:
    check = read_back(samples.PARTIAL[0])["checks"][5]
    message = check.pop("message")
    assert "0.7500" in message
    assert check == {
        "name": "accuracy",
        "title": "Title of accuracy",
        "status": "passed",
        "fraction": 0.5,
        "points": 1.0,
        "possible": 2,
        "bonus": False,
        "data": {"value": 0.75},
    }


def test_undecided_points_and_provenance_are_kept() -> None:
    entry = read_back(samples.UNDECIDED[0])
    assert entry["undecided"] == 8
    assert entry["checks"][2]["status"] == "unknown"
    assert entry["provenance"] == dict(samples.PROVENANCE)


def test_messages_are_in_the_readers_language() -> None:
    with speaking("es"):
        entry = read_back(samples.REFUSED[0])
    assert entry["language"] == "es"
    assert entry["checks"][2]["message"] == "Contiene una Lambda."


def test_numbers_json_does_not_know_become_null() -> None:
    data = read_back(with_data(a=float("nan"), b=np.float32("inf"), c=[1.0, float("-inf")]))
    assert data["checks"][0]["data"] == {"a": None, "b": None, "c": [1.0, None]}


def test_arrays_become_lists_and_odd_things_text() -> None:
    data = read_back(with_data(a=np.arange(3), b={"c": (1, np.int64(2))}, d=Text("words"), e=1j))
    assert data["checks"][0]["data"] == {
        "a": [0, 1, 2], "b": {"c": [1, 2]}, "d": "words", "e": "1j",
    }  # fmt: skip


def test_a_message_is_text_that_utf8_can_hold() -> None:
    assert read_back(with_data())["checks"][0]["message"] == "bad "


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(JSON_LIKE)
def test_whatever_a_rule_measures_can_be_written(value: Any) -> None:
    read_back(with_data(value=value))
