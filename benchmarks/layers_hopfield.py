"""The Hopfield network against the package `hopfieldnetwork`: recall of noisy probes.

    python benchmarks/layers_hopfield.py [memory recall growth]

Both have the same couplings and get the same probes; what they recall is compared with the patterns,
so neither is faster by being worse. Each pair runs in turn, several times; the median of the times and
of their ratios is printed. The package recalls one probe at a time: where that takes long it gets the
first few, and its time is taken times their share. Needs pip install hopfieldnetwork.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from labkit.layers.hopfield import Hopfield

ROUNDS = 5
MODES: dict[Any, str] = {"asynchronous": "async", "synchronous": "sync"}


@dataclass(frozen=True)
class Work:
    """Recall `probes` noisy patterns out of `patterns`; the package gets the first `share` of them."""

    title: str
    neurons: int
    patterns: int
    probes: int
    share: float = 1.0


RECALL = (
    Work("256 probes, N = 1,000", 1000, 80, 256),
    Work("the same, close to capacity", 1000, 130, 256),
)
GROWTH = (
    Work("2,560 probes, N = 1,000", 1000, 80, 2560, 0.1),
    Work("256 probes, N = 10,000", 10_000, 800, 256, 4 / 256),
)


def data_of(work: Work) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Patterns, probes with a tenth of their bits inverted, and what each is a probe of."""
    generator = np.random.default_rng(0)
    patterns = generator.choice(np.array([-1, 1], "int8"), (work.patterns, work.neurons))
    wanted = patterns[generator.integers(0, work.patterns, work.probes)]
    wrong = generator.random(wanted.shape, "float32") < 0.1
    return patterns, np.where(wrong, -wanted, wanted), wanted


def labkit(patterns: np.ndarray, mode: Any) -> Callable[[np.ndarray], np.ndarray]:
    layer = Hopfield(mode=mode)
    layer.adapt(patterns)
    return lambda probes: np.array(layer(probes))


def hopfieldnetwork(patterns: np.ndarray, mode: Any) -> Callable[[np.ndarray], np.ndarray]:
    """With couplings computed here: its own way of storing takes minutes at N = 10,000."""
    from hopfieldnetwork import HopfieldNetwork

    network = HopfieldNetwork(patterns.shape[1])
    network.w = patterns.T.astype("float32") @ patterns.astype("float64")
    network.w /= network.N
    np.fill_diagonal(network.w, 0)
    np.random.seed(0)

    def recall(probes: np.ndarray) -> np.ndarray:
        found = []
        for probe in probes:
            network.set_initial_neurons_state(probe.copy())
            network.update_neurons(0, MODES[mode], run_max=True)
            found.append(network.S)
        return np.stack(found)

    return recall


CONTENDERS = {"labkit": labkit, "hopfieldnetwork": hopfieldnetwork}


def seconds(action: Callable[[np.ndarray], np.ndarray], probes: np.ndarray) -> tuple[float, np.ndarray]:
    begun = time.perf_counter()
    found = action(probes)
    return time.perf_counter() - begun, found


def quality(found: np.ndarray, wanted: np.ndarray) -> float:
    """The mean overlap of what was recalled with the pattern it should be."""
    return float((found.astype("float32") * wanted[: len(found)]).mean())


def compare(work: Work, mode: Any, rounds: int) -> None:
    patterns, probes, wanted = data_of(work)
    ours = labkit(patterns, mode)
    first, mine = seconds(ours, probes)
    line = f"{work.title:<28} {mode:<13}labkit (first call {first:6.3f} s"
    if not find_spec("hopfieldnetwork"):
        again, mine = seconds(ours, probes)
        print(f"{line}, overlap {quality(mine, wanted):.4f}) {again:7.3f} s", flush=True)
        return
    theirs, some = hopfieldnetwork(patterns, mode), probes[: round(work.share * work.probes)]
    times = []
    for _round in range(rounds):
        (fast, mine), (slow, other) = seconds(ours, probes), seconds(theirs, some)
        times.append((fast, slow * work.probes / len(some)))
    fast, slow = (statistics.median(column) for column in zip(*times))
    ratio = statistics.median(slow / fast for fast, slow in times)
    print(
        f"{line}, overlap {quality(mine, wanted):.4f}) {fast:7.3f} s, peer {slow:7.2f} s "
        f"(overlap {quality(other, wanted):.4f}): {ratio:6.1f} times as fast",
        flush=True,
    )


def recall() -> None:
    for mode in MODES:
        for work in RECALL:
            compare(work, mode, ROUNDS)


def growth() -> None:
    """Ten times the probes, ten times the neurons."""
    for mode in MODES:
        for work in GROWTH:
            compare(work, mode, 1)


def memory() -> None:
    """Peak of storing and recalling, each in a process of its own, above what its imports take."""
    for index, work in enumerate((RECALL[0], *GROWTH)):
        for name in CONTENDERS:
            if name == "labkit" or find_spec(name):
                command = [sys.executable, __file__, "peak", name, str(index)]
                found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                print(f"memory, {work.title:<28} {name:<16}{found.split()[-1]:>6} MiB", flush=True)


def peak(name: Literal["labkit", "hopfieldnetwork"], index: str) -> None:
    import resource

    small, _probes, _wanted = data_of(Work("", 20, 2, 4))
    CONTENDERS[name](small, "asynchronous")(small)
    work = (RECALL[0], *GROWTH)[int(index)]
    patterns, probes, _wanted = data_of(work)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    few = probes if name == "labkit" else probes[:4]  # more take it no more
    CONTENDERS[name](patterns, "asynchronous")(few)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)


# memory first: a process starts with the peak of the one that started it
PARTS = {"memory": memory, "recall": recall, "growth": growth}

if __name__ == "__main__":
    if sys.argv[1:2] == ["peak"]:
        peak(*sys.argv[2:])
    else:
        if not find_spec("hopfieldnetwork"):
            print("hopfieldnetwork is not installed: pip install hopfieldnetwork")
        for name in sys.argv[1:] or PARTS:
            PARTS[name]()
