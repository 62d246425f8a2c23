"""Every hostile submission gets what it deserves, everybody else what they earned, and nothing is left.

A few of each family run here. ``LABKIT_HOSTILE=all`` runs every one (`make hostile`, twelve minutes),
``LABKIT_HOSTILE=escape,models`` whole families; ``LABKIT_WALLS=landlock`` tries the other walls.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from labkit.grading.batch import ClassRun, Todo
from labkit.grading.gradebook.records import Attempt, Student
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.grading.here import here
from labkit.grading.intake import digest
from labkit.grading.people.identity import Entry
from labkit.grading.pipeline import Graded
from labkit.report.record import as_record
from labkit.rubric import find
from labkit.sandbox.launch import Launcher
from labkit.sandbox.processes import descendants
from labkit.sandbox.protections import survey
from tests.submissions import ABSTRACT, FAMILIES, HONEST_POINTS, Hostile, honest

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(survey().walls == "none", reason="no walls hold on this machine"),
    pytest.mark.xdist_group("hostile"),
]

SEED = 20_261_121
WALLS: Any = os.environ.get("LABKIT_WALLS") or survey().walls
FEW = 9
QUICK = (
    "deep_recursion",
    "segfault",
    "fork_bomb",
    "memory_bomb",
    "disk_fill",
    "daemon",
    "endless_loop",
)


@dataclass(frozen=True)
class Batch:
    """What became of all submissions graded together."""

    attempts: Mapping[str, Attempt]
    folder: Path
    left: str


def chosen() -> list[Hostile]:
    """All cases, or the same few of each family every time."""
    wanted = os.environ.get("LABKIT_HOSTILE", "")
    if wanted:
        names = list(FAMILIES) if wanted == "all" else wanted.split(",")
        return [case for name in names for case in FAMILIES[name]]
    quick = [family for name, family in FAMILIES.items() if name != "resources"]
    some = [case for family in quick for case in family[:: len(family) // FEW]]
    return some + [case for case in FAMILIES["resources"] if case.name in QUICK]


@contextmanager
def listening() -> Iterator[None]:
    """Doors that somebody who got out could knock at."""
    with ExitStack() as doors:
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", 0)),
            (socket.AF_UNIX, "\0" + ABSTRACT),
        ):
            door = doors.enter_context(socket.socket(family))
            door.bind(address)
            door.listen()
        yield


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Everything graded in one go, an honest submission first, in the middle and last."""
    folder = tmp_path_factory.mktemp("hostile")
    cases, entries = chosen(), []
    makers = {case.name: case.make for case in cases}
    makers |= dict.fromkeys(("a_honest", "m_honest", "zz_honest"), honest().make)
    for name in sorted(makers):
        place = folder / "submissions" / name
        place.mkdir(parents=True)
        path = makers[name](place)
        entries.append(Todo(Entry(Student(name), (path,), path.name, None), digest([path])))
    lab = find.lab("lab2")
    lab = replace(lab, budget=replace(lab.budget, cpu_seconds=5, memory_mb=1500))
    book = Gradebook(file_url(folder / "gradebook.db"))

    def report(graded: Graded, place: Path) -> Mapping[str, Any]:
        return as_record(graded.grade)

    os.environ["LABKIT_TEST_SECRET"] = "hunter2"
    mounts = Path("/proc/self/mounts").read_text()
    with listening(), Launcher(2, WALLS) as launcher:
        with here(lab, folder, launcher, SEED, report) as carrier:
            run = ClassRun(lab, folder, book, carrier, SEED)
            attempts = {attempt.student: attempt for attempt in run.run(entries)}
        assert launcher._server is not None
        children = descendants(launcher._server.pid)
    del os.environ["LABKIT_TEST_SECRET"]
    assert children == []
    assert Path("/proc/self/mounts").read_text() == mounts
    running = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
    book.close()
    return Batch(attempts, folder, running)


def printed(batch: Batch, attempt: Attempt) -> str:
    logs = (batch.folder / attempt.folder).rglob("log.txt")
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)


@pytest.mark.parametrize("case", chosen(), ids=lambda case: case.name)
def test_a_hostile_submission_gets_what_it_deserves(batch: Batch, case: Hostile) -> None:
    attempt = batch.attempts[case.name]
    said = json.dumps(attempt.record, ensure_ascii=False)
    assert attempt.verdict == case.verdict, said
    assert case.least <= attempt.points <= case.most, said
    assert "ESCAPED" not in printed(batch, attempt)
    assert not case.says or any(part.lower() in said.lower() for part in case.says), said
    assert str(SEED) not in printed(batch, attempt)


@pytest.mark.parametrize("name", ["a_honest", "m_honest", "zz_honest"])
def test_an_honest_one_among_them_keeps_its_grade(batch: Batch, name: str) -> None:
    attempt = batch.attempts[name]
    assert (attempt.verdict, attempt.points) == ("graded", HONEST_POINTS)


def test_nobody_is_left_out(batch: Batch) -> None:
    assert len(batch.attempts) == len(chosen()) + 3


def test_nothing_is_left_behind(batch: Batch) -> None:
    canaries = [case.leaves for case in chosen() if case.leaves]
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home()]
    found = {path.name for place in places if place.is_dir() for path in place.iterdir()}
    for canary in canaries:
        assert canary not in batch.left
        assert not any(canary in name for name in found)
    assert not list(batch.folder.glob(".data-*"))
    assert not list(batch.folder.glob("attempts/*/*/*/evidence/*/work/*"))
