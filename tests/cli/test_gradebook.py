"""``labkit gradebook`` as one types it, on a class that was filled through the gradebook itself."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from labkit.cli.classroom import Classroom, entered, write_page
from labkit.cli.tally import Tally
from labkit.grading.gradebook.records import Adjustment, Attempt, Student
from labkit.grading.gradebook.standings import described
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.report.terminal import console
from labkit.rubric import find

Labkit = Callable[..., "subprocess.CompletedProcess[str]"]

DUE = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
SETTINGS = """
[class]
seed = 5
roster = "roster.csv"
[lab2]
due = 2026-11-20T12:00:00Z
late = 0.1
"""
ROSTER = """\
key,name,canvas_id,login,moodle_id
ana,Ana García López,101,agarcia,5001
ben,"Ben Ñuñez, Jr.",102,bnunez,5002
eva,Éva Müller,103,emuller,5003
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lab 2 (901)
    Points Possible,,,,,10
"García López, Ana",101,,agarcia,A,
"Ñuñez, Jr., Ben",102,,bnunez,A,3
"Nobody, Else",104,,nobody,A,4
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 5001,Ana García López,ana@uni.example,Submitted,,10.00,Yes,
Participant 5002,"Ben Ñuñez, Jr.",ben@uni.example,Submitted,,10.00,Yes,
"""


def attempt(student: str, points: float, **changes: Any) -> Attempt:
    """An attempt at lab 2, in time, of two checks."""
    checks = [
        {"name": "define", "title": "It is defined", "points": 2.0, "message": "define ran."},
        {"name": "fit", "title": "It learns", "points": points - 2, "message": f"{points} reached"},
    ]
    said = {"status": "passed", "fraction": 1.0, "possible": 8, "bonus": False, "data": {}}
    made = Attempt(
        number=0,
        lab="lab2",
        student=student,
        name=f"{student}.py",
        sha256=f"{points:064.0f}",
        rubric_sha256="bb" * 32,
        seed=5,
        verdict="graded",
        points=points,
        maximum=10.0,
        record={"checks": [{**said, **check} for check in checks], "provenance": {}},
        folder=f"attempts/lab2/{student}/1",
        submitted=DUE,
        started=DUE,
        finished=DUE + timedelta(seconds=1),
    )
    return replace(made, **changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class: Ana late with two attempts, Ben whom nobody could tell, Eva with none, Zoe a guest."""
    made = tmp_path / "class"
    made.mkdir()
    for name, text in {"class.toml": SETTINGS, "roster.csv": ROSTER}.items():
        (made / name).write_text(text, encoding="utf-8")
    zoe = {"checks": [], "student": described(Student("zoe", name="Zoé Ibáñez"))}
    book = Gradebook(file_url(made / "gradebook.db"))
    book.add(attempt("ana", 4.0, submitted=DUE - timedelta(days=1)))
    book.add(attempt("ana", 8.0, submitted=DUE + timedelta(hours=1)))
    book.add(attempt("ben", 0.0, verdict="unknown", record={}))
    book.add(attempt("zoe", 0.0, verdict="refused", record=zoe))
    book.add(attempt("other", 9.0, lab="lab3"))
    book.adjust(Adjustment("lab2", "ana", 0.5, "a good question", "prof", DUE))
    book.close()
    report = made / "attempts" / "lab2" / "ana" / "1" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>Ana's</p>", encoding="utf-8")
    return made


@pytest.fixture
def labkit(folder: Path) -> Labkit:
    """Run the command beside the class folder."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "COLUMNS": "80", "LABKIT_LANG": "en", "PYTHONUTF8": "1", "TZ": "UTC"}
        return subprocess.run(
            [sys.executable, "-m", "labkit", *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=folder.parent,
            env={**environ, **environment},
        )

    return run


def shown(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that went well printed, no line wider than a terminal."""
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= 80
    return done.stdout


