from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, root_mean_squared_error
from sklearn.model_selection import train_test_split

from labkit.data import describe, load_table
from labkit.data.table import read
from labkit.errors import DataDamaged, DataMissing, TableError, UsageError
from labkit.root import root

_TEXT = (root() / "datasets" / "gasoline.csv").read_text(encoding="utf-8")
_COLUMNS = _TEXT.split("\n", 1)[0].split(",")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own.csv"


def _complaint(file: Path, content: str | bytes) -> str:
    """What a reader is told about a table."""
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content, encoding="utf-8", newline="")
    with pytest.raises(TableError) as caught:
        load_table("gasoline", file)
    return str(caught.value)


def _with_cell(row: int, column: str, cell: str) -> str:
    """The kit's table with one cell replaced; the header is row 1."""
    lines = [line.split(",") for line in _TEXT.splitlines()]
    lines[row - 1][_COLUMNS.index(column)] = cell
    return "\n".join(",".join(line) for line in lines)


def _accepted(file: Path, content: str | bytes) -> bool:
    """Whether a table is read as the kit's own."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    table, kit = load_table("gasoline", file), load_table("gasoline")
    return np.array_equal(table.x, kit.x) and np.array_equal(table.y, kit.y)


# The kit's own table


def test_the_table_is_the_published_one():
    table = load_table("gasoline")
    assert table.x.shape == (48, 4)
    assert table.y.mean() == pytest.approx(576.770833)
    assert table.y.std(ddof=1) == pytest.approx(111.885816)
    assert (table.y.min(), table.y.max()) == (344, 968)
    assert table.x[:, 0].mean() == pytest.approx(7.668333, abs=1e-6)


def test_least_squares_give_the_known_fit():
    table = load_table("gasoline")
    fit = LinearRegression().fit(table.x, table.y)
    assert fit.score(table.x, table.y) == pytest.approx(0.6787, abs=5e-5)


def test_least_squares_on_the_known_split_give_the_known_coefficients():
    table = load_table("gasoline")
    x, x_test, y, y_test = train_test_split(table.x, table.y, test_size=0.2, random_state=0)
    fit = LinearRegression().fit(x, y)
    assert fit.coef_ == pytest.approx([-40.016660, -0.065413, -0.004741, 1341.862], rel=1e-4)
    assert mean_absolute_error(y_test, fit.predict(x_test)) == pytest.approx(56.822, abs=1e-3)
    assert root_mean_squared_error(y_test, fit.predict(x_test)) == pytest.approx(68.311, abs=1e-3)


def test_a_missing_table_of_the_kit_is_named(kit):
    (kit / "datasets/gasoline.csv").unlink()
    with pytest.raises(DataMissing, match=r"gasoline\.csv is missing"):
        load_table("gasoline")


def test_a_changed_table_of_the_kit_is_not_taken_for_the_published_one(kit):
    (kit / "datasets/gasoline.csv").write_text(_with_cell(2, "petrol_tax", "8"))
    with pytest.raises(DataDamaged, match=r"gasoline\.csv was changed.*--data"):
        load_table("gasoline")


def test_arrays_are_not_opened_as_a_table():
    with pytest.raises(UsageError, match="mnist is a set of arrays"):
        load_table("mnist")


# Tables that are fine


def test_the_order_of_columns_does_not_matter(own):
    lines = [",".join(reversed(line.split(","))) for line in _TEXT.splitlines()]
    assert _accepted(own, "\n".join(lines))


def test_other_columns_are_left_out_with_a_note(own):
    header, *rows = _TEXT.splitlines()
    assert _accepted(own, "\n".join([f"state,{header},", *[f"Perú,{row},9" for row in rows]]))
    (note,) = load_table("gasoline", own).notes
    assert "state" in str(note)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_are_read_where_commas_do_not_separate(own, separator):
    assert _accepted(own, _TEXT.replace(",", separator).replace(".", ","))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_points_are_read_with_any_separator(own, separator):
    assert _accepted(own, _TEXT.replace(",", separator))


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\r\r\n", "\n\n"])
def test_line_ends_of_all_systems_are_read(own, line_end):
    assert _accepted(own, _TEXT.replace("\n", line_end))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + _TEXT.encode(), id="byte-order mark"),
        pytest.param("\n" + _TEXT.replace(",", ";"), id="empty first line"),
        pytest.param(_TEXT.replace(",", " , "), id="spaces"),
        pytest.param(_TEXT + "\n,,,,\n,,,,\n", id="empty rows at the end"),
        pytest.param(_TEXT.replace("\n", ",,\n"), id="separators at the ends of rows"),
        pytest.param(_TEXT.replace("541\n", "541,\n"), id="a separator at the end of one row"),
        pytest.param('"' + _TEXT.strip().replace(",", '","').replace("\n", '"\n"') + '"', id="quoted"),
    ],
)
def test_what_spreadsheets_add_is_read(own, content):
    assert _accepted(own, content)


@given(
    st.lists(
        st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 5), min_size=20, max_size=30
    ),
    st.permutations(range(5)),
    st.sampled_from(",;\t"),
)
def test_what_is_written_is_read_back_exactly(tmp_path_factory, rows, order, separator):
    file = tmp_path_factory.mktemp("table") / "own.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow([_COLUMNS[column] for column in order])
        writer.writerows([row[column] for column in order] for row in rows)
    table = load_table("gasoline", file)
    assert np.array_equal(np.column_stack([table.x, table.y]), np.array(rows))


# Tables that are not, and what is said


def test_a_missing_column_is_named_with_the_nearest(own):
    said = _complaint(own, _TEXT.replace("petrol_tax", "Petrol Tax"))
    assert "Row 1 has no column petrol_tax" in said
    assert "Is Petrol Tax meant to be petrol_tax?" in said


def test_all_missing_columns_are_named(own):
    said = _complaint(own, "a,b\n1,2\n")
    assert all(name in said for name in _COLUMNS)


def test_a_missing_header_is_noticed(own):
    assert "names of the columns into the first row" in _complaint(own, _TEXT.split("\n", 1)[1])


def test_an_unknown_separator_is_noticed(own):
    assert "Separate the columns with commas" in _complaint(own, _TEXT.replace(",", "|"))


def test_a_column_twice_is_named(own):
    said = _complaint(own, _TEXT.replace("average_income", "petrol_tax"))
    assert "Row 1: the column petrol_tax is there more than once" in said


@pytest.mark.parametrize(
    "cell", ["abc", "9%", "1_000", "inf", "-Infinity", "1e999", "٣", "0x10", "1 976"]
)
def test_what_is_no_finite_number_is_named_by_row_and_column(own, cell):
    said = _complaint(own, _with_cell(7, "average_income", cell))
    assert f"Row 7, column average_income holds “{cell}”" in said


@pytest.mark.parametrize("cell", ["", "  ", "NaN", "n/a", "NULL"])
def test_an_empty_cell_is_named_by_row_and_column(own, cell):
    said = _complaint(own, _with_cell(49, "petrol_consumption", cell))
    assert "Row 49, column petrol_consumption is empty" in said


def test_a_row_that_is_too_short_is_named_by_what_it_lacks(own):
    lines = _TEXT.splitlines()
    lines[4] = lines[4].rsplit(",", 1)[0]
    assert "Row 5, column petrol_consumption is empty" in _complaint(own, "\n".join(lines))


def test_rows_are_counted_with_the_empty_lines_above(own):
    content = _with_cell(7, "petrol_tax", "abc").replace("\n", "\n\n", 1)
    assert "Row 8, column petrol_tax" in _complaint(own, content)


def test_more_bad_cells_of_the_column_are_counted(own):
    content = _with_cell(7, "petrol_tax", "abc").replace("\n9,", "\nx,")
    assert "Row 2, column petrol_tax" in _complaint(own, content)
    assert f"in {content.count(chr(10) + 'x,')} more cells" in _complaint(own, content)


def test_decimal_commas_between_commas_are_explained(own):
    said = _complaint(own, _with_cell(3, "driver_licence_share", "0,572"))
    assert "Row 3 has 6 cells" in said
    assert "semicolons" in said


def test_a_quoted_decimal_comma_is_explained(own):
    said = _complaint(own, _with_cell(3, "driver_licence_share", '"0,572"'))
    assert "Row 3, column driver_licence_share holds “0,572”" in said
    assert "with a point" in said


def test_points_for_thousands_beside_decimal_commas_are_not_misread(own):
    content = _TEXT.replace(",", ";").replace(".", ",").replace(";1976;", ";1.976;")
    said = _complaint(own, content)
    assert "Row 2, column paved_highways holds “1.976”" in said
    assert "without points" in said


@pytest.mark.parametrize("rows", [0, 1, 19])
def test_too_few_rows_are_counted(own, rows):
    said = _complaint(own, "\n".join(_TEXT.splitlines()[: rows + 1]))
    assert f"has {rows} rows" in said
    assert "At least 20" in said


def test_twenty_rows_are_enough(own):
    own.write_text("\n".join(_TEXT.splitlines()[:21]))
    assert len(load_table("gasoline", own).y) == 20


@pytest.mark.parametrize("content", ["", "\n\n", "  \n", ",,,\n,,,\n", '""', "\ufeff"])
def test_an_empty_file_is_said_to_be_empty(own, content):
    assert "own.csv is empty" in _complaint(own, content)


def test_latin_1_is_named_by_row_and_column(own):
    lines = [f"{line},Cádiz" for line in _TEXT.splitlines()]
    content = "\n".join(["petrol_tax" + lines[0][10:-5] + "town", *lines[1:]])
    said = _complaint(own, content.encode("latin-1"))
    assert "Row 2, column town is not UTF-8" in said
    assert "CSV UTF-8" in said


def test_latin_1_in_the_header_is_named_by_column(own):
    said = _complaint(own, ("a,Región," + _TEXT).encode("latin-1"))
    assert "Row 1, column Regi is not UTF-8" in said


def test_utf_16_is_recognized(own):
    assert "own.csv is UTF-16" in _complaint(own, _TEXT.encode("utf-16"))


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_spreadsheet_is_recognized(own, start):
    assert "own.csv is a spreadsheet" in _complaint(own, start + bytes(100))


def test_other_binary_files_are_recognized(own):
    assert "own.csv is not text" in _complaint(own, (root() / "datasets/mnist/y_test.xz").read_bytes())


def test_a_quote_that_is_not_closed_is_named_by_row_and_column(own):
    said = _complaint(own, _with_cell(6, "average_income", '"4870'))
    assert "Row 6, column average_income: a quote is not closed" in said


def test_a_quote_that_ends_too_early_is_named_by_row_and_column(own):
    said = _complaint(own, _with_cell(6, "average_income", '"48"70'))
    assert "Row 6, column average_income: a quote is not closed" in said


def test_a_folder_is_said_to_be_one(tmp_path):
    with pytest.raises(TableError, match="is a folder"):
        load_table("gasoline", tmp_path)


def test_a_file_that_is_not_there_is_named(own):
    with pytest.raises(TableError, match=r"no file .*own\.csv"):
        load_table("gasoline", own)


def test_a_name_that_no_system_takes_is_an_error_like_others(tmp_path):
    with pytest.raises(TableError):
        load_table("gasoline", tmp_path / ("long" * 500))


def test_a_huge_file_is_refused_unread(own):
    own.touch()
    os.truncate(own, 60 * 2**20)
    with pytest.raises(TableError, match="at most 50 MB"):
        load_table("gasoline", own)


@given(st.integers(0, 10**9))
def test_any_harm_is_answered_with_an_error_of_the_kit(tmp_path_factory, seed):
    """Bytes removed, doubled or replaced anywhere: a table or a TableError, never another error."""
    file, rng = tmp_path_factory.mktemp("table") / "own.csv", random.Random(seed)
    content = bytearray(_TEXT.encode())
    for _harm in range(rng.randint(1, 20)):
        start = rng.randrange(len(content))
        content[start : start + rng.randint(0, 5)] = rng.choice(
            [
                b"",
                b'"',
                b",",
                b";",
                b"\n",
                b"\r",
                b"\xff",
                b"\0",
                b"a",
                b"1e9",
                b'"\n',
                b"\xef\xbb\xbf",
            ]
        )
    file.write_bytes(content)
    try:
        table = read(file, describe("gasoline"))
    except TableError:
        return
    assert np.isfinite(table.x).all()
    assert np.isfinite(table.y).all()
