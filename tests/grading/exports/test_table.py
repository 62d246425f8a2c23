"""The plain table."""

from __future__ import annotations

from pathlib import Path

from gradebooks import ANA, BEN, adjusted, attempt, cells, record, standing

from labkit.grading.exports.table import write
from labkit.grading.gradebook.records import Standing, Student


def _rows(tmp_path: Path, *standings: Standing) -> list[dict[str, str]]:
    file = tmp_path / "class.csv"
    write(standings, file)
    header, *rows = cells(file)
    return [dict(zip(header, row)) for row in rows]


def test_a_row_says_what_counts_and_why(tmp_path: Path) -> None:
    entries = (adjusted(0.5, "hand check"), adjusted(-1, "copied"))
    [row] = _rows(
        tmp_path,
        standing(ANA, 6.0, earned=8.5, late_days=2.0, penalty=2.0, adjustments=entries, attempts=3),
    )
    assert row["name"] == "Ana García López"
    assert (row["points"], row["maximum"], row["percent"], row["earned"]) == ("6", "10", "60", "8.5")
    assert (row["late_days"], row["penalty"], row["attempts"]) == ("2", "2", "3")
    assert (row["adjustment"], row["reason"]) == ("-0.5", "hand check; copied")
    assert (row["verdict"], row["submitted"]) == ("graded", "2026-11-20T12:30:00+00:00")
    assert (row["define"], row["parameters"], row["challenge"]) == ("2", "0", "4.5")


def test_no_grade_is_an_empty_cell(tmp_path: Path) -> None:
    [row] = _rows(tmp_path, Standing(BEN, "lab2", 10.0))
    assert (row["points"], row["percent"], row["earned"], row["verdict"]) == ("", "", "", "")


def test_a_check_that_could_not_tell_is_not_a_zero(tmp_path: Path) -> None:
    [row] = _rows(tmp_path, standing(ANA, None, attempt=attempt(ANA, record(undecided=2))))
    assert (row["define"], row["parameters"], row["bonus"]) == ("2", "", "")


def test_formulas_are_disarmed(tmp_path: Path) -> None:
    [row] = _rows(tmp_path, standing(Student("@x", name='=HYPERLINK("http://x")', section="-1")))
    assert (row["student"], row["name"]) == ("'@x", '\'=HYPERLINK("http://x")')
    assert row["section"] == "-1"


def test_a_check_named_like_a_column_keeps_its_own(tmp_path: Path) -> None:
    graded = record()
    graded["checks"][0]["name"] = "points"
    [row] = _rows(tmp_path, standing(ANA, 8.5, attempt=attempt(ANA, graded)))
    assert (row["points"], row["check points"]) == ("8.5", "2")


def test_excel_is_told_the_encoding(tmp_path: Path) -> None:
    write([standing(ANA)], tmp_path / "class.csv")
    assert (tmp_path / "class.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,name,")
