"""Grading on a cluster: what a second worker brings, what Dask costs, and ten thousand submissions.

    python benchmarks/cluster.py [--submissions 24]
    python benchmarks/cluster.py --simulate 10000 [--workers 50]

The first grades the same class (lab 2, two epochs of a small network) three times in one run: on one
local Dask worker, on two, and with two places of one process without Dask.

The second has a scheduler and workers in a process of their own, whose grading is a wait of half a
second, and a coordinator that is the kit's own: it reads and packs submissions, claims, judges the
same evidence again and again (reports are left out: processes of their own draw them), and writes
attempts into a gradebook. It prints the coordinator's memory and processor time by the thousand.
"""

from __future__ import annotations

import argparse
import functools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grade import PROGRESS, STEPS, hand_in, memory_mb
from grade_nbgrader import start

THOUSAND = 1000
EPOCHS = STEPS.replace("epochs=5", "epochs=2")


def moments(folder: Path, into: str, *options: str) -> list[float]:
    """When each submission of the class was done."""
    command = [sys.executable, "-m", "labkit", "grade", "lab2", folder / "submissions"]
    process = start(
        [*command, "--into", folder / into, *options], env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout
    found, said = [], []
    for line in process.stdout:
        said.append(line)
        if PROGRESS.match(line):
            found.append(time.perf_counter())
    if process.wait():
        sys.exit(f"labkit grade failed:\n{''.join(said)[-4000:]}")
    return found


def compare(count: int, folder: Path) -> None:
    """Grade one class in three ways and print the rates once all are warm."""
    hand_in(count, EPOCHS, folder)
    each = {}
    for name, options in {
        "one Dask worker": ("--cluster", "local:1"),
        "two Dask workers": ("--cluster", "local:2"),
        "two places, no Dask": ("--workers", "2"),
    }.items():
        done = moments(folder, name.replace(" ", "-"), *options)
        warm = done[len(done) // 4 :]  # the first ones waited for processes to get going
        each[name] = (warm[-1] - warm[0]) / (len(warm) - 1)
        print(f"{name:<22}{60 / each[name]:8.1f} a minute {each[name]:8.2f} s each", flush=True)
    one, two, here = each.values()
    print(f"Two workers against one, for each of the two: {one / two / 2:.2f}")
    print(f"Two workers against two places of one process: {here / two:.2f}")
    print(f"Dask and packing: {1000 * (two - here):.0f} ms a submission")


def evidence(folder: Path) -> bytes:
    """What one real submission to lab 10 leaves behind, boxed."""
    from labkit.grading.cluster.packing import box
    from labkit.rubric import find

    (folder / "one").mkdir()
    source = find.solution(find.lab("lab10")).read_text(encoding="utf-8")
    (folder / "one" / "ana.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "labkit", "grade", "lab10", folder / "one", "--public"]
    subprocess.run([*command, "--into", folder / "sample"], check=True, stdout=subprocess.DEVNULL)
    return box(folder / "sample" / "attempts" / "lab10" / "ana" / "1")


def simulate(count: int, workers: int, folder: Path) -> None:
    """Coordinate a large class whose grading is a wait."""
    import cluster_workers

    from labkit.grading import batch
    from labkit.grading.cluster import coordinator
    from labkit.grading.gradebook.store import Gradebook, file_url
    from labkit.grading.people import identity
    from labkit.rubric import find

    lab, left = find.lab("lab10"), evidence(folder)
    coordinator.carry = functools.partial(cluster_workers.carry, left=left)  # type: ignore[assignment]
    hand_in(count, "def neuron(x, w, b):\n    return 0\n" * 20, folder)
    book = Gradebook(file_url(folder / "gradebook.db"))
    entries = identity.collect(folder / "submissions").entries
    todo = batch.waiting(lab, entries, book, None, regrade=False)
    print(f"{count} submissions, {len(left) / 1024:.0f} KB left by each, {workers} workers", flush=True)
    print("  done   seconds   processor ms each   memory, MB")
    with (
        simulated(workers) as address,
        coordinator.connected(address) as client,
        coordinator.cluster(client, lab, folder, None, "none", "", cluster_workers.record) as carrier,
    ):
        run = batch.ClassRun(lab, folder, book, carrier, None)
        begun, used, sizes = time.perf_counter(), time.process_time(), []
        for number, _attempt in enumerate(run.run(todo), 1):
            if number == 1:  # from here on processes are warm
                begun, used = time.perf_counter(), time.process_time()
            if number % THOUSAND and number != count:
                continue
            each = (time.process_time() - used) * 1000 / (number - 1)
            sizes.append(memory_mb(os.getpid()))
            seconds = time.perf_counter() - begun
            print(f"  {number:6}{seconds:8.0f}{each:18.2f}{sizes[-1]:14.0f}", flush=True)
    book.close()
    print(f"Memory from the first thousand to the last: {max(sizes) - sizes[0]:+.0f} MB at most")


@contextmanager
def simulated(workers: int) -> Iterator[str]:
    """A cluster of workers that wait, in a process of its own; yields the scheduler's address."""
    program = [sys.executable, str(Path(__file__).with_name("cluster_workers.py")), str(workers)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin and process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="labkit grade --cluster")
    parser.add_argument("--submissions", type=int, default=24)
    parser.add_argument("--simulate", type=int, metavar="N", help="coordinate N submissions that wait")
    parser.add_argument("--workers", type=int, default=50, help="of the simulation")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="labkit-cluster-", ignore_cleanup_errors=True) as name:
        if chosen.simulate:
            simulate(chosen.simulate, chosen.workers, Path(name))
        else:
            compare(chosen.submissions, Path(name))


if __name__ == "__main__":
    main()
