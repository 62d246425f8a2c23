"""Claims: nothing is graded twice, and what nobody is at any more is taken over."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from classes import attempt

from labkit.grading.gradebook.claims import Claims
from labkit.grading.gradebook.store import Gradebook, file_url

RUBRIC, SHA = "bb" * 32, "aa" * 32
LONG_AGO = -1.0  # a lease that has run out when it begins


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    made = Gradebook(file_url(tmp_path / "gradebook.db"))
    yield made
    made.close()


def grader(book: Gradebook, lease: float = 60.0, lab: str = "lab2", seed: int | None = 7) -> Claims:
    """Claims of another grader, not entered: nobody renews them."""
    return Claims(book, lab, RUBRIC, seed, lease)


def test_what_one_holds_no_other_gets(book: Gradebook) -> None:
    ana, ben = grader(book), grader(book)
    assert ana.take("s1", SHA, 0) == "mine"
    assert ben.take("s1", SHA, 0) == "held"
    assert ben.take("s2", SHA, 0) == ben.take("s1", "cc" * 32, 0) == "mine"
    assert grader(book, lab="lab3").take("s1", SHA, 0) == "mine"
    assert ana.take("s1", SHA, 0) == "mine"


def test_what_is_given_back_may_be_taken(book: Gradebook) -> None:
    ana, ben = grader(book), grader(book)
    ana.take("s1", SHA, 0)
    ben.give_back("s1", SHA)  # not ben's
    assert ben.take("s1", SHA, 0) == "held"
    ana.give_back("s1", SHA)
    assert ben.take("s1", SHA, 0) == "mine"


def test_what_was_graded_meanwhile_is_done_for_everybody(book: Gradebook) -> None:
    ana, ben = grader(book), grader(book)
    ana.take("ana", SHA, 0)
    number = ana.add(attempt())
    assert [one.number for one in book.attempts()] == [number]
    assert ben.take("ana", SHA, 0) == ana.take("ana", SHA, 0) == "done"
    assert grader(book).take("ana", SHA, 1) == "mine"  # who knew of it wants it again


def test_another_seed_or_rubric_is_another_grading(book: Gradebook) -> None:
    ana = grader(book)
    ana.take("ana", SHA, 0)
    ana.add(attempt())
    assert grader(book, seed=None).take("ana", SHA, 0) == "mine"
    book.add(attempt(student="ben", rubric_sha256="cc" * 32))
    assert ana.take("ben", SHA, 0) == "mine"


def test_a_claim_that_ran_out_is_taken_over_and_its_late_attempt_is_not_written(
    book: Gradebook,
) -> None:
    late, ben = grader(book, LONG_AGO), grader(book)
    late.take("ana", SHA, 0)
    assert ben.take("ana", SHA, 0) == "mine"
    assert late.add(attempt(points=1.0)) is None
    assert ben.add(attempt(points=2.0)) is not None
    assert [one.points for one in book.attempts()] == [2.0]


def test_an_attempt_whose_answer_was_lost_on_the_way_is_not_written_twice(book: Gradebook) -> None:
    ana = grader(book)
    ana.take("ana", SHA, 0)
    number = ana.add(attempt())
    assert ana.add(attempt()) == number
    assert ana.add(attempt(folder="attempts/lab2/ana/2")) is None
    assert len(book.attempts()) == 1


def test_claims_are_renewed_while_their_grader_lives_and_given_back_when_it_leaves(
    book: Gradebook,
) -> None:
    other = grader(book)
    with Claims(book, "lab2", RUBRIC, 7, lease=0.4) as living:
        living.take("s1", SHA, 0)
        for _look in range(12):  # three leases long
            assert other.take("s1", SHA, 0) == "held"
            threading.Event().wait(0.1)
    assert other.take("s1", SHA, 0) == "mine"


def test_what_a_dead_process_of_this_machine_held_is_free_at_once(
    book: Gradebook, tmp_path: Path
) -> None:
    program = (
        "import sys, os\nfrom labkit.grading.gradebook.claims import Claims\n"
        "from labkit.grading.gradebook.store import Gradebook\n"
        f"claims = Claims(Gradebook(sys.argv[1]), 'lab2', '{RUBRIC}', 7)\n"
        f"print(claims.take('s1', '{SHA}', 0), flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    url = file_url(tmp_path / "gradebook.db")
    done = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, text=True, check=False
    )
    assert done.stdout == "mine\n", done.stderr
    assert grader(book).take("s1", SHA, 0) == "mine"


def test_of_many_who_want_the_same_at_once_one_gets_it(book: Gradebook) -> None:
    graders = [grader(book) for _ in range(8)]
    barrier, got = threading.Barrier(8), []

    def rush(one: Claims) -> None:
        barrier.wait()
        got.append([one.take(f"s{number}", SHA, 0) for number in range(20)])

    threads = [threading.Thread(target=rush, args=(one,)) for one in graders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answers in zip(*got):
        assert sorted(answers) == ["held"] * 7 + ["mine"]
