"""Who has what: roster, gradebook and rules together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from classes import NOON, adjustment, attempt

from labkit.grading.gradebook.policy import Policy
from labkit.grading.gradebook.records import Standing, Student
from labkit.grading.gradebook.standings import described, standings
from labkit.grading.gradebook.store import Gradebook
from labkit.rubric import find

LAB = find.lab("lab2")


@pytest.fixture
def book() -> Iterator[Gradebook]:
    made = Gradebook("sqlite://")
    yield made
    made.close()


def of(book: Gradebook, *students: Student, records: bool = True) -> dict[str, Standing]:
    """Everybody's standing in lab 2 by key, in their order."""
    found = standings(LAB, book, students, Policy(), records=records)
    assert len({standing.student.key for standing in found}) == len(found)
    return {standing.student.key: standing for standing in found}


def test_the_roster_gives_the_order_and_others_come_behind(book: Gradebook) -> None:
    for key in ("zoe", "ana", "ben", "xavi"):
        book.add(attempt(student=key))
    book.adjust(adjustment(student="yan"))
    found = of(book, Student("zoe"), Student("eva"), Student("ana"))
    assert list(found) == ["zoe", "eva", "ana", "ben", "xavi", "yan"]
    assert [standing.attempts for standing in found.values()] == [1, 0, 1, 1, 1, 0]


def test_who_handed_nothing_in_has_no_grade(book: Gradebook) -> None:
    (standing,) = of(book, Student("ana")).values()
    assert (standing.attempt, standing.points, standing.maximum) == (None, None, LAB.maximum)


def test_an_empty_class_has_no_standings(book: Gradebook) -> None:
    assert of(book) == {}


def test_only_the_lab_that_is_asked_for_counts(book: Gradebook) -> None:
    book.add(attempt(lab="lab3", student="ben"))
    book.adjust(adjustment(lab="lab3", student="eva"))
    book.add(attempt(points=4.0))
    assert list(of(book)) == ["ana"]


@pytest.mark.parametrize("other", ["JOSÉ", unicodedata.normalize("NFD", "José"), " josé "])
def test_keys_that_differ_by_case_or_composition_are_one(book: Gradebook, other: str) -> None:
    book.add(attempt(student="josé", points=3.0))
    book.add(attempt(student=other, points=5.0, sha256="cc" * 32))
    book.adjust(adjustment(1.0, student=other))
    (standing,) = of(book).values()
    assert (standing.attempts, standing.points) == (2, 6.0)
    assert list(of(book, Student("José", name="J."))) == ["José"]


def test_an_accent_makes_another_key(book: Gradebook) -> None:
    book.add(attempt(student="jose"))
    book.add(attempt(student="josé"))
    assert len(of(book)) == 2


def test_without_a_roster_the_record_says_who_it_is(book: Gradebook) -> None:
    ana = Student(
        key="ana",
        name="Ana García",
        email="ana@uni.example",
        section="A",
        canvas_id="101",
        sis_id="S1",
        login="agarcia",
        moodle_id="5001",
    )
    book.add(attempt(record={"student": described(ana)}))
    assert of(book)["ana"].student == ana


def test_the_last_record_that_says_something_counts(book: Gradebook) -> None:
    for record in ({"student": {"name": "Old"}}, {"student": {"name": "New"}}, {}, {"student": None}):
        book.add(attempt(record=record))
    assert of(book)["ana"].student.shown == "New"


def test_who_is_only_adjusted_is_known_by_the_key(book: Gradebook) -> None:
    book.adjust(adjustment(2.0, student="Ana"))
    found = of(book)
    assert found["Ana"].student == Student("Ana")
    assert found["Ana"].points == 2.0


def test_the_roster_goes_before_the_record(book: Gradebook) -> None:
    book.add(attempt(record={"student": {"key": "ana", "name": "Somebody"}}))
    assert of(book, Student("ana", name="Ana"))["ana"].student.name == "Ana"


def test_extensions_come_from_the_roster_alone(book: Gradebook) -> None:
    assert "extension" not in described(Student("ana", extension={"*": 3.0}))
    book.add(attempt(record={"student": {"extension": {"*": 9}}}))
    assert of(book)["ana"].student.extension == {}


def test_points_are_the_same_with_and_without_records(book: Gradebook) -> None:
    for number in range(3):
        book.add(
            attempt(points=float(number), submitted=NOON, sha256=str(number) * 64, record={"a": 1})
        )
    whole, bare = of(book)["ana"], of(book, records=False)["ana"]
    assert whole.points == bare.points == 2.0
    assert whole.attempt is not None
    assert bare.attempt is not None
    assert (whole.attempt.record, bare.attempt.record) == ({"a": 1}, {})
