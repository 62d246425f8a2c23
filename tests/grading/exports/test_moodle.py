"""Moodle's grading worksheet, filled, and read again as Moodle reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gradebooks import (
    ANA,
    BEN,
    CANVAS,
    CLASS,
    EVA,
    MOODLE,
    MOODLE_SPANISH,
    adjusted,
    attempt,
    cells,
    record,
    standing,
    written,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.errors import TableError
from labkit.grading.exports.matching import Report
from labkit.grading.exports.moodle import fill
from labkit.grading.exports.moodle_feedback import OURS, feedback
from labkit.grading.gradebook.records import Standing, Student

GRADE, COMMENTS = 4, 10


def filled(folder: Path, *standings: Standing, text: str = MOODLE, comments: bool = True) -> Report:
    return fill(written(folder, text), standings, folder / "out.csv", comments=comments)


def column(folder: Path, place: int) -> list[str]:
    return [row[place] for row in cells(folder / "out.csv")[1:]]


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(TableError) as caught:
        filled(folder, standing(ANA), text=text)
    assert not (folder / "out.csv").exists()
    return str(caught.value)


def test_a_grade_goes_to_its_participant_and_no_other_row_changes(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(ANA, 8.5), comments=False)
    assert column(tmp_path, GRADE) == ["8.5", "3.00", "", ""]
    before, after = MOODLE.encode(), (tmp_path / "out.csv").read_bytes()
    assert after.split(b'"Participant 5002"')[1] == before.split(b'"Participant 5002"')[1]
    assert after.startswith(b'\xef\xbb\xbfIdentifier,"Full name"')
    assert report.filled == (ANA,)
    assert report.not_in_gradebook == ("Ben Ñuñez, Jr.", "Éva Müller", "Nobody Else")


def test_a_locked_row_is_left(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(EVA, 9.0))
    assert str(report.left[0].why) == "locked in Moodle"
    assert (tmp_path / "out.csv").read_bytes() == MOODLE.encode()


def test_no_grade_leaves_grade_and_comment_as_they_are(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(BEN, None), standing(ANA, None))
    assert report.matched == (ANA, BEN)
    assert (tmp_path / "out.csv").read_bytes() == MOODLE.encode()


def test_a_spanish_worksheet_is_read_scaled_and_keeps_its_commas(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(ANA, 8.525), standing(EVA, 9.0), text=MOODLE_SPANISH)
    assert column(tmp_path, GRADE) == ["85,25", "3,00", "", ""]
    assert report.filled == (ANA,)
    assert str(report.left[0].why) == "locked in Moodle"
    assert "10 points and Moodle's worksheet 100" in str(report.notes[0])


def test_titles_of_another_language_are_found_by_place(tmp_path: Path) -> None:
    text = MOODLE.replace("Identifier", "ID-Nummer").replace("Status,Grade,", "Status,Bewertung,")
    filled(tmp_path, standing(ANA, 8.5), text=text)
    assert column(tmp_path, GRADE)[0] == "8.5"


def test_bonus_is_cut_to_the_maximum_since_moodle_would_pass_it_over(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(ANA, 11.0))
    assert column(tmp_path, GRADE)[0] == "10"
    assert "cut" in str(report.notes[0])


@pytest.mark.parametrize(
    "student",
    [
        Student("x", moodle_id="5001"),
        Student("x", moodle_id="Participant 5001"),
        Student("x", email="ANA@uni.example"),
        Student("ana@uni.example"),
        Student("x", name="ana garcia lopez"),
    ],
    ids=["number", "identifier", "email", "key", "name"],
)
def test_a_student_is_found_by(tmp_path: Path, student: Student) -> None:
    filled(tmp_path, standing(student, 7.0))
    assert column(tmp_path, GRADE)[0] == "7"


def test_a_number_of_another_assignment_does_not_outweigh_address_and_name(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(replace(EVA, moodle_id="5001"), 2.0), standing(BEN, 4.0))
    assert report.filled == (BEN,)
    assert column(tmp_path, GRADE)[0] == ""


def test_blind_marking_has_only_the_number(tmp_path: Path) -> None:
    text = (
        'Identifier,Status,Grade,"Maximum Grade","Grade can be changed","Last modified (grade)"\n'
        '"Participant 5002",x,,10.00,Yes,-\n"Participant 9",x,,10.00,Yes,-\n'
    )
    report = filled(tmp_path, standing(BEN, 6.5), text=text)
    assert column(tmp_path, 2) == ["6.5", ""]
    assert report.not_in_gradebook == ("Participant 9",)


def test_feedback_is_one_line_of_escaped_html(tmp_path: Path) -> None:
    filled(tmp_path, standing(ANA, 8.5))
    said = column(tmp_path, COMMENTS)[0]
    assert said.startswith(OURS)
    assert "\n" not in said
    assert "It has &lt;b&gt;400,000&lt;/b&gt; &amp; more" in said
    assert "define()" not in said
    assert "Waits" not in said


def test_feedback_tells_lateness_and_what_was_done_by_hand() -> None:
    said = feedback(
        standing(ANA, 6.0, late_days=2.0, penalty=2.0, adjustments=(adjusted(0.5, "a <hand>"),))
    )
    assert "6 of 10 points" in said
    assert "2 days late: 2 points less" in said
    assert "+0.5 points by hand: a &lt;hand&gt;" in said


def test_feedback_with_full_points_lists_nothing() -> None:
    graded = record()
    graded["checks"] = graded["checks"][:1]
    assert "<ul>" not in feedback(standing(ANA, 10.0, attempt=attempt(ANA, graded)))


def test_what_a_person_wrote_is_kept_and_what_the_kit_wrote_is_renewed(tmp_path: Path) -> None:
    report = filled(tmp_path, standing(ANA, 8.5), standing(BEN, 5.0))
    assert column(tmp_path, COMMENTS)[1] == "Well, done"
    assert "1" in str(report.notes[0])
    again = (tmp_path / "out.csv").read_bytes().decode()
    filled(tmp_path, standing(ANA, 9.5), text=again)
    assert column(tmp_path, COMMENTS)[0].startswith(f"{OURS}<p>9.5 of 10")


def test_a_scale_of_words_is_refused(tmp_path: Path) -> None:
    assert "scale" in complaint(tmp_path, MOODLE.replace('"Maximum Grade"', "Scale"))


def test_a_gradebook_of_canvas_is_recognized(tmp_path: Path) -> None:
    assert "Canvas" in complaint(tmp_path, CANVAS)


def test_any_other_table_is_refused(tmp_path: Path) -> None:
    assert "not a grading worksheet" in complaint(tmp_path, "name,points\r\nAna,1\r\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.dictionaries(st.sampled_from(sorted(CLASS)), st.none() | st.floats(0, 12)),
    st.sampled_from([MOODLE, MOODLE_SPANISH]),
)
def test_filling_changes_no_other_row_or_column(
    tmp_path: Path, points: dict[str, float | None], text: str
) -> None:
    report = filled(
        tmp_path, *(standing(CLASS[key], earned) for key, earned in points.items()), text=text
    )
    before, after = cells(text), cells(tmp_path / "out.csv")
    changed = {1 + list(CLASS).index(student.key) for student in report.filled}
    assert len(after) == len(before)
    for row, (old, new) in enumerate(zip(before, after)):
        for place in (GRADE, COMMENTS) if row in changed else ():
            old[place] = new[place] = ""
        assert new == old


def test_filling_the_filled_file_again_changes_nothing(tmp_path: Path) -> None:
    everybody = [standing(ANA, 8.5), standing(BEN, 9.25)]
    filled(tmp_path, *everybody)
    once = (tmp_path / "out.csv").read_bytes()
    fill(tmp_path / "out.csv", everybody, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == once
