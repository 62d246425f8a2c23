"""The self-organizing map against fastersom, XPySom and MiniSom: same digits, start and schedule.

    python benchmarks/layers_som.py [batch minisom online growth memory]

Each pair runs in turn, several times (once where MiniSom takes a minute or more); the median of the
times and of their ratios is printed, with the quantization error that each reached. The first call is
ours too, tracing and compiling included. A peer that is missing is left out, with the pip install that
brings it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from labkit import data
from labkit.layers.som.decay import Decay
from labkit.layers.som.map import SelfOrganizingMap

PEAK = Path("/proc/self/clear_refs")  # where Linux resets a process' peak
ROUNDS = 3
EPOCHS = 10


@dataclass(frozen=True)
class Work:
    """A square map's side, its samples, and the weights to start from."""

    side: int
    x: np.ndarray
    epochs: int = EPOCHS

    @property
    def start(self) -> np.ndarray:
        """A sample for each unit, the same for everybody."""
        chosen = np.random.default_rng(0).choice(len(self.x), self.side**2, replace=False)
        return self.x[chosen].reshape(self.side, self.side, -1).copy()


def digits(count: int) -> np.ndarray:
    """Training images between 0 and 1; beyond 60,000 the same again, moved down by a pixel."""
    images = np.asarray(data.load("mnist").x_train)
    if count > len(images):
        images = np.concatenate([images, np.roll(images, 1, axis=1)])
    return images[:count].reshape(count, -1).astype("float32") / 255


def ours(work: Work, radius: Decay, rule: str = "batch", rate: Decay | float = 0.5) -> np.ndarray:
    som = SelfOrganizingMap(work.side, work.side, radius=radius, learning_rate=rate)
    som.build((None, work.x.shape[1]))
    som.set_weights([work.start])
    som.adapt(work.x, work.epochs, rule, shuffle=False, resume=True)
    return som.get_weights()[0]


def falling(work: Work) -> Decay:
    """The default of fastersom and XPySom: from a quarter of the side to a tenth of that."""
    return Decay(work.side / 4, work.side / 40)


def fastersom(work: Work) -> np.ndarray:
    from fastersom import SOM

    radius = falling(work)
    som = SOM(
        work.side, work.side, work.epochs, init=work.start,
        sigma_initial=radius.start, sigma_final=radius.end, device="cpu",
    )  # fmt: skip
    return som.fit(work.x).weights_


def xpysom(work: Work) -> np.ndarray:
    from xpysom import XPySom

    som = XPySom(
        work.side, work.side, work.x.shape[1], sigma=2 * falling(work).start,
        sigmaN=2 * falling(work).end, std_coeff=0.5, decay_function="exponential", xp=np,
    )  # fmt: skip
    som._weights = work.start
    som.train(work.x, work.epochs)
    return som.get_weights()


def minisom(work: Work, rule: str) -> np.ndarray:
    from minisom import MiniSom

    whole: dict[str, Any] = {"decay_function": lambda rate, t, steps: 1.0} if rule == "batch" else {}
    som = MiniSom(work.side, work.side, work.x.shape[1], sigma=work.side / 4, **whole)
    som._weights = work.start.astype(float)
    if rule == "batch":
        som.train_batch_offline(work.x, work.epochs)
    else:
        som.train_batch(work.x, len(work.x) * work.epochs)
    return som.get_weights()


def error(work: Work, weights: np.ndarray) -> float:
    som = SelfOrganizingMap(work.side, work.side)
    som.build((None, work.x.shape[1]))
    som.set_weights([weights.reshape(som.codebook.shape)])
    return som.quantization_error(work.x[:10_000])


