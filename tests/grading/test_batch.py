"""What a grader does where another one takes over, and where folders are left or shut."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from labkit.grading.batch import ClassRun, Todo, waiting
from labkit.grading.gradebook.claims import Claims, Wanted
from labkit.grading.gradebook.records import Student
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.grading.gradebook.tables import claims
from labkit.grading.here import data_folder
from labkit.grading.judging import Judged
from labkit.grading.people.identity import Entry, collect
from labkit.grading.pipeline import rubric_digest
from labkit.rubric import find
from tests.grading.gradebook.classes import attempt

LAB = find.lab("lab10")
SHA = "aa" * 32


@dataclass
class Overtaken:
    """A carrier beside which another grader takes every claim over, and writes later.

    Args:
        book: Where claims and attempts are.
        other: The other grader.
        rounds: How many more times room is asked for until it writes.
    """

    book: Gradebook
    other: Claims
    rounds: int = 3
    begun: int = 0
    judge: Any = field(default=None)

    @property
    def room(self) -> int:
        self.rounds -= 1
        if not self.rounds:
            theirs = attempt(
                lab="lab10", points=4.0, sha256=SHA, rubric_sha256=rubric_digest(LAB), seed=None
            )
            assert self.other.add([theirs]) != [None]
        return 2

    def begin(self, entry: Entry, folder: Path) -> Future[Judged | None]:
        self.begun += 1
        with self.book.transaction() as connection:
            connection.execute(claims.update().values(owner=self.other.owner))
        ended: Future[Judged | None] = Future()
        ended.set_result(Judged("graded", 9.0, 10.0, {}, None))
        return ended


def test_who_loses_a_claim_waits_for_whoever_took_it_over(tmp_path: Path) -> None:
    book = Gradebook(file_url(tmp_path / "gradebook.db"))
    other = Claims(book, "lab10", rubric_digest(LAB), None)
    carrier = Overtaken(book, other)
    todo = Todo(Entry(Student("ana"), (tmp_path / "ana.py",), "ana.py", None), SHA)
    found = list(ClassRun(LAB, tmp_path, book, carrier, None).run([todo]))
    assert [(one.student, one.points) for one in found] == [("ana", 4.0)]
    assert [one.points for one in book.attempts()] == [4.0]
    assert carrier.begun == 1
    assert other.take([Wanted("ana", SHA)]) == ["done"]
    book.close()


def test_rows_of_who_lives_stay_and_of_who_died_go(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from labkit.grading.here import data_folder\n"
        "with data_folder(Path(sys.argv[1])) as data:\n    print(data, flush=True); os._exit(9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True, check=False
    )
    left = Path(died.stdout.strip())
    assert died.returncode == 9 and left.is_dir()
    with data_folder(tmp_path) as one, data_folder(tmp_path) as two:
        assert not left.exists()
        assert one != two and one.is_dir() and two.is_dir()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of somebody without rights, who this process is meanwhile."""
    folder = Path(tempfile.mkdtemp())
    try:
        if os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(os.getuid())
        shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_folder_that_nobody_may_look_into_stops_no_class(nobody: Path, mode: int) -> None:
    handed_in = nobody / "submissions"
    (handed_in / "ana" / "shut").mkdir(parents=True)
    (handed_in / "ana" / "shut" / "more.py").write_text("x = 1\n")
    (handed_in / "ben.py").write_text("x = 1\n")
    (handed_in / "ana" / "shut").chmod(mode)
    try:
        book = Gradebook(file_url(nobody / "gradebook.db"))
        entries = collect(handed_in).entries
        todo = waiting(LAB, entries, book, None, regrade=False)
        again = waiting(LAB, entries, book, None, regrade=False)
        book.close()
    finally:
        (handed_in / "ana" / "shut").chmod(0o755)
    assert [one.entry.student.key for one in todo] == ["ana", "ben"]
    assert [one.sha256 for one in todo] == [one.sha256 for one in again]
