"""Cells, numbers and files written whole."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from gradebooks import written
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import StorageError, TableError
from labkit.grading.exports.cells import as_csv, guarded, number, parsed, read_sheet, save


@given(st.text())
def test_a_guarded_cell_never_begins_a_formula(text: str) -> None:
    safe = guarded(text)
    assert parsed(safe) is not None or not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe.endswith(text)


@pytest.mark.parametrize("text", ["-2.5", "+3", "10", "-7,25"])
def test_numbers_are_not_guarded(text: str) -> None:
    assert guarded(text) == text


@given(st.floats(-1e6, 1e6), st.sampled_from(".,"))
def test_a_written_number_is_read_back_to_two_decimals(value: float, mark: str) -> None:
    assert parsed(number(value, mark)) == pytest.approx(value, abs=0.00501)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_an_empty_cell(value: float | None) -> None:
    assert number(value) == ""


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=4), min_size=1))
def test_records_are_written_as_csv_reads_them(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(as_csv(rows), newline=""))) == rows


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_sheet_is_put_together_again_byte_for_byte(tmp_path: Path, newline: str, bom: str) -> None:
    text = bom + newline.join(["a;b", '" x ";"1\n2"', "", "3;  4", ""])
    sheet = read_sheet(written(tmp_path, text))
    assert sheet.text(line.source for line in sheet.lines) == text
    assert (sheet.separator, sheet.newline, sheet.bom) == (";", newline, bool(bom))
    assert sheet.lines[1].cells == (" x ", "1\n2")


def test_what_is_no_csv_is_refused_with_a_way_on(tmp_path: Path) -> None:
    file = tmp_path / "class.xlsx"
    file.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(TableError, match="spreadsheet"):
        read_sheet(file)


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError):
        save(tmp_path / "taken", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
