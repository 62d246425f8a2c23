"""A small class, and files about it as Canvas and Moodle write them."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from labkit.grading.gradebook.records import Adjustment, Attempt, Standing, Student

ANA = Student(
    key="ana",
    name="Ana García López",
    email="ana@uni.example",
    section="A",
    canvas_id="101",
    sis_id="S1",
    login="agarcia",
    moodle_id="5001",
)
BEN = Student(key="ben", name="Ben Ñuñez, Jr.", canvas_id="102", moodle_id="5002")
EVA = Student(key="eva@uni.example", name="Éva Müller", email="eva@uni.example")
CLASS = {student.key: student for student in (ANA, BEN, EVA)}

CHECKS: list[dict[str, Any]] = [
    {
        "name": "define",
        "title": "define() devuelve un modelo",
        "status": "passed",
        "fraction": 1.0,
        "points": 2.0,
        "possible": 2,
        "bonus": False,
        "message": "define ran.",
        "data": {},
    },
    {
        "name": "parameters",
        "title": "At most 300,000 parameters",
        "status": "failed",
        "fraction": 0.0,
        "points": 0.0,
        "possible": 2,
        "bonus": False,
        "message": "It has <b>400,000</b> & more",
        "data": {"parameters": 400000},
    },
    {
        "name": "challenge",
        "title": "A loss of 0.30 or less",
        "status": "passed",
        "fraction": 0.75,
        "points": 4.5,
        "possible": 6,
        "bonus": False,
        "message": "Loss 0.33",
        "data": {"value": 0.334567},
    },
    {
        "name": "bonus",
        "title": "A loss on the way to 0.25",
        "status": "skipped",
        "fraction": 0.0,
        "points": 0.0,
        "possible": 1,
        "bonus": True,
        "message": "Waits",
        "data": {},
    },
]


def record(*, undecided: float = 0, **changes: Any) -> dict[str, Any]:
    """A grade of lab 3 as ``grade.json`` holds it."""
    checks = [dict(check) for check in CHECKS]
    if undecided:
        checks[1] |= {"status": "unknown", "message": "The process was lost."}
    return {
        "schema": 1,
        "lab": "lab3",
        "language": "en",
        "points": 6.5,
        "maximum": 10.0,
        "undecided": undecided,
        "next": "parameters",
        "checks": checks,
        "provenance": {
            "submission": "fashion.py",
            "sha256": "ab" * 32,
            "seed": 987654321,
            "seconds": 61.6,
            "cpu_seconds": 93.2,
            "keras": "3.15.1",
        },
    } | changes


def attempt(student: Student, graded: dict[str, Any] | None = None) -> Attempt:
    """One attempt of a student."""
    when = datetime(2026, 11, 20, 12, 30, tzinfo=timezone.utc)
    return Attempt(
        number=1,
        lab="lab2",
        student=student.key,
        name="fashion.py",
        sha256="ab" * 32,
        rubric_sha256="cd" * 32,
        seed=1,
        verdict="graded",
        points=6.5,
        maximum=10,
        record=record() if graded is None else graded,
        folder="x",
        submitted=when,
        started=when,
        finished=when,
    )


def standing(student: Student, points: float | None = 8.5, **fields: Any) -> Standing:
    """What a student has in lab 2, of ten points."""
    given = {"maximum": 10.0, "attempt": attempt(student), "attempts": 1, "earned": points} | fields
    return Standing(student, "lab2", points=points, **given)


def adjusted(points: float, reason: str) -> Adjustment:
    """An adjustment by hand."""
    return Adjustment(
        "lab2", "ana", points, reason, "prof", datetime(2026, 11, 20, tzinfo=timezone.utc)
    )


CANVAS = (
    "\ufeff"
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab 1 (900),Lab 2 (901),Essay (902),"
    "Labs Current Score,Final Score,Final Grade\r\n"
    ",,,,,,,Manual Posting,,,,\r\n"
    "    Points Possible,,,,,(read only),10.00,10.00,20.00,(read only),(read only),(read only)\r\n"
    '"García López, Ana",101,S1,agarcia,"A, and B",late bird,7.00,,18.00,70.00,70.00,C\r\n'
    '"Ñuñez, Jr., Ben",102,S2,bnunez,A,,8.00,3.00,N/A,80.00,80.00,B\r\n'
    '"Müller, Éva",103,S3,eva@uni.example,A,,9.00,EX,,90.00,90.00,A\r\n'
    '"Nobody, Else",104,S4,nobody,A,,1.00,4.00,,10.00,10.00,F\r\n'
    '"Student, Test",199,,4f1c,A,,,,,,,\r\n'
)
CANVAS_EUROPEAN = (
    CANVAS.removeprefix("\ufeff")
    .replace('"A, and B"', "A")
    .replace('"García López, Ana"', "García López_ Ana")
    .replace('"Ñuñez, Jr., Ben"', "Ñuñez_ Jr._ Ben")
    .replace('"Müller, Éva"', "Müller_ Éva")
    .replace('"Nobody, Else"', "Nobody_ Else")
    .replace('"Student, Test"', "Student_ Test")
    .replace(",", ";")
    .replace("_", ",")
    .replace(".00", ",00")
)
MOODLE = (
    "\ufeff"
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"\r\n'
    '"Participant 5001","Ana García López",ana@uni.example,"Submitted for grading - ",,10.00,Yes,'
    '"Friday, 20 November 2026, 12:30 PM","line one\nline ""two""",-,\r\n'
    '"Participant 5002","Ben Ñuñez, Jr.",ben@uni.example,"No submission",3.00,10.00,Yes,-,,-,'
    '"Well, done"\r\n'
    '"Participant 5003","Éva Müller",eva@uni.example,"No submission",,10.00,No,-,,-,\r\n'
    '"Participant 5004","Nobody Else",nobody@uni.example,"No submission",,10.00,Yes,-,,-,\r\n'
)
MOODLE_SPANISH = (
    MOODLE.replace("Identifier", "Identificador")
    .replace('"Full name"', '"Nombre completo"')
    .replace('"Email address"', '"Dirección de correo"')
    .replace('Status,Grade,"Maximum Grade"', 'Estatus,Calificación,"Calificación máxima"')
    .replace('"Grade can be changed"', '"La calificación puede ser cambiada"')
    .replace('"Last modified (grade)"', '"Última modificación (calificación)"')
    .replace('"Feedback comments"', '"Comentarios de retroalimentación"')
    .replace("Participant ", "Participante ")
    .replace(",Yes,", ",Sí,")
    .replace("10.00", '"100,00"')
    .replace("3.00", '"3,00"')
)


def written(folder: Path, content: str) -> Path:
    """A file with exactly that text."""
    file = folder / "given.csv"
    file.write_bytes(content.encode("utf-8"))
    return file


def cells(file: Path | str, separator: str = ",") -> list[list[str]]:
    """The cells of a CSV, a byte-order mark left out."""
    text = file if isinstance(file, str) else file.read_bytes().decode("utf-8")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator))
