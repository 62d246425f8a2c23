"""The gradebook in real databases, with real processes that write, are killed, or find no room."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from classes import NOON, adjustment, attempt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.errors import StorageError, UsageError
from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.store import Gradebook, file_url

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "grade book ñ #1%20.db"


@pytest.fixture(params=["file", "memory"])
def book(request: pytest.FixtureRequest, file: Path) -> Iterator[Gradebook]:
    made = Gradebook("sqlite://" if request.param == "memory" else file_url(file))
    yield made
    made.close()


def reopened(file: Path) -> list[Attempt]:
    """All attempts, as another process would find them."""
    assert file.is_file()
    book = Gradebook(file_url(file))
    try:
        return book.attempts()
    finally:
        book.close()


def writer(file: Path, program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process that has ``book``, opened in the file, and ``attempt``."""
    head = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from classes import attempt\n"
        "from labkit.grading.gradebook.store import Gradebook, file_url\n"
        "from pathlib import Path\n"
        "book = Gradebook(file_url(Path(sys.argv[1])))\n"
    )
    command = [sys.executable, "-c", head + textwrap.dedent(program), str(file), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def is_whole(file: Path) -> bool:
    connection = sqlite3.connect(file)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        connection.close()


def test_attempts_are_read_back_as_they_were_added_and_in_order(book: Gradebook) -> None:
    given = [
        attempt(student="zoë", record={"checks": [{"points": 1.5, "message": "sí ✓\n"}], "n": None}),
        attempt(submitted=None, seed=None, verdict="unknown", points=0.0),
        attempt(student="ben", seed=2**63 - 1, points=0.1 + 0.2, folder=""),
    ]
    numbers = [book.add(one) for one in given]
    assert numbers == sorted(set(numbers))
    expected = [replace(one, number=number) for one, number in zip(given, numbers)]
    assert book.attempts() == expected


def test_attempts_are_found_by_lab_and_student(book: Gradebook) -> None:
    for lab, student in (("lab1", "ana"), ("lab2", "ana"), ("lab2", "ben")):
        book.add(attempt(lab=lab, student=student))
    assert [one.student for one in book.attempts("lab2")] == ["ana", "ben"]
    assert [one.lab for one in book.attempts(student="ana")] == ["lab1", "lab2"]
    assert len(book.attempts("lab2", "ana")) == 1
    assert book.attempts("lab3") == []


def test_records_can_be_left_unread(book: Gradebook) -> None:
    book.add(attempt(record={"checks": [1]}))
    (bare,) = book.attempts(records=False)
    assert bare.record == {}
    assert bare.points == 8.0


@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    minutes=st.integers(-14 * 60, 14 * 60),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_times_keep_their_instant_in_any_zone(book: Gradebook, moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    number = book.add(attempt(submitted=there))
    found = next(one for one in reversed(book.attempts()) if one.number == number)
    assert found.submitted == there
    assert found.submitted.tzinfo is not None


def test_names_that_are_no_text_are_spelled_out(book: Gradebook) -> None:
    record = {"message": "broken \udcff and \x00"}
    book.add(attempt(name="caf\udce9.py", record=record))
    (found,) = book.attempts()
    assert found.name == "caf\\udce9.py"
    assert found.record == record


def test_adjustments_are_read_back_as_they_were_added_and_in_order(book: Gradebook) -> None:
    zone = timezone(timedelta(hours=-5))
    given = [adjustment(-2.5, reason="copied «§3»"), adjustment(1, at=NOON.astimezone(zone))]
    for one in (*given, adjustment(lab="lab3")):
        book.adjust(one)
    assert book.adjustments("lab2") == given


def test_what_is_graded_is_told_apart_by_lab_rubric_seed_and_verdict(book: Gradebook) -> None:
    rubric, other = "bb" * 32, "cc" * 32
    for student, changes in {
        "counts": {},
        "refused": {"verdict": "refused"},
        "untold": {"verdict": "unknown"},
        "public": {"seed": None},
        "other seed": {"seed": 8},
        "other rubric": {"rubric_sha256": other},
        "other lab": {"lab": "lab3"},
    }.items():
        book.add(attempt(student=student, **changes))

    def verdicts(*wanted: object) -> dict[str, list[str]]:
        found = book.gradings(*wanted)  # type: ignore[arg-type]
        assert {sha256 for _student, sha256 in found} == {"aa" * 32}
        return {student: said for (student, _sha256), said in found.items()}

    counts = {"counts": ["graded"], "refused": ["refused"], "untold": ["unknown"]}
    assert verdicts("lab2", rubric, 7) == counts
    assert verdicts("lab2", rubric, None) == {"public": ["graded"]}
    assert verdicts("lab2", rubric, 8) == {"other seed": ["graded"]}
    assert verdicts("lab2", other, 7) == {"other rubric": ["graded"]}
    assert verdicts("lab3", rubric, 7) == {"other lab": ["graded"]}
    assert book.gradings("lab2", other, None) == {}


def test_threads_share_one_gradebook(book: Gradebook) -> None:
    threads = [
        threading.Thread(target=lambda: [book.add(attempt()) for _ in range(10)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.number for one in book.attempts()}) == 40


@POSIX
def test_a_killed_writer_leaves_every_attempt_it_reported(file: Path) -> None:
    process = writer(file, "while True: print(book.add(attempt(record={'x': 'y' * 9000})), flush=True)")
    assert process.stdout is not None
    reported = [int(process.stdout.readline()) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    reported += [int(line) for line in process.stdout.read().splitlines(keepends=True) if "\n" in line]
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    found = reopened(file)
    assert {one.number for one in found} >= set(reported)
    assert all(one.record == {"x": "y" * 9000} for one in found)
    assert is_whole(file)


def test_two_writers_of_a_new_file_lose_nothing(file: Path) -> None:
    program = "for _ in range(50): book.add(attempt(student=sys.argv[2]))"
    processes = [writer(file, program, name) for name in ("ana", "ben")]
    assert [process.wait() for process in processes] == [0, 0]
    for process in processes:
        process.communicate()
    students = [one.student for one in reopened(file)]
    assert (students.count("ana"), students.count("ben")) == (50, 50)


def test_many_may_make_the_same_gradebook_at_once(tmp_path: Path) -> None:
    for number in range(5):
        file, lost = tmp_path / f"{number}.db", []
        barrier = threading.Barrier(4)

        def make(file: Path = file, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                book = Gradebook(file_url(file))
                book.add(attempt())
                book.close()
            except StorageError as error:
                lost.append(error)  # noqa: B023

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not lost
        assert len(reopened(file)) == 4


@POSIX
def test_no_room_is_said_and_what_was_there_stays(file: Path) -> None:
    book = Gradebook(file_url(file))
    book.add(attempt())
    book.close()
    program = """
        import resource
        from labkit.errors import StorageError
        room = Path(sys.argv[1]).stat().st_size + 100_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        while True:
            try:
                print(book.add(attempt(record={"x": "y" * 20_000})))
            except StorageError as error:
                print(error.happened)
                break
        print(len(book.attempts()))
    """
    process = writer(file, program)
    said, _nothing = process.communicate()
    *written, happened, left = said.splitlines()
    assert process.returncode == 0
    assert happened.startswith("The gradebook could not be used: ")
    assert 0 < len(written) == int(left) - 1
    assert [one.number for one in reopened(file)] == [1, *map(int, written)]
    assert is_whole(file)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no tmpfs can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_what_was_written_stays_and_more_room_lets_it_go_on(small_disk: Path) -> None:
    file, ballast = small_disk / "gradebook.db", small_disk / "ballast"
    ballast.write_bytes(bytes(100_000))
    book = Gradebook(file_url(file))
    written: list[int] = []
    endless = (book.add(attempt(record={"x": "y" * 5_000})) for _ in itertools.count())
    with pytest.raises(StorageError, match="full"):
        written.extend(endless)
    assert [one.number for one in book.attempts()] == written
    ballast.unlink()
    assert book.add(attempt()) > written[-1]
    book.close()
    assert is_whole(file)


def test_a_disk_that_was_full_from_the_start_is_said(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (small_disk / "ballast").write_bytes(bytes(300_000))
    with pytest.raises(StorageError):
        Gradebook(file_url(small_disk / "gradebook.db"))


def test_a_gradebook_that_may_only_be_read_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "plain.db"
    book = Gradebook(file_url(file))
    number = book.add(attempt())
    book.close()
    book = Gradebook(f"sqlite:///file:{file.as_posix()}?mode=ro&uri=true")
    assert [one.number for one in book.attempts()] == [number]
    with pytest.raises(StorageError, match="readonly"):
        book.add(attempt())
    with pytest.raises(StorageError, match="readonly"):
        book.adjust(adjustment())
    book.close()


def test_a_file_that_is_no_database_is_left_as_it_is(file: Path) -> None:
    file.write_text("student,points\nana,10\n" * 100)
    before = file.read_bytes()
    with pytest.raises(StorageError, match="not a database"):
        Gradebook(file_url(file))
    assert file.read_bytes() == before


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="unable to open"):
        Gradebook(file_url(tmp_path))


def test_a_newer_gradebook_is_refused_and_left_as_it_is(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.executescript("CREATE TABLE labkit (schema INTEGER); INSERT INTO labkit VALUES (99);")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StorageError, match="newer version"):
        Gradebook(file_url(file))
    assert file.read_bytes() == before


def test_tables_that_were_half_made_are_made_whole(file: Path) -> None:
    Gradebook(file_url(file)).close()
    connection = sqlite3.connect(file)
    connection.executescript("DROP TABLE adjustments; DELETE FROM labkit;")
    connection.close()
    book = Gradebook(file_url(file))
    book.adjust(adjustment())
    assert len(book.adjustments("lab2")) == 1
    book.close()


@pytest.mark.parametrize(
    "url",
    [
        "gradebook.db",
        "prof:s3cret@host",
        "s3cret@host",
        "oracel://prof:s3cret@host/x",
        "postgresql+nothing://prof:s3cret@host/x",
        "postgresql://prof:s3cret@host:port/x",
        "postgresql://prof:a@s3cret@host/x",
        "postgresql:/prof:s3cret@host/x",
        "postgresql+nothing://host/x?user=prof&password=s3cret",
    ],
)
def test_a_url_that_cannot_be_used_is_said_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Gradebook(url)
    assert "s3cret" not in str(caught.value)
    assert "sqlite:///gradebook.db" in str(caught.value)


def test_a_server_that_cannot_be_reached_is_said_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StorageError, match="could not be used") as caught:
        Gradebook("postgresql+psycopg://prof:s3cret@127.0.0.1:1/x")
    assert "s3cret" not in str(caught.value)


def test_a_mistyped_url_is_shown_where_it_holds_no_secret() -> None:
    with pytest.raises(UsageError, match=r"^gradebook\.db cannot be opened"):
        Gradebook("gradebook.db")


def test_what_is_in_the_file_is_plain_enough_for_other_programs(file: Path) -> None:
    book = Gradebook(file_url(file))
    book.add(attempt(record={"points": 8}))
    book.close()
    connection = sqlite3.connect(file)
    (row,) = connection.execute("SELECT student, submitted, record FROM attempts")
    connection.close()
    assert row[:2] == ("ana", "2026-06-10T12:00:00.000000+00:00")
    assert json.loads(row[2]) == {"points": 8}
