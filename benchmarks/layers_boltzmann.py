"""A restricted Boltzmann machine (784 visible, 128 hidden units) against scikit-learn's BernoulliRBM.

    python benchmarks/layers_boltzmann.py [rows]

Both learn one epoch of binarized MNIST digits by persistent contrastive divergence, with the same
learning rate and batch (10 is scikit-learn's own), in turn, several times. Medians of the times and of
their ratios are printed, and the mean pseudo-likelihood of digits neither has seen, judged by flipping
the same pixels. scikit-learn gets float64, which it makes of whole numbers, and float32, its faster
type, each on one thread and on all. Then follows what ten times the units and the samples cost, memory
too, for it and for the general machine, of which there is no peer to install.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from sklearn.neural_network import BernoulliRBM
from threadpoolctl import threadpool_limits

from labkit import data
from labkit.layers.boltzmann import BoltzmannMachine, RestrictedBoltzmannMachine

ROUNDS = 3
HIDDEN = 128
RATES = {10: 0.01, 100: 0.05}  # batch size: learning rate
PEERS = tuple((dtype, threads) for dtype in ("float64", "float32") for threads in (1, None))
GROWTH = ((6_000, 128), (60_000, 128), (6_000, 1_280))  # rows, hidden units
GENERAL = ((100, 8), (1_000, 8), (100, 16), (100, 18), (1_000, 18), (100, 180))  # rows, units


def digits(part: str, rows: int) -> np.ndarray:
    images = np.asarray(getattr(data.load("mnist"), part)[:rows])
    return (images > 127).reshape(len(images), -1)


def seconds(action: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def own(x: np.ndarray, batch: int, hidden: int = HIDDEN) -> tuple[Any, float]:
    machine = RestrictedBoltzmannMachine(hidden, learning_rate=RATES[batch], seed=0)
    return machine, seconds(lambda: machine.adapt(x, epochs=1, batch_size=batch))


def peer(
    x: np.ndarray, batch: int, dtype: str, threads: int | None, hidden: int = HIDDEN
) -> tuple[Any, float]:
    rate = RATES[batch]
    machine = BernoulliRBM(hidden, learning_rate=rate, batch_size=batch, n_iter=1, random_state=0)
    x = x.astype(dtype)
    with threadpool_limits(threads):
        return machine, seconds(lambda: machine.fit(x))


def compare(rows: int, batch: int) -> None:
    x, unseen = digits("x_train", rows), digits("x_test", 10_000)
    first = own(x, batch)[1]
    mine, theirs = [], {which: [] for which in PEERS}
    for _round in range(ROUNDS):
        machine, took = own(x, batch)
        mine.append(took)
        for which in PEERS:
            rival, took = peer(x, batch, *which)
            theirs[which].append(took)
    print(f"{rows} digits, batch {batch}, one epoch: labkit {statistics.median(mine):.2f} s ", end="")
    print(f"(first time {first:.2f} s)")
    for (dtype, threads), times in theirs.items():
        ratio = statistics.median(other / each for other, each in zip(times, mine))
        cores = "one thread " if threads else "all threads"
        middle = statistics.median(times)
        print(f"  scikit-learn {dtype}, {cores} {middle:6.2f} s: {ratio:5.1f} times as fast")
    quality = machine.pseudo_likelihood(unseen, seed=0).mean()
    rivals = rival.score_samples(unseen.astype("float32")).mean()
    print(f"  pseudo-likelihood of unseen digits: labkit {quality:.1f}, scikit-learn {rivals:.1f}")


def grow(which: str, rows: int, units: int) -> None:
    """One case, in a process of its own so that its memory is its own; the first run compiles."""
    if which == "general":
        x = np.random.default_rng(0).integers(0, 2, (rows, units))
        machine = BoltzmannMachine(seed=0)
        work = lambda: machine.adapt(x, epochs=10)  # noqa: E731
    else:
        x = digits("x_train", rows)
        last = (1, units) if which == "scikit-learn" else (units,)
        run: Any = peer if which == "scikit-learn" else own
        work = lambda: run(x, 100, *(("float32",) if run is peer else ()), *last)  # noqa: E731
    work()
    memory, took = peak(lambda: seconds(work))
    what = "units, 10 epochs" if which == "general" else "hidden units, one epoch"
    print(f"  {which:<12} {rows:6d} rows, {units:5d} {what:<24} {took:7.2f} s, {memory}", flush=True)


def peak(action: Callable[[], float]) -> tuple[str, float]:
    """The most memory held at once beyond what was held before, where Linux tells."""
    status, clear = Path("/proc/self/status"), Path("/proc/self/clear_refs")

    def megabytes(name: str) -> float:
        line = next(line for line in status.read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) / 1024

    if not clear.exists():
        return "memory unknown", action()
    clear.write_text("5")
    before = megabytes("VmRSS")
    took = action()
    return f"{megabytes('VmHWM') - before:5.0f} MB more", took


def main() -> None:
    if len(sys.argv) == 4:
        grow(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    for batch in RATES:
        compare(rows, batch)
    print("Growth", flush=True)
    cases = [(which, *case) for case in GROWTH for which in ("labkit", "scikit-learn")]
    for each in cases + [("general", *case) for case in GENERAL]:
        subprocess.run([sys.executable, __file__, *map(str, each)], check=True)


if __name__ == "__main__":
    main()
