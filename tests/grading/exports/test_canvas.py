"""Canvas' gradebook, filled and written, and read again as Canvas reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from gradebooks import (
    ANA,
    BEN,
    CANVAS,
    CANVAS_EUROPEAN,
    CLASS,
    EVA,
    MOODLE,
    cells,
    standing,
    written,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.errors import LabkitError, TableError, UsageError
from labkit.grading.exports.canvas import fill, write
from labkit.grading.exports.matching import Report
from labkit.grading.gradebook.records import Standing, Student


def imported(file: Path) -> dict[tuple[str, str], str]:
    """(ID, assignment's number) -> grade, found as Canvas' importer finds them."""
    text = file.read_bytes().decode("utf-8").removeprefix("\ufeff")
    separator = ";" if text.split("\n")[0].count(";") > text.split("\n")[0].count(",") else ","
    header, *rows = cells(text, separator)
    assert header[0] == "Student"
    assert header[1] == "ID"
    first = header.index("Section") + 1
    grades = {}
    for row in rows:
        if "Points Possible" in row[0] or all(re.fullmatch(r"(Manual Posting.*)?", c) for c in row):
            continue
        for place in range(first, len(header)):
            match = re.fullmatch(r"(.*)\s\((\d+)\)", header[place])
            assert match is not None
            number = re.fullmatch(r"-?[0-9.,]+", row[place])
            grades[row[1], match[2]] = row[place].replace(",", ".") if number else row[place]
    return grades


def filled(folder: Path, *standings: Standing, text: str = CANVAS, name: str = "901") -> Report:
    return fill(written(folder, text), standings, name, folder / "out.csv")


def complaint(folder: Path, text: str, name: str = "901") -> str:
    with pytest.raises(TableError) as caught:
        filled(folder, standing(ANA), text=text, name=name)
    assert not (folder / "out.csv").exists()
    return str(caught.value)


def test_only_who_and_the_one_column_are_written_in_the_old_order(tmp_path: Path) -> None:
    filled(tmp_path, standing(ANA, 8.5))
    raw = (tmp_path / "out.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfStudent,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 8
    rows = cells(tmp_path / "out.csv")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 2 (901)"]
    assert rows[1] == ["", "", "", "", "", "Manual Posting"]
    assert rows[2] == ["    Points Possible", "", "", "", "", "10.00"]
    assert rows[3] == ["García López, Ana", "101", "S1", "agarcia", "A, and B", "8.5"]
    assert [row[0] for row in rows[4:]] == [
        "Ñuñez, Jr., Ben",
        "Müller, Éva",
        "Nobody, Else",
        "Student, Test",
    ]


def test_a_posting_row_that_says_nothing_of_the_column_is_left_out(tmp_path: Path) -> None:
    filled(tmp_path, standing(ANA, 8.5), name="900")
    assert [row[0] for row in cells(tmp_path / "out.csv")[:2]] == ["Student", "    Points Possible"]


def test_everybody_is_told_who_was_found_and_who_not(tmp_path: Path) -> None:
    stranger = Student("zoe", "Zoe Stone")
    report = filled(tmp_path, standing(ANA), standing(BEN, None), standing(EVA), standing(stranger))
    assert report.filled == (ANA,)
    assert [(entry.student, str(entry.why)) for entry in report.left] == [
        (BEN, "no grade yet"),
        (EVA, "excused in Canvas"),
    ]
    assert report.matched == (ANA, BEN, EVA)
    assert report.not_in_file == (stranger,)
    assert report.not_in_gradebook == ("Nobody, Else",)


def test_no_grade_never_touches_the_one_canvas_has(tmp_path: Path) -> None:
    filled(tmp_path, standing(ANA, None), standing(BEN, None), standing(EVA, 9.0))
    grades = imported(tmp_path / "out.csv")
    assert (grades["101", "901"], grades["102", "901"], grades["103", "901"]) == ("", "3.00", "EX")


def test_a_zero_is_a_grade(tmp_path: Path) -> None:
    filled(tmp_path, standing(BEN, 0.0))
    assert imported(tmp_path / "out.csv")["102", "901"] == "0"


@pytest.mark.parametrize(
    "student",
    [
        Student("x", canvas_id="101"),
        Student("x", login="AGarcia"),
        Student("x", sis_id="s1"),
        Student("agarcia"),
        Student("x", name="ana garcia lopez"),
    ],
    ids=["ID", "login", "SIS", "key", "name"],
)
def test_a_student_is_found_by(tmp_path: Path, student: Student) -> None:
    filled(tmp_path, standing(student, 7.25))
    assert imported(tmp_path / "out.csv")["101", "901"] == "7.25"


def test_another_id_in_canvas_is_another_person_of_the_same_name(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(replace(ANA, canvas_id="777")))
    assert report.filled == ()
    assert imported(tmp_path / "out.csv")["101", "901"] == ""


def test_a_european_export_keeps_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(ANA, 8.5), standing(BEN, 9.25), text=CANVAS_EUROPEAN)
    assert report.filled == (ANA, BEN)
    line = "García López, Ana;101;S1;agarcia;A;8,5\r\n"
    assert line.encode() in (tmp_path / "out.csv").read_bytes()
    assert imported(tmp_path / "out.csv")["102", "901"] == "9.25"


def test_bonus_above_the_points_possible_is_kept(tmp_path: Path) -> None:
    filled(tmp_path, standing(ANA, 11.0))
    assert imported(tmp_path / "out.csv")["101", "901"] == "11"


def test_another_number_of_points_in_canvas_scales_and_says_so(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(ANA, 8.5), name="902")
    assert imported(tmp_path / "out.csv")["101", "902"] == "17"
    assert "10 points and the assignment in Canvas 20" in str(report.notes[0])


def test_an_unassigned_student_is_left(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(BEN, 8.5), name="Essay")
    assert imported(tmp_path / "out.csv")["102", "902"] == "N/A"
    assert str(report.left[0].why) == "not assigned to them in Canvas"


@pytest.mark.parametrize("name", ["901", "lab 2", "Lab 2 (901)"])
def test_an_assignment_is_named_by_number_title_or_header(tmp_path: Path, name: str) -> None:
    assert filled(tmp_path, standing(ANA), name=name).filled == (ANA,)


def test_an_assignment_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    said = complaint(tmp_path, CANVAS, "Lab 3")
    assert "no assignment Lab 3" in said
    assert "Lab 2 (901)" in said


def test_a_title_twice_needs_the_number(tmp_path: Path) -> None:
    assert "More than one" in complaint(tmp_path, CANVAS.replace("Lab 1 (900)", "Lab 2 (900)"), "Lab 2")


def test_computed_columns_are_no_assignments(tmp_path: Path) -> None:
    assert "no assignment Final Score" in complaint(tmp_path, CANVAS, "Final Score")


def test_a_title_that_canvas_drops_is_refused(tmp_path: Path) -> None:
    text = CANVAS.replace("Lab 2 (901)", "Final Grade lab (901)")
    assert "does not import the column Final Grade lab (901)" in complaint(tmp_path, text)


def test_a_read_only_column_is_refused(tmp_path: Path) -> None:
    text = CANVAS.replace(",10.00,10.00,20.00,", ",10.00,(read only),20.00,")
    assert "computes the column Lab 2 (901) itself" in complaint(tmp_path, text)


def test_a_worksheet_of_moodle_is_recognized(tmp_path: Path) -> None:
    assert "Moodle" in complaint(tmp_path, MOODLE)


def test_any_other_table_is_refused(tmp_path: Path) -> None:
    assert "not a gradebook exported from Canvas" in complaint(tmp_path, "name,points\r\nAna,1\r\n")


def test_first_and_last_name_in_columns_of_their_own_are_understood(tmp_path: Path) -> None:
    text = (
        "LastName,FirstName,ID,SIS Login ID,Section,Lab 2 (901)\n"
        "    Points Possible,,,,,10\nGarcía López,Ana,201,x,A,\nStudent,Test,299,y,A,\n"
    )
    report = filled(tmp_path, standing(Student("a", "Ana García López")), text=text)
    assert cells(tmp_path / "out.csv")[2] == ["García López", "Ana", "201", "x", "A", "8.5"]
    assert report.not_in_gradebook == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(CLASS)), st.none() | st.floats(0, 12)))
def test_filling_changes_nobody_else(tmp_path: Path, points: dict[str, float | None]) -> None:
    before = {row[1]: [*row[:5], row[7]] for row in cells(CANVAS)}
    report = filled(tmp_path, *(standing(CLASS[key], earned) for key, earned in points.items()))
    after = {row[1]: row for row in cells(tmp_path / "out.csv")}
    ids = dict(zip(CLASS, ("101", "102", "103")))
    changed = {ids[student.key]: points[student.key] for student in report.filled}
    assert list(after) == list(before)
    for id, row in after.items():
        assert row[:5] == before[id][:5]
        assert row[5] == before[id][5] if id not in changed else True
    for id, earned in changed.items():
        assert float(after[id][5]) == pytest.approx(earned, abs=0.00501)


def test_filling_the_filled_file_again_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path, standing(ANA, 8.5), standing(BEN, 9.25))
    once = (tmp_path / "out.csv").read_bytes()
    fill(tmp_path / "out.csv", [standing(ANA, 8.5), standing(BEN, 9.25)], "901", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == once


# From scratch


def test_a_file_from_scratch_is_one_that_canvas_finds_everybody_in(tmp_path: Path) -> None:
    report = write(
        [standing(ANA, 8.5), standing(BEN, None), standing(EVA)], "Lab 2", 901, tmp_path / "o"
    )
    assert cells(tmp_path / "o") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 2 (901)"],
        ["    Points Possible", "", "", "", "", "10"],
        ["López, Ana García", "101", "S1", "agarcia", "A", "8.5"],
    ]
    assert imported(tmp_path / "o") == {("101", "901"): "8.5"}
    assert (report.filled, report.left[0].student, report.not_in_file) == ((ANA,), BEN, (EVA,))


def test_a_file_from_scratch_can_be_filled(tmp_path: Path) -> None:
    write([standing(ANA, 8.5), standing(BEN, 1.0)], "Lab 2", "901", tmp_path / "o")
    fill(tmp_path / "o", [standing(BEN, 2.0)], "Lab 2", tmp_path / "o")
    assert imported(tmp_path / "o") == {("101", "901"): "8.5", ("102", "901"): "2"}


def test_a_name_from_scratch_is_no_formula(tmp_path: Path) -> None:
    write([standing(Student("x", "=1+1", canvas_id="7"))], "Lab 2", 901, tmp_path / "o")
    assert cells(tmp_path / "o")[2][0] == "'=1+1"


@pytest.mark.parametrize(
    ("title", "number"), [("Lab 2", "lab2"), ("Lab 2", "-1"), ("", "901"), ("My Final Grade", "901")]
)
def test_a_header_by_which_canvas_would_not_find_it_is_refused(
    tmp_path: Path, title: str, number: str
) -> None:
    with pytest.raises((UsageError, TableError)) as caught:
        write([standing(ANA)], title, number, tmp_path / "o")
    assert isinstance(caught.value, LabkitError)
    assert not (tmp_path / "o").exists()
