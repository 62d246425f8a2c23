"""``labkit grade`` on a class: real submissions, real processes, real kills."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.root import root
from labkit.rubric import find
from labkit.sandbox.protections import survey
from tests.submissions import HONEST, HONEST_POINTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(survey().walls == "none", reason="no walls hold on this machine"),
    pytest.mark.xdist_group("class"),
]

Grade = Callable[..., "subprocess.CompletedProcess[str]"]


def command(folder: Path, *options: str) -> list[str]:
    given = [str(folder / "submissions"), "--into", str(folder / "class"), *options]
    return [sys.executable, "-m", "labkit", "grade", "lab2", *given]


@pytest.fixture
def grade(tmp_path: Path) -> Grade:
    """Run the command on ``tmp_path/submissions``."""

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(tmp_path, *options), cwd=root(), capture_output=True, text=True, check=False
        )

    return run


def hand_in(folder: Path, **sources: str) -> None:
    place = folder / "submissions"
    place.mkdir(exist_ok=True)
    for name, source in sources.items():
        (place / f"{name}.py").write_text(source, encoding="utf-8")


def attempts(folder: Path) -> list[Attempt]:
    book = Gradebook(file_url(folder / "class" / "gradebook.db"))
    found = book.attempts("lab2")
    book.close()
    return found


def worth(folder: Path) -> dict[str, tuple[str, float]]:
    return {attempt.student: (attempt.verdict, attempt.points) for attempt in attempts(folder)}


STARTER = find.starter(find.lab("lab2")).read_text(encoding="utf-8")
OTHER = HONEST.replace("epochs=1", "epochs=2")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a class of three that has been graded."""
    folder = tmp_path_factory.mktemp("graded")
    hand_in(folder, ana=HONEST, bea=STARTER, carla="def define(:\n")
    first = subprocess.run(command(folder), cwd=root(), capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stdout + first.stderr
    return folder


@pytest.fixture
def copied(graded: Path, tmp_path: Path) -> Path:
    """A copy of that class, to go on with."""
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_everybody_has_a_grade_a_report_and_a_place_on_the_page(graded: Path) -> None:
    assert worth(graded) == {
        "ana": ("graded", HONEST_POINTS),
        "bea": ("graded", 0.0),
        "carla": ("refused", 0.0),
    }
    page = (graded / "class" / "lab2.html").read_text(encoding="utf-8")
    for attempt in attempts(graded):
        assert (graded / "class" / attempt.folder / "report.html").is_file()
        assert f"{attempt.folder}/report.html" in page


def test_the_secret_seed_is_in_nothing_that_is_handed_back_or_seen_by_a_student(
    graded: Path,
) -> None:
    attempt = attempts(graded)[0]
    assert attempt.seed is not None
    place = graded / "class" / attempt.folder
    seen = [place / "report.html", place / "grade.json", graded / "class" / "lab2.html"]
    for path in [*seen, *place.rglob("job.json")]:
        assert str(attempt.seed) not in path.read_text(encoding="utf-8")


def test_only_what_is_new_is_graded_and_what_is_old_is_kept(copied: Path, grade: Grade) -> None:
    assert "Handed in: 3, to grade: 0" in grade().stdout
    ana = next(one for one in attempts(copied) if one.student == "ana")
    model = copied / "class" / ana.folder / "evidence" / "main" / "model.h5"
    shutil.copyfile(model, copied / "submissions" / "dora.h5")
    hand_in(copied, bea=HONEST)
    grade()
    before, new = attempts(copied)[:3], attempts(copied)[3:]
    assert {one.student for one in before} == {"ana", "bea", "carla"}
    found = {one.student: one for one in new}
    assert set(found) == {"bea", "dora"}
    assert found["bea"].points == HONEST_POINTS
    checks = found["dora"].record["checks"]  # a model alone earns what it can show
    shown = {check["name"] for check in checks if check["status"] == "passed"}
    assert shown == {"export", "softmax_head", "loss", "scaling"}


def test_a_full_gradebook_says_so_and_keeps_what_it_has(copied: Path, grade: Grade) -> None:
    hand_in(copied, bea="def define(:\n")
    with sqlite3.connect(copied / "class" / "gradebook.db") as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON attempts BEGIN "
            "SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    before, done = worth(copied), grade()
    assert done.returncode == 3
    assert "disk is full" in done.stderr
    assert worth(copied) == before


@pytest.mark.long
def test_order_and_workers_change_no_grade(grade: Grade, tmp_path: Path) -> None:
    hand_in(tmp_path, ana=HONEST, bea=STARTER, zoe=OTHER)
    assert grade("--workers", "2").returncode == 0
    before = {one.student: one.record["checks"] for one in attempts(tmp_path)}
    (tmp_path / "submissions" / "zoe.py").rename(tmp_path / "submissions" / "aaa.py")
    assert grade("--workers", "1", "--regrade").returncode == 0
    after = {one.student: one.record["checks"] for one in attempts(tmp_path)[3:]}
    after["zoe"] = after.pop("aaa")
    assert after == before


@pytest.mark.long
def test_a_grader_that_is_killed_loses_nothing_and_is_resumed(grade: Grade, tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(5)]
    hand_in(tmp_path, **dict.fromkeys(names, HONEST))
    running = subprocess.Popen(command(tmp_path), cwd=root(), stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    told = []
    for line in running.stdout:
        if "graded" in line:
            told.append(line.split()[1])
        if len(told) == 2:
            break
    running.kill()
    running.stdout.close()
    running.wait()
    assert set(told) <= set(worth(tmp_path))
    assert grade().returncode == 0
    assert worth(tmp_path) == dict.fromkeys(names, ("graded", HONEST_POINTS))
    assert len(attempts(tmp_path)) == len(names)
    assert not list((tmp_path / "class").glob(".data-*"))
    assert not _processes_in(tmp_path)


def test_ctrl_c_ends_cleanly_and_is_no_verdict(grade: Grade, tmp_path: Path) -> None:
    hand_in(tmp_path, ana=HONEST, bea="import time\ntime.sleep(600)\n" + HONEST)
    running = subprocess.Popen(
        command(tmp_path), cwd=root(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    while "graded" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _out, complaints = running.communicate(timeout=60)
    assert running.returncode == 130, complaints
    assert "Traceback" not in complaints
    assert worth(tmp_path) == {"ana": ("graded", HONEST_POINTS)}
    assert not list((tmp_path / "class").glob(".data-*"))
    assert not _processes_in(tmp_path)


@pytest.mark.long
def test_two_graders_at_once_lose_nothing(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(4)]
    hand_in(tmp_path, **dict.fromkeys(names, HONEST))
    both = [
        subprocess.Popen(command(tmp_path, "--workers", "1"), cwd=root(), stdout=subprocess.DEVNULL)
        for _grader in range(2)
    ]
    assert [grader.wait() for grader in both] == [0, 0]
    assert worth(tmp_path) == dict.fromkeys(names, ("graded", HONEST_POINTS))
    assert len(attempts(tmp_path)) == len(names)


@pytest.mark.long
def test_a_lost_server_is_started_again_and_costs_nobody_points(grade: Grade, tmp_path: Path) -> None:
    hand_in(tmp_path, ana=HONEST, bea=OTHER)
    running = subprocess.Popen(command(tmp_path), cwd=root(), stdout=subprocess.DEVNULL)
    evidence = tmp_path / "class" / "attempts" / "lab2" / "ana" / "1" / "evidence" / "main"
    while not (evidence / "log.txt").exists():
        assert running.poll() is None
        time.sleep(0.02)
    server = next(pid for pid in _children(running.pid) if "forkserver" in _line(pid))
    os.kill(server, signal.SIGKILL)
    assert running.wait() == 0
    assert worth(tmp_path)["ana"] == ("graded", HONEST_POINTS)
    assert worth(tmp_path)["bea"][0] == "graded"


def _children(pid: int) -> list[int]:
    from labkit.sandbox.processes import descendants

    return descendants(pid)


def _line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def _processes_in(folder: Path) -> list[str]:
    """Command lines that name the folder."""
    listed = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(folder) in line]
