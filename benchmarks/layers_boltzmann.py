"""A restricted Boltzmann machine (784 visible, 128 hidden units) against scikit-learn's BernoulliRBM.

    python benchmarks/layers_boltzmann.py [rows]

Both learn one epoch of binarized MNIST digits by persistent contrastive divergence, with the same
learning rate and batch (10 is scikit-learn's own), in turn, several times. Medians of the times and of
their ratios are printed, and the mean pseudo-likelihood of digits neither has seen, judged by flipping
ten pixels of each, the same for all. scikit-learn gets float64, which it makes of whole numbers, and
float32, its faster type, each on one thread or on all, whichever was faster on a part of the data. Then
follows what ten times the units and the samples cost, memory too, for it and for the general machine,
of which there is no peer to install.
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
DTYPES = ("float64", "float32")
GROWTH = ((6_000, 128), (60_000, 128), (6_000, 1_280))  # rows, hidden units
GENERAL = ((100, 8), (1_000, 8), (100, 16), (100, 18), (1_000, 18), (100, 180))  # rows, units


def digits(part: str, rows: int) -> np.ndarray:
    images = np.asarray(getattr(data.load("mnist"), part)[:rows])
    return (images > 127).reshape(len(images), -1)


def seconds(action: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def own(x: np.ndarray, batch: int, hidden: int = HIDDEN, seed: int = 0) -> tuple[Any, float]:
    machine = RestrictedBoltzmannMachine(hidden, learning_rate=RATES[batch], seed=seed)
    return machine, seconds(lambda: machine.adapt(x, epochs=1, batch_size=batch))


def peer(
    x: np.ndarray, batch: int, dtype: str, threads: int | None, hidden: int = HIDDEN, seed: int = 0
) -> tuple[Any, float]:
    machine = BernoulliRBM(
        hidden, learning_rate=RATES[batch], batch_size=batch, n_iter=1, random_state=seed
    )
    x = x.astype(dtype)
    with threadpool_limits(threads):
        return machine, seconds(lambda: machine.fit(x))


def quicker(x: np.ndarray, batch: int, dtype: str) -> int | None:
    """How many threads scikit-learn had better use: one or all."""
    return min((1, None), key=lambda threads: peer(x, batch, dtype, threads)[1])


def quality(machine: Any, unseen: np.ndarray) -> float:
    """Mean pseudo-likelihood; both kinds of machine are asked in the same way."""
    if isinstance(machine, BernoulliRBM):
        found, machine = machine, RestrictedBoltzmannMachine(HIDDEN)
        machine.build(unseen.shape)
        machine.kernel.assign(found.components_.T)
        machine.visible_bias.assign(found.intercept_visible_)
        machine.hidden_bias.assign(found.intercept_hidden_)
    return np.mean([machine.pseudo_likelihood(unseen, seed=seed) for seed in range(10)])


def compare(rows: int, batch: int) -> None:
    x, unseen = digits("x_train", rows), digits("x_test", 10_000)
    first = own(x, batch)[1]
    threads = {dtype: quicker(x[:2_000], batch, dtype) for dtype in DTYPES}
    mine, theirs = [], {dtype: [] for dtype in DTYPES}
    machines, rivals = [], []
    for seed in range(ROUNDS):
        machine, took = own(x, batch, seed=seed)
        mine.append(took)
        machines.append(quality(machine, unseen))
        for dtype in DTYPES:
            rival, took = peer(x, batch, dtype, threads[dtype], seed=seed)
            theirs[dtype].append(took)
        rivals.append(quality(rival, unseen))
    print(f"{rows} digits, batch {batch}, one epoch: labkit {statistics.median(mine):.2f} s ", end="")
    print(f"(first time {first:.2f} s)")
    for dtype, times in theirs.items():
        ratio = statistics.median(other / each for other, each in zip(times, mine))
        cores = "one thread " if threads[dtype] else "all threads"
        middle = statistics.median(times)
        print(f"  scikit-learn {dtype}, {cores} {middle:6.2f} s: {ratio:5.1f} times as fast")
    for name, found in (("labkit", machines), ("scikit-learn", rivals)):
        each = ", ".join(f"{one:.1f}" for one in found)
        print(
            f"  pseudo-likelihood of unseen digits, {name:<12} {np.mean(found):.1f} ({each})",
            flush=True,
        )


def grow(which: str, rows: int, units: int) -> None:
    """One case, in a process of its own so that its memory is its own; the first run compiles."""
    if which == "general":
        x = np.random.default_rng(0).integers(0, 2, (rows, units))
        machine = BoltzmannMachine(seed=0)
        work = lambda: machine.adapt(x, epochs=10)  # noqa: E731
    else:
        x = digits("x_train", rows)
        rival = lambda: peer(x, 100, "float32", 1, units)  # noqa: E731
        work = rival if which == "scikit-learn" else lambda: own(x, 100, units)
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