def seconds(action: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    begun = time.perf_counter()
    weights = action()
    return time.perf_counter() - begun, weights


def installed(name: str) -> bool:
    if find_spec(name):
        return True
    print(f"{name} is not installed: pip install {name}")
    return False


def compare(
    title: str,
    work: Work,
    own: Callable[[Work], np.ndarray],
    peer: Callable[[Work], np.ndarray],
    rounds: int = ROUNDS,
) -> None:
    first, _weights = seconds(partial(own, work))
    times = []
    for _round in range(rounds):
        (mine, mapped), (other, theirs) = seconds(partial(own, work)), seconds(partial(peer, work))
        times.append((mine, other))
    mine, other = (statistics.median(column) for column in zip(*times))
    ratio = statistics.median(theirs_s / mine_s for mine_s, theirs_s in times)
    print(
        f"{title:<42} labkit {mine:7.3f} s (first call {first:6.3f} s, error "
        f"{error(work, mapped):.4f}), "
        f"peer {other:8.3f} s (error {error(work, theirs):.4f}): {ratio:6.1f} times as fast",
        flush=True,
    )


def batch() -> None:
    work = Work(20, digits(10_000))
    own = partial(ours, radius=falling(work))
    for name, peer in (("fastersom", fastersom), ("xpysom", xpysom)):
        if installed(name):
            compare(f"batch 20x20, 10,000 digits: {name}", work, own, peer)


def against_minisom() -> None:
    work = Work(20, digits(10_000))
    if installed("minisom"):
        own = partial(ours, radius=Decay.asymptotic(5.0))
        peer = partial(minisom, rule="batch")
        compare("batch 20x20, 10,000 digits: minisom", work, own, peer, 1)


def online() -> None:
    if not installed("minisom"):
        return
    own = partial(ours, radius=Decay.asymptotic(5.0), rule="online", rate=Decay.asymptotic(0.5))
    for epochs, rounds in ((1, ROUNDS), (EPOCHS, 1)):
        work = Work(20, digits(10_000), epochs)
        title = f"online 20x20, {epochs * len(work.x):,} steps: minisom"
        compare(title, work, own, partial(minisom, rule="online"), rounds)


def growth() -> None:
    """Ten times the samples, ten times the units."""
    for title, work in (
        ("batch 20x20, 100,000 digits", Work(20, digits(100_000))),
        ("batch 63x63, 10,000 digits", Work(63, digits(10_000))),
    ):
        own = partial(ours, radius=falling(work))
        for name, peer in (("fastersom", fastersom), ("xpysom", xpysom)):
            if installed(name):
                compare(f"{title}: {name}", work, own, peer, 1)
    if installed("minisom"):
        for title, work in (
            ("online 20x20, 100,000 digits", Work(20, digits(100_000), 1)),
            ("online 63x63, 6,000 digits", Work(63, digits(6_000), 1)),
        ):
            radius = Decay.asymptotic(work.side / 4)
            own = partial(ours, radius=radius, rule="online", rate=Decay.asymptotic(0.5))
            compare(f"{title}: minisom", work, own, partial(minisom, rule="online"), 1)


CONTENDERS: dict[str, Callable[[Work], np.ndarray]] = {
    "labkit": lambda work: ours(work, falling(work)),
    "fastersom": fastersom,
    "xpysom": xpysom,
}


def memory() -> None:
    """Peak of each in a process of its own, above what its imports and the data take."""
    if not PEAK.exists():
        print("memory is measured on Linux only")
        return
    for side, count in ((20, 10_000), (20, 100_000), (63, 10_000)):
        for name in CONTENDERS:
            if name == "labkit" or installed(name):
                command = [sys.executable, __file__, "peak", name, str(side), str(count)]
                found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                print(f"memory {side}x{side}, {count:,} digits: {name:<9} {found.split()[-1]:>6} MiB")


def peak(name: str, side: str, count: str) -> None:
    """Of a process that has imported and run everything once before, in a small way."""
    CONTENDERS[name](Work(4, digits(1_000), 1))
    work = Work(int(side), digits(int(count)), 2)
    PEAK.write_text("5")
    before = highest()
    CONTENDERS[name](work)
    print((highest() - before) // 1024)


def highest() -> int:
    """The most memory that was resident since the last reset, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


PARTS = {
    "batch": batch,
    "minisom": against_minisom,
    "online": online,
    "growth": growth,
    "memory": memory,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["peak"]:
        peak(*sys.argv[2:])
    else:
        for name in sys.argv[1:] or PARTS:
            PARTS[name]()
