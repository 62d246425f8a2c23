"""Who is who."""

from __future__ import annotations

import pytest
from gradebooks import ANA, BEN, standing
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.grading.exports.matching import Clue, name_key, pair, single_lab
from labkit.grading.gradebook.records import Standing, Student


def _by_name(names: list[str], people: list[str]) -> dict[int, str]:
    standings = [standing(Student(str(place), name)) for place, name in enumerate(people)]
    clue = Clue([name_key(name) for name in names], lambda student: name_key(student.name))
    pairs = pair([clue], standings, lambda _row, _student: False)
    return {row: entry.student.name for row, entry in pairs.items()}


def test_accents_order_and_commas_of_a_name_do_not_count() -> None:
    assert _by_name(["LOPEZ GARCIA, ana"], ["Ana García  López"]) == {0: "Ana García  López"}


def test_two_people_of_one_name_are_nobodys_match() -> None:
    assert _by_name(["Ana Ruiz"], ["Ana Ruiz", "Ruiz, Ana"]) == {}
    assert _by_name(["Ana Ruiz", "Ruiz, Ana"], ["Ana Ruiz"]) == {}


def test_a_doubt_refuses_a_pair() -> None:
    clue = Clue(["x"], lambda _student: "x")
    assert pair([clue], [standing(ANA)], lambda _row, _student: True) == {}


@given(
    st.lists(st.tuples(st.sampled_from("abc "), st.sampled_from("xyz ")), max_size=6),
    st.lists(st.tuples(st.sampled_from("abc "), st.sampled_from("xyz ")), max_size=6),
)
def test_nobody_is_matched_twice(rows: list[tuple[str, str]], people: list[tuple[str, str]]) -> None:
    standings = [
        standing(Student(str(place), name=name.strip(), login=login.strip()))
        for place, (name, login) in enumerate(people)
    ]
    clues = (
        Clue([login.strip() for _name, login in rows], lambda student: student.login),
        Clue([name.strip() for name, _login in rows], lambda student: student.name),
    )
    keys = [entry.student.key for entry in pair(clues, standings, lambda _r, _s: False).values()]
    assert len(keys) == len(set(keys))


def test_grades_of_two_labs_are_refused() -> None:
    with pytest.raises(UsageError, match="lab2, lab3"):
        single_lab([standing(ANA), Standing(BEN, "lab3", 10.0)])


def test_two_grades_of_one_student_are_refused() -> None:
    with pytest.raises(UsageError, match="ana"):
        single_lab([standing(ANA), standing(Student("ANA"))])