def cells(file: Path) -> list[list[str]]:
    text = file.read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_show_has_a_line_for_each_student_and_what_it_comes_to(labkit: Labkit) -> None:
    assert shown(labkit("gradebook", "show", "lab2")).splitlines() == [
        "lab2, Handwritten digits: the best attempt counts, due 2026-11-20 12:00, 10% off",
        "for each day begun",
        "Student  Name                Points  Attempts  Remarks",
        "ana      Ana García López  7.5 / 10         2  late: -1, +0.5 (a good question)",
        "ben      Ben Ñuñez, Jr.      - / 10         1  could not tell",
        "eva      Éva Müller          - / 10         0  nothing handed in",
        "zoe      Zoé Ibáñez          0 / 10         1  refused",
        "4 students, 2 with a grade, mean 3.75 of 10, 1 could not be told",
    ]


def test_show_in_spanish_has_the_same_lines(labkit: Labkit) -> None:
    english = shown(labkit("gradebook", "show", "lab2")).splitlines()
    spanish = shown(labkit("--lang", "es", "gradebook", "show", "lab2")).splitlines()
    assert spanish[0].startswith("lab2, Dígitos manuscritos")
    keys = [line.split()[0] for line in english if line[:3] in ("ana", "ben", "eva", "zoe")]
    assert [line.split()[0] for line in spanish if line[:3] in keys] == keys
    assert "sin entrega" in "\n".join(spanish)


def test_long_names_and_reasons_stay_within_the_terminal(labkit: Labkit, folder: Path) -> None:
    long = "a" * 20 + "@universidad.example"
    book = Gradebook(file_url(folder / "gradebook.db"))
    described_as = {"student": {"name": "María de los Ángeles " * 3}}
    book.add(attempt(long, 5.0, record=described_as))
    book.add(attempt("日本語" * 8, 5.0))
    book.adjust(Adjustment("lab2", long, 1.0, "because of all the questions " * 6, "prof", DUE))
    book.close()
    lines = shown(labkit("gradebook", "show", "lab2")).splitlines()
    assert any(line.startswith(long[:30]) for line in lines)
    assert " ".join("".join(line[70:]) for line in lines).count("questions") == 6


def test_what_a_name_must_not_do_to_a_terminal_is_left_out(labkit: Labkit, folder: Path) -> None:
    book = Gradebook(file_url(folder / "gradebook.db"))
    book.add(attempt("evil", 5.0, record={"student": {"name": "\x1b[31mred\x07\nline"}}))
    book.close()
    out = shown(labkit("gradebook", "show", "lab2"))
    assert "\x1b" not in out
    assert "\x07" not in out
    assert len([line for line in out.splitlines() if "red line" in line]) == 1


def test_a_lab_nobody_handed_in_can_be_shown(labkit: Labkit) -> None:
    lines = shown(labkit("gradebook", "show", "1")).splitlines()
    assert lines[0] == "lab1, Petrol in 48 states: the best attempt counts"
    assert lines[-1] == "3 students, 0 with a grade"


