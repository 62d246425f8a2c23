"""Rosters as people, spreadsheets, Canvas and Moodle write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import TableError
from labkit.grading.gradebook.records import Student
from labkit.grading.people.columns import plain
from labkit.grading.people.roster import Roster, read

ANA = Student("ana01", "Ana Núñez", "ana@uni.es", "A")
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab 2 (77),Current Score\n"
    ",,,,,Manual Posting,\n"
    "    Points Possible,,,,,10,(read only)\n"
    '"García Pérez, José",4711,s-1,jgarcia,Grupo A,9.5,95\n'
    '"O\'Brien, Ann",4712,s-2,aobrien,Grupo B,,\n'
    '"Student, Test",4999,,abc123,Grupo A,,\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed\n"
    "Participant 123,José García,jose@uni.es,No submission - ,,10.00,Yes\n"
    "Participant 124,Ana Núñez,ana@uni.es,Submitted for grading - ,,10.00,Yes\n"
)


@pytest.fixture
def roster(tmp_path: Path):
    """Read a roster from its text or bytes."""

    def make(content: str | bytes, encoding: str = "utf-8") -> tuple[Student, ...]:
        path = tmp_path / "roster.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return read(path).students

    return make


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_usual_encoding_separator_and_line_end_is_read(roster, encoding, separator, end):
    rows = (("Alumno", "Nombre", "Correo", "Sección"), ("ana01", "Ana Núñez", "ana@uni.es", "A"))
    assert roster(end.join(map(separator.join, rows)), encoding) == (ANA,)


@pytest.mark.parametrize(
    "header",
    [
        "student,name,email,section",
        "KEY,Full Name,E-mail,Group",
        "id,Nombre completo,Correo electrónico,Grupo",
        "Usuario, NOMBRE ,correo,SECCION",
        "id,alumno,email,seccion",
    ],
)
def test_columns_are_known_by_their_names_in_two_languages(roster, header):
    assert roster(f"{header}\nana01,Ana Núñez,ana@uni.es,A\n") == (ANA,)


@pytest.mark.parametrize("header", ["first name,last name", "nombre,apellidos", "Nombres,Apellido(s)"])
def test_a_name_in_two_columns_is_put_together(roster, header):
    assert roster(f"key,{header}\nana01,Ana,Núñez\n")[0].name == "Ana Núñez"


def test_numbers_and_accounts_of_other_systems_are_kept_apart(roster):
    (student,) = roster(
        "student,name,canvas_id,SIS User ID,github_username,moodle_id\n"
        "u1,Ana,7,s-7,anita,Participante 9\n"
    )
    assert student == Student("u1", "Ana", canvas_id="7", sis_id="s-7", login="anita", moodle_id="9")


def test_id_beside_another_key_is_canvas_own(roster):
    (student,) = roster("student,name,ID\nu1,Ana,4711\n")
    assert (student.key, student.canvas_id) == ("u1", "4711")


@pytest.mark.parametrize(("separator", "half"), [(";", "1,5"), (",", "1.5"), (",", '"1,5"')])
def test_extensions_are_days_by_lab(roster, separator, half):
    header = separator.join(("key", "Extensión", "extension_lab2", "prórroga lab 03", "extension_4"))
    row = separator.join(("u1", "2", half, "0", ""))
    (student,) = roster(f"{header}\n{row}\n")
    assert student.extension == {"*": 2.0, "lab2": 1.5, "lab3": 0.0}


@pytest.mark.parametrize("days", ["soon", "-1", "nan", "1e400", "two"])
def test_an_extension_that_is_no_number_is_named_by_its_line(roster, days):
    with pytest.raises(TableError, match=f"Line 3: the extension is “{days}”"):
        roster(f"key,extension\nu0,1\nu1,{days}\n")


def test_a_canvas_export_is_taken_as_it_is(roster):
    assert roster(CANVAS) == (
        Student(
            "jgarcia",
            "García Pérez, José",
            "",
            "Grupo A",
            canvas_id="4711",
            sis_id="s-1",
            login="jgarcia",
        ),
        Student(
            "aobrien", "O'Brien, Ann", "", "Grupo B", canvas_id="4712", sis_id="s-2", login="aobrien"
        ),
    )


def test_canvas_students_without_a_login_are_told_apart_by_another_number(roster):
    assert [one.key for one in roster(CANVAS.replace("jgarcia", ""))] == ["s-1", "s-2"]


def test_canvas_names_in_two_columns_are_put_together(roster):
    text = "LastName,FirstName,ID,SIS Login ID,Section\n    Points Possible,,,,\nNúñez,Ana,7,ana01,A\n"
    (student,) = roster(text)
    assert (student.key, student.name, student.canvas_id) == ("ana01", "Ana Núñez", "7")


def test_a_moodle_worksheet_is_taken_as_it_is(roster):
    assert roster(MOODLE)[0] == Student("jose@uni.es", "José García", "jose@uni.es", moodle_id="123")


def test_a_spanish_moodle_worksheet_without_addresses_goes_by_the_name(roster):
    text = "Identificador,Nombre completo,Estado,Calificación\nParticipante 12,Ana Núñez,Sin entrega,\n"
    assert roster(text) == (Student("Ana Núñez", "Ana Núñez", moodle_id="12"),)


def test_a_moodle_worksheet_without_names_goes_by_the_participant(roster):
    assert roster("Identifier,Status,Grade\nParticipant 12,,\n")[0].moodle_id == "12"


def test_an_identifier_that_is_not_moodles_is_a_key(roster):
    text = "identifier,github_username,github_id,name\n20201234,anita,99,Ana\n"
    assert roster(text) == (Student("20201234", "Ana", login="anita"),)


def test_excels_own_separator_line_is_no_header(roster):
    with pytest.raises(TableError, match="Line 3, column key is empty"):
        roster("sep=;\nkey;name\n;Ana\n")


def test_no_key_column_lists_what_there_is(roster):
    with pytest.raises(TableError, match="It has: name, puntos") as caught:
        roster("name,puntos\nAna,3\n")
    assert "no column with a key" in str(caught.value)


def test_doubled_keys_are_named_by_their_lines_whatever_their_case(roster):
    with pytest.raises(TableError, match="The key ana01 is in lines 2, 5"):
        roster("key,name\nana01,Ana\n\nb,B\nANA01,Ana\n")


def test_lines_are_the_files_own_where_a_cell_has_several(roster):
    with pytest.raises(TableError, match="Line 4, column key is empty"):
        roster('key,name\na,"Ana\nNúñez"\n,B\n')


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04 not a csv",
        b"\x89PNG\r\n\0\0",
        b"<!DOCTYPE html><table><tr><td>key</td></tr></table>",
        b"\xff\xfek",
        b"just a sentence\nand another",
    ],
)
def test_what_is_no_table_is_refused(roster, content):
    with pytest.raises(TableError):
        roster(content)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TableError, match="There is no file"):
        read(tmp_path / "roster.csv")


CLASS = Roster(
    (
        Student("u1", "García Pérez, José", "jose@uni.es", login="jgarcia", canvas_id="11"),
        Student("u2", "Ana Núñez", sis_id="s-2", moodle_id="22"),
        Student("u3", "Luis Soto"),
        Student("u4", "Soto, Luis"),
        Student("Luis Soto", "Eva Gil"),
    )
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("U1", "u1"),
        ("JOSE@uni.es", "u1"),
        ("jgarcia", "u1"),
        ("11", "u1"),
        ("s-2", "u2"),
        ("22", "u2"),
        ("García Pérez, José", "u1"),
        ("jose garcia perez", "u1"),
        ("JOSE\u0301 GARCIA PEREZ", "u1"),
        ("garcíapérezjosé", "u1"),
        ("garciaperezjose", "u1"),
        ("ana_nunez", "u2"),
        ("luis soto", "Luis Soto"),
    ],
)
def test_a_student_is_found_by_whatever_names_them(text, key):
    found = CLASS.find(text)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("text", ["", " ", "u9", "soto luis", "jose garcia", "garcia"])
def test_nobody_is_found_by_what_names_none_or_two(text):
    assert CLASS.find(text) is None


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), max_size=8))
def test_every_key_of_a_well_formed_roster_is_found_again(tmp_path_factory, keys):
    path = tmp_path_factory.mktemp("rosters") / "roster.csv"
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([["key", "name"], *([key, "x"] for key in keys)])
    path.write_bytes(stream.getvalue().encode("utf-8-sig"))
    try:
        students = read(path).students
    except TableError:
        return
    assert all(Roster(students).find(student.key) == student for student in students)
    assert len(students) == len(keys)


@given(st.text())
def test_plain_names_stay_as_they_are(text):
    assert plain(plain(text)) == plain(text)
