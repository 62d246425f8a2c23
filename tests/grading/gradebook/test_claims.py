"""Claims: nothing is graded twice, and what nobody is at any more is taken over."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from classes import attempt

from labkit.grading.gradebook import graders
from labkit.grading.gradebook.claims import Claims, Wanted
from labkit.grading.gradebook.records import Attempt
from labkit.grading.gradebook.store import Gradebook, file_url

RUBRIC, SHA = "bb" * 32, "aa" * 32
LONG_AGO = -1.0  # a lease that has run out when it begins


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    made = Gradebook(file_url(tmp_path / "gradebook.db"))
    yield made
    made.close()


class Grader(Claims):
    """Another grader, one submission at a time; not entered: nobody renews its claims."""

    def one(self, student: str, sha256: str = SHA, before: int = 0) -> str:
        (taken,) = self.take([Wanted(student, sha256, before)])
        return taken

    def write(self, attempt: Attempt) -> int | None:
        (number,) = self.add([attempt])
        return number


def grader(book: Gradebook, lease: float = 60.0, lab: str = "lab2", seed: int | None = 7) -> Grader:
    return Grader(book, lab, RUBRIC, seed, lease)


def test_what_one_holds_no_other_gets(book: Gradebook) -> None:
    ana, ben = grader(book), grader(book)
    assert ana.one("s1") == "mine"
    assert ben.one("s1") == "held"
    assert ben.one("s2") == ben.one("s1", "cc" * 32) == "mine"
    assert grader(book, lab="lab3").one("s1") == "mine"
    assert ana.one("s1") == "mine"


def test_claims_in_one_go_are_told_apart(book: Gradebook) -> None:
    ana, ben = grader(book), grader(book)
    ana.one("s1")
    ana.one("s2")
    ana.write(attempt(student="s2"))
    wanted = [Wanted(f"s{number}", SHA) for number in range(4)]
    assert ben.take(wanted) == ["mine", "held", "done", "mine"]
    assert ben.take([]) == ben.add([]) == []
    two = [attempt(student="s0"), attempt(student="s1"), attempt(student="s3")]
    assert [number is not None for number in ben.add(two)] == [True, False, True]
    assert [one.student for one in book.attempts()] == ["s2", "s0", "s3"]


def test_what_was_graded_meanwhile_is_done_for_everybody(book: Gradebook) -> None:
    ana, ben = grader(book), grader(book)
    ana.one("ana")
    number = ana.write(attempt())
    assert [one.number for one in book.attempts()] == [number]
    assert ben.one("ana") == ana.one("ana") == "done"
    assert grader(book).one("ana", SHA, 1) == "mine"  # who knew of it wants it again


def test_another_seed_or_rubric_is_another_grading(book: Gradebook) -> None:
    ana = grader(book)
    ana.one("ana")
    ana.write(attempt())
    assert grader(book, seed=None).one("ana") == "mine"
    book.add(attempt(student="ben", rubric_sha256="cc" * 32))
    assert ana.one("ben") == "mine"


def test_a_claim_that_ran_out_is_taken_over_and_its_late_attempt_is_not_written(
    book: Gradebook,
) -> None:
    late, ben = grader(book, LONG_AGO), grader(book)
    late.one("ana")
    assert ben.one("ana") == "mine"
    assert late.write(attempt(points=1.0)) is None
    assert ben.write(attempt(points=2.0)) is not None
    assert [one.points for one in book.attempts()] == [2.0]


def test_an_attempt_whose_answer_was_lost_on_the_way_is_not_written_twice(book: Gradebook) -> None:
    ana = grader(book)
    ana.one("ana")
    number = ana.write(attempt())
    assert ana.write(attempt()) == number
    assert ana.write(attempt(folder="attempts/lab2/ana/2")) is None
    assert len(book.attempts()) == 1


def test_claims_are_renewed_while_their_grader_lives_and_given_back_when_it_leaves(
    book: Gradebook,
) -> None:
    other = grader(book)
    with Claims(book, "lab2", RUBRIC, 7, lease=0.4) as living:
        living.take([Wanted("s1", SHA)])
        for _look in range(12):  # three leases long
            assert other.one("s1") == "held"
            threading.Event().wait(0.1)
    assert other.one("s1") == "mine"


def test_what_a_dead_process_of_this_machine_held_is_free_at_once(
    book: Gradebook, tmp_path: Path
) -> None:
    program = (
        "import sys, os\nfrom labkit.grading.gradebook.claims import Claims, Wanted\n"
        "from labkit.grading.gradebook.store import Gradebook\n"
        f"claims = Claims(Gradebook(sys.argv[1]), 'lab2', '{RUBRIC}', 7)\n"
        f"print(claims.take([Wanted('s1', '{SHA}')]), flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    url = file_url(tmp_path / "gradebook.db")
    done = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, text=True, check=False
    )
    assert done.stdout == "['mine']\n", done.stderr
    assert grader(book).one("s1") == "mine"


def test_of_many_who_want_the_same_at_once_one_gets_it(book: Gradebook) -> None:
    graders = [grader(book) for _ in range(8)]
    barrier, got = threading.Barrier(8), []

    def rush(one: Grader) -> None:
        barrier.wait()
        got.append([one.one(f"s{number}") for number in range(20)])

    threads = [threading.Thread(target=rush, args=(one,)) for one in graders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answers in zip(*got):
        assert sorted(answers) == ["held"] * 7 + ["mine"]


def test_whoever_writes_keeps_others_out_from_the_look_to_the_end(
    book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, other = grader(book, LONG_AGO), Gradebook(file_url(tmp_path / "gradebook.db"))
    ana.one("ana")
    looks, taken = Claims._mine, []

    def and_meanwhile(self: Claims, *arguments: object) -> object:
        found = looks(self, *arguments)  # type: ignore[arg-type]
        if self is ana:
            taking.start()
            taking.join(0.5)  # it waits for the writer, which waits no longer than this for it
        return found

    taking = threading.Thread(target=lambda: taken.append(grader(other).one("ana")))
    monkeypatch.setattr(Claims, "_mine", and_meanwhile)
    assert ana.write(attempt(student="ana")) is not None
    taking.join()
    other.close()
    assert taken == ["done"]


def test_a_dead_process_is_one_of_this_machine_and_this_numbering_of_processes() -> None:
    program = "from labkit.grading.gradebook.graders import new_name; print(new_name())"
    ended = subprocess.run(
        [sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, text=True
    )
    name = ended.stdout.strip()
    machine, numbering, pid, token = name.rsplit(":", 3)
    assert graders.has_died(name)
    assert not graders.has_died(graders.new_name())
    assert not graders.has_died(f"{machine}-2:{numbering}:{pid}:{token}")
    assert not graders.has_died(f"{machine}:{int(numbering) + 1}:{pid}:{token}")
    assert not graders.has_died("")