def test_points_by_hand_are_added_taken_away_and_kept_with_their_reason(
    labkit: Labkit, folder: Path
) -> None:
    one = shown(
        labkit("gradebook", "adjust", "lab2", "ANA", "-1.5", "--reason", "copied", "--by", "me")
    )
    assert one == "Ana García López  6 / 10  late: -1, +0.5 (a good question), -1.5 (copied)\n"
    other = shown(labkit("gradebook", "adjust", "lab2", "éva müller", "7", "--reason=on paper"))
    assert other == "Éva Müller  7 / 10  nothing handed in, +7 (on paper)\n"
    book = Gradebook(file_url(folder / "gradebook.db"))
    *_rest, copied, paper = book.adjustments("lab2")
    book.close()
    assert (copied.student, copied.points, copied.reason, copied.by) == ("ana", -1.5, "copied", "me")
    assert paper.student == "eva"
    assert paper.by


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("adjust", "lab2", "ann", "1", "--reason", "x"), 2, "Did you mean ana?"),
        (("adjust", "lab2", "qqq", "1", "--reason", "x"), 2, "labkit gradebook show lab2"),
        (("adjust", "lab2", "ana", "nan", "--reason", "x"), 2, "a number of points and a reason"),
        (("adjust", "lab2", "ana", "1", "--reason", " "), 2, "a number of points and a reason"),
        (("adjust", "lab2", "ana", "1"), 2, "--reason"),
        (("diff", "lab2", "qqq"), 2, "qqq is nobody in this gradebook."),
        (("show", "lab2", "--into", "nowhere"), 2, "nowhere is no class folder."),
        (("show", "lab2", "--roster", "none.csv"), 3, "none.csv"),
        (("show", "lab2", "--db", "oracel://prof:s3cret@host/x"), 2, "oracel:*** cannot be opened"),
        (("show", "lab2", "--db", "sqlite:///class/roster.csv"), 3, "not a database"),
        (("reports", "lab2", "class/roster.csv"), 2, "is no folder"),
        (("export", "moodle", "lab2", "-o", "x"), 2, "--fill"),
        (("export", "canvas", "lab2", "-o", "x"), 2, "Canvas' assignment is missing."),
        (("export", "canvas", "lab2", "-o", "x", "--fill", "none.csv"), 3, "none.csv"),
        (("export", "csv", "lab2", "-o", "class/roster.csv/x"), 3, "cannot be written"),
    ],
)
def test_what_cannot_be_done_says_why_and_has_its_exit_code(
    labkit: Labkit, folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = labkit("gradebook", *arguments)
    assert done.returncode == code
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr
    assert sorted(path.name for path in folder.parent.iterdir()) == ["class"]


def test_two_of_one_name_are_told_apart_by_their_keys(labkit: Labkit, folder: Path) -> None:
    (folder / "roster.csv").write_text("key,name\na1,Luz\na2,Luz\n")
    done = labkit("gradebook", "adjust", "lab2", "luz", "1", "--reason", "x")
    assert done.returncode == 2
    assert "Their keys are: a1, a2." in done.stderr


def test_diff_shows_what_changed_and_what_it_may_come_from(labkit: Labkit) -> None:
    assert shown(labkit("gradebook", "diff", "lab2")).splitlines() == [
        "Ana García López  4 -> 8  (submission)",
        "  It learns: 2 -> 6",
        "    - 4.0 reached",
        "    + 8.0 reached",
    ]
    assert shown(labkit("gradebook", "diff", "lab2", "zoe")) == "There is nothing to compare.\n"
    assert shown(labkit("gradebook", "diff", "lab3")) == "Nothing changed.\n"


def test_diff_makes_no_zero_of_what_could_not_be_told(labkit: Labkit, folder: Path) -> None:
    book = Gradebook(file_url(folder / "gradebook.db"))
    book.add(attempt("ana", 0.0, verdict="unknown", record={}, sha256=f"{8:064}"))
    book.close()
    assert "Ana García López  8 -> -  (no cause known)" in shown(
        labkit("gradebook", "diff", "lab2", "ana")
    )


def test_reports_are_copied_under_the_students_keys(labkit: Labkit, folder: Path) -> None:
    out = folder.parent / "to hand back" / "ñ"
    said = shown(labkit("gradebook", "reports", "lab2", str(out.relative_to(folder.parent))))
    assert "No report: Ben Ñuñez, Jr." in said
    assert "Éva" not in said
    assert said.splitlines()[-1].startswith("1 reports in ")
    assert {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()} == {
        "ana.html": "<p>Ana's</p>"
    }


def test_a_csv_for_everybody(labkit: Labkit, folder: Path) -> None:
    assert "grades.csv" in shown(labkit("gradebook", "export", "csv", "lab2", "-o", "grades.csv"))
    header, *rows = cells(folder.parent / "grades.csv")
    points = {row[0]: row[header.index("points")] for row in rows}
    assert points == {"ana": "7.5", "ben": "", "eva": "", "zoe": "0"}
    assert rows[0][header.index("fit")] == "6"


def test_canvas_own_gradebook_is_filled_and_whoever_is_missing_is_named(
    labkit: Labkit, folder: Path
) -> None:
    (folder.parent / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    fill = ("--fill", "canvas.csv", "--assignment", "Lab 2 (901)")
    said = shown(labkit("gradebook", "export", "canvas", "lab2", "-o", "out.csv", *fill))
    assert said.splitlines() == [
        "1 grades filled in",
        "  left as it was: Ben Ñuñez, Jr. (no grade yet)",
        "  not in the file: Éva Müller",
        "  not in the file: Zoé Ibáñez",
        "  not in the gradebook: Nobody, Else",
        "Written: out.csv",
    ]
    assert [row[-1] for row in cells(folder.parent / "out.csv")[2:]] == ["7.5", "3", "4"]


def test_a_file_for_canvas_is_made_of_the_roster_alone(labkit: Labkit, folder: Path) -> None:
    assignment = ("--assignment", "Lab 2 (901)")
    said = shown(labkit("gradebook", "export", "canvas", "lab2", "-o", "out.csv", *assignment))
    assert "without ID, SIS ID or login of Canvas: Zoé Ibáñez" in said
    header, possible, *rows = cells(folder.parent / "out.csv")
    assert (header[-1], possible[-1]) == ("Lab 2 (901)", "10")
    assert [(row[1], row[-1]) for row in rows] == [("101", "7.5")]


def test_moodles_worksheet_is_filled(labkit: Labkit, folder: Path) -> None:
    (folder.parent / "moodle.csv").write_text(MOODLE, encoding="utf-8")
    said = shown(
        labkit("gradebook", "export", "moodle", "lab2", "-o", "out.csv", "--fill", "moodle.csv")
    )
    assert said.splitlines()[0] == "1 grades filled in"
    _header, ana, ben = cells(folder.parent / "out.csv")
    assert (ana[4], ben[4]) == ("7.5", "")


@pytest.mark.parametrize(("options", "secret"), [((), True), (("--public",), False)])
def test_gradescopes_package_holds_the_lab_and_the_classs_seed_unless_it_is_public(
    labkit: Labkit, folder: Path, options: tuple[str, ...], secret: bool
) -> None:
    shown(labkit("gradebook", "export", "gradescope", "lab2", "-o", "lab2.zip", *options))
    with zipfile.ZipFile(folder.parent / "lab2.zip") as archive:
        names = archive.namelist()
        assert {"run_autograder", "setup.sh"} <= set(names)
        seeds = [name for name in names if "seed" in name and archive.read(name).strip() == b"5"]
    assert bool(seeds) is secret


def test_githubs_workflow_speaks_the_language_of_whoever_made_it(labkit: Labkit, folder: Path) -> None:
    said = shown(labkit("--lang", "es", "gradebook", "export", "github", "lab2", "-o", "repository"))
    workflow = folder.parent / "repository" / ".github" / "workflows" / "classroom.yml"
    assert str(workflow.relative_to(folder.parent)) in said
    assert "labkit github lab2" in workflow.read_text(encoding="utf-8")
    assert "LABKIT_LANG: es" in workflow.read_text(encoding="utf-8")


def test_another_database_and_another_roster_can_be_named(labkit: Labkit, folder: Path) -> None:
    (folder.parent / "few.csv").write_text("key,name\nzoe,Zoé\n", encoding="utf-8")
    elsewhere = ("--db", "sqlite:///elsewhere.db", "--roster", "few.csv")
    shown(labkit("gradebook", "adjust", "lab2", "zoe", "3", "--reason", "x", *elsewhere))
    out = shown(labkit("gradebook", "show", "lab2", *elsewhere))
    assert "3 / 10" in out
    assert out.splitlines()[-1] == "1 students, 1 with a grade, mean 3 of 10"


@pytest.fixture
def classroom(folder: Path) -> Iterator[Classroom]:
    with entered(folder) as opened:
        yield opened


def test_the_class_page_is_written_whole_over_the_old_one(classroom: Classroom, folder: Path) -> None:
    (folder / "lab2.html").write_text("old")
    path = write_page(classroom, find.lab("lab2"))
    text = path.read_text(encoding="utf-8")
    assert path == folder.absolute() / "lab2.html"
    assert text.rstrip().endswith("</html>")
    for part in ("Ana García López", "Éva Müller", "attempts/lab2/ana/1/report.html"):
        assert part in text
    assert not list(folder.glob("*.part*")) + list(folder.glob(".lab2*"))


def test_a_tally_has_a_line_for_each_attempt_and_a_sum(capsys: pytest.CaptureFixture[str]) -> None:
    with Tally(console(), 3) as tally:
        for verdict in ("graded", "refused", "unknown"):
            tally.add(attempt("ana", 8.0, verdict=verdict), "Ana [bold]\x1b[31m")
    *lines, last = capsys.readouterr().out.splitlines()
    assert lines == [
        "1/3 Ana [bold] 8/10 graded",
        "2/3 Ana [bold] 8/10 refused",
        "3/3 Ana [bold] -/10 could not tell",
    ]
    assert last.startswith("1 graded, 1 refused, 1 not told, ")
