"""A class on a real cluster: the same grades, once each, whatever dies meanwhile."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from dask_of_tests import Dask, Postgres, dask_cluster, until

from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.store import Gradebook, file_url
from labkit.root import root
from labkit.rubric import find
from labkit.sandbox.protections import survey

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(survey().walls == "none", reason="no walls hold on this machine"),
    pytest.mark.xdist_group("cluster"),
]

SOLUTION = find.solution(find.lab("lab10")).read_text(encoding="utf-8")
STARTER = find.starter(find.lab("lab10")).read_text(encoding="utf-8")
BROKEN = "def neuron(:\n"
SLOW = f"import time\ntime.sleep(2)\n{SOLUTION}"


def command(folder: Path, *options: str, into: str = "class") -> list[str]:
    given = [str(folder / "submissions"), "--into", str(folder / into), *options]
    return [sys.executable, "-m", "labkit", "--lang", "en", "grade", "lab10", *given]


def start(folder: Path, *options: str, into: str = "class") -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(folder, *options, into=into),
        cwd=root(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def ended(process: subprocess.Popen[str]) -> str:
    said, _nothing = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def graded_first(process: subprocess.Popen[str], count: int) -> list[str]:
    """The students whose grades have been told, after so many."""
    assert process.stdout is not None
    told: list[str] = []
    for line in process.stdout:
        if found := re.match(r"\d+/\d+ (\w+) ", line):
            told.append(found[1])
        if len(told) == count:
            return told
    raise AssertionError("it ended before")


def hand_in(folder: Path, count: int, source: str = SOLUTION) -> list[str]:
    place = folder / "submissions"
    place.mkdir()
    names = [f"s{number:03d}" for number in range(count)]
    for name in names:
        (place / f"{name}.py").write_text(f"# {name}\n{source}", encoding="utf-8")
    return names


def attempts(folder: Path, url: str = "") -> list[Attempt]:
    book = Gradebook(url or file_url(folder / "class" / "gradebook.db"))
    found = book.attempts("lab10")
    book.close()
    return found


def each_once(found: list[Attempt], names: list[str]) -> None:
    assert Counter(one.student for one in found) == Counter(names)
    assert {(one.verdict, one.points) for one in found} == {("graded", 10.0)}


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with dask_cluster(tmp_path_factory.mktemp("dask")) as made:
        made.worker("one")
        made.worker("two")
        yield made


@pytest.fixture
def pair(dask: Dask) -> Dask:
    """The cluster, with two living workers."""
    for name, worker in list(dask.workers.items()):
        if worker.poll() is not None:
            del dask.workers[name]
            dask.worker(f"{name}-again")
    return dask


def test_two_workers_give_exactly_the_grades_of_one_process(pair: Dask, tmp_path: Path) -> None:
    place = tmp_path / "submissions"
    place.mkdir()
    kinds = [SOLUTION, STARTER, BROKEN, SOLUTION.replace("return", "return -1 *", 1)]
    for number in range(200):
        name = f"s{number:03d}"
        source = kinds[0] if number % 20 == 0 else kinds[1 + number % 3]
        (place / f"{name}.py").write_text(f"# {name}\n{source}", encoding="utf-8")
    (place / "folder").mkdir()
    (place / "folder" / "neuron.py").write_text(SOLUTION, encoding="utf-8")
    (place / "link.py").symlink_to("/etc/passwd")
    there = start(tmp_path, "--cluster", pair.address, "--public")
    said = ended(there)
    assert "Dask's own view of it" in said
    here = start(tmp_path, "--public", into="here")
    ended(here)
    results = {}
    for into in ("class", "here"):
        book = Gradebook(file_url(tmp_path / into / "gradebook.db"))
        found = book.attempts("lab10")
        book.close()
        results[into] = {
            one.student: (one.verdict, one.points, one.sha256, one.record["checks"]) for one in found
        }
        assert len(found) == len(results[into])
    assert results["class"] == results["here"]
    assert len({points for _verdict, points, *_rest in results["here"].values()}) > 2
    report = tmp_path / "class" / "attempts" / "lab10" / "s000" / "1"
    assert (report / "report.html").is_file()
    assert (report / "evidence" / "main" / "log.txt").is_file()
    assert (report / "submission").is_dir()


def test_a_worker_that_is_killed_costs_nobody_anything(pair: Dask, tmp_path: Path) -> None:
    names = hand_in(tmp_path, 8, SLOW)
    running = start(tmp_path, "--cluster", pair.address)
    graded_first(running, 1)
    killed = next(iter(pair.workers.values()))
    killed.send_signal(signal.SIGKILL)
    ended(running)
    each_once(attempts(tmp_path), names)


def test_a_coordinator_that_is_killed_is_resumed(pair: Dask, tmp_path: Path) -> None:
    names = hand_in(tmp_path, 8, SLOW)
    running = start(tmp_path, "--cluster", pair.address)
    told = graded_first(running, 2)
    running.kill()
    running.communicate()
    assert set(told) <= {one.student for one in attempts(tmp_path)}
    said = ended(start(tmp_path, "--cluster", pair.address))
    assert f"to grade: {len(names)}" not in said
    each_once(attempts(tmp_path), names)


def test_a_database_that_is_killed_and_comes_back_has_everything_once(
    pair: Dask, postgres: Postgres, tmp_path: Path
) -> None:
    names = hand_in(tmp_path, 10, SLOW)
    url = postgres.database("killed")
    running = start(tmp_path, "--cluster", pair.address, "--db", url)
    graded_first(running, 2)
    postgres.kill()
    postgres.start()
    ended(running)
    each_once(attempts(tmp_path, url), names)


def test_two_coordinators_share_the_work(pair: Dask, postgres: Postgres, tmp_path: Path) -> None:
    names = hand_in(tmp_path, 10, SLOW)
    url = postgres.database("shared")
    both = [
        start(tmp_path, "--cluster", pair.address, "--db", url),
        start(tmp_path, "--workers", "1", "--db", url),
    ]
    for process in both:
        assert f"{len(names)} graded" in ended(process)  # what the other one did counts as done
    each_once(attempts(tmp_path, url), names)


def test_what_kills_its_worker_three_times_is_set_apart_and_the_rest_goes_on(
    pair: Dask, tmp_path: Path
) -> None:
    names = hand_in(tmp_path, 4)
    # Without walls it reaches the warm process's parent, which is the worker.
    poison = (
        "import os\npid = int(open(f'/proc/{os.getppid()}/stat').read().split()[3])\nos.kill(pid, 9)\n"
    )
    (tmp_path / "submissions" / "s002.py").write_text(poison + SOLUTION, encoding="utf-8")
    running = start(tmp_path, "--cluster", "local:2", "--isolation", "none")
    said, _nothing = running.communicate(timeout=300)
    assert running.returncode == 7, said
    found = attempts(tmp_path)
    assert sorted(one.student for one in found) == names
    lost = next(one for one in found if one.student == "s002")
    assert lost.verdict == "unknown"
    assert "were lost" in lost.record["checks"][0]["message"]
    each_once([one for one in found if one is not lost], [name for name in names if name != "s002"])
    assert found[-1] is lost


def test_a_worker_that_stands_still_is_given_up(pair: Dask, tmp_path: Path) -> None:
    names = hand_in(tmp_path, 4, SLOW)
    running = start(tmp_path, "--cluster", pair.address)
    graded_first(running, 1)
    still = next(iter(pair.workers.values()))
    still.send_signal(signal.SIGSTOP)
    try:
        ended(running)
    finally:
        still.kill()
    each_once(attempts(tmp_path), names)


def test_a_worker_without_walls_takes_nothing_and_says_why(tmp_path: Path) -> None:
    names = hand_in(tmp_path, 2)
    with dask_cluster(tmp_path / "dask") as dask:
        dask.worker("open", LABKIT_FORK="0")
        refused = start(tmp_path, "--cluster", dask.address)
        said, _nothing = refused.communicate(timeout=120)
        assert refused.returncode == 7, said
        assert "takes no submissions: This machine cannot keep submissions apart" in said
        assert "No worker of the cluster may run submissions." in said
        assert attempts(tmp_path) == []
        dask.worker("walled")
        until(lambda: "Registered" in (dask.folder / "walled.log").read_text())
        said = ended(start(tmp_path, "--cluster", dask.address))
        assert "takes no submissions: This machine cannot keep" in said
    each_once(attempts(tmp_path), names)


def test_a_scheduler_that_is_killed_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    names = hand_in(tmp_path, 3, SLOW)
    with dask_cluster(tmp_path / "dask") as dask:
        dask.worker("one")
        running = start(tmp_path, "--cluster", dask.address)
        told = graded_first(running, 1)
        dask.scheduler.kill()
        said, _nothing = running.communicate(timeout=120)
    assert running.returncode == 7, said
    assert "The cluster's scheduler was lost." in said
    assert "Traceback" not in said
    assert told == [one.student for one in attempts(tmp_path)]
    ended(start(tmp_path))
    each_once(attempts(tmp_path), names)


def test_workers_may_come_later_and_files_by_a_shared_folder(tmp_path: Path) -> None:
    names = hand_in(tmp_path, 3)
    shared = tmp_path / "shared"
    with dask_cluster(tmp_path / "dask") as dask:
        url = f"file://{shared}"
        running = start(tmp_path, "--cluster", dask.address, "--shared", url)
        until(lambda: shared.is_dir() and len(list(shared.rglob("*"))) > len(names))
        dask.worker("late")
        ended(running)
    each_once(attempts(tmp_path), names)
    assert list(shared.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        (["--cluster", "local:none"], "is no address of a cluster", 2),
        (["--cluster", "http://nowhere"], "is no address of a cluster", 2),
        (["--cluster", "tcp://127.0.0.1:1"], "No Dask scheduler answers", 7),
        (["--cluster", "local:2", "--workers", "2"], "--workers is for this machine", 2),
        (["--shared", "file:///tmp"], "Give --cluster as well", 2),
    ],
)
def test_what_names_no_cluster_is_said(
    tmp_path: Path, options: list[str], said: str, code: int
) -> None:
    hand_in(tmp_path, 1)
    done = start(tmp_path, *options)
    answer, _nothing = done.communicate(timeout=120)
    assert (done.returncode, said in answer, "Traceback" in answer) == (code, True, False), answer
