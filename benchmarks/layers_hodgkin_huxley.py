"""`labkit.layers.HodgkinHuxley` against Brian2 with Cython: many neurons, 100 ms in steps of 0.01 ms.

    python benchmarks/layers_hodgkin_huxley.py [exponential_euler rk4 euler]

Both integrate the same equations by the same method under the same currents, and the spikes that
they find are compared neuron by neuron, so that neither is faster by being worse. The layer always
gives the potential of all neurons at all steps. Brian2 is asked for the spikes alone, which is less
work, and, for 1,000 neurons, for the potential too. Each has its own default precision; the layer is
also shown in Brian2's, float64. Both take turns, several times; medians are printed. Compiling is shown
apart: of the layer, what its first call takes beyond later ones; of Brian2, its first step. Memory is
the peak of a process that does one case, TensorFlow itself included.

Brian2 lives in an environment of its own, made once in the cache folder: it needs a C++ compiler, and
NumPy older than this one's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from labkit.data.cache import cache_folder

PACKAGES = ("brian2==2.9.0", "numpy==2.2.6", "cython==3.1.2", "setuptools==80.9.0")
PEER = Path(__file__).with_name("layers_hodgkin_huxley_brian2.py")
METHODS = ("exponential_euler", "rk4", "euler")
ROUNDS = 3
DT = 0.01  # ms


@dataclass(frozen=True)
class Work:
    """Neurons to simulate, for how many ms, how precisely, and whether Brian2 records the potential."""

    title: str
    neurons: int = 1_000
    duration: int = 100
    dtype: str = "float32"
    record: bool = False


WORKS = (
    Work("1,000 neurons"),
    Work("  Brian2 records, too", record=True),
    Work("  layer in float64", dtype="float64"),
    Work("10,000 neurons", neurons=10_000),
)
LONG = Work("ten times as long", duration=1_000)


@dataclass(frozen=True)
class Measured:
    """Seconds of the first call; of later ones, by the clock and of all cores; MB; spikes a neuron."""

    first: float
    seconds: list[float]
    cpu: list[float]
    peak: float
    spikes: np.ndarray


def environment() -> Path:
    """Python of an environment with Brian2."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache_folder() / "benchmarks" / "-".join([PACKAGES[0], version]).replace("==", "-")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed"
    if not done.exists():
        print(f"Installing Brian2 in {folder}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True, env=others())
        done.touch()
    return python


def others() -> dict[str, str]:
    """The variables for Brian2's environment: it must not find the packages of this one."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def ask(command: list[Any], folder: Path) -> Measured:
    """Run one side in a process of its own and read what it says."""
    variables = dict(os.environ) if command[1] == __file__ else others()
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True, env=variables, check=False
    )
    if done.returncode:
        sys.exit(f"{command} failed.")
    return Measured(**json.loads(done.stdout.splitlines()[-1]), spikes=np.load(folder / "spikes.npy"))


def simulate(folder: Path, method: Any, dtype: str, duration: float, rounds: int) -> None:
    """The layer's side of `ask`, as the peer's file is Brian2's."""
    import tensorflow as tf

    from labkit.layers import HodgkinHuxley
    from labkit.layers.hodgkin_huxley.spikes import spike_train

    currents = np.load(folder / "currents.npy").astype(dtype)
    current = tf.constant(np.repeat(currents[:, None], round(duration / DT), axis=1))
    layer = HodgkinHuxley(DT, method, dtype=dtype)
    taken, used = [], []
    for _round in range(rounds + 1):
        voltage = None  # its memory is free for the next
        begun, begun_cpu = time.perf_counter(), time.process_time()
        voltage = layer(current)
        np.asarray(voltage[-1, -1])  # nothing is done before someone looks
        taken.append(time.perf_counter() - begun)
        used.append(time.process_time() - begun_cpu)
    peak = peak_mb()
    counts = [tf.reduce_sum(spike_train(part), 1) for part in np.array_split(voltage, 10)]
    np.save(folder / "spikes.npy", np.concatenate(counts).astype(int))
    print(json.dumps({"first": taken[0], "seconds": taken[1:], "cpu": used[1:], "peak": peak}))


def peak_mb() -> float:
    """The most memory held so far, MB; not a number where the system does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def compare(work: Work, method: str, python: Path, rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generator = np.random.default_rng(0)
        np.save(folder / "currents.npy", generator.uniform(5, 15, work.neurons))
        ours, theirs = [], []
        for _round in range(rounds):
            command = [folder, method, "float64", work.duration, 1, int(work.record)]
            theirs.append(ask([python, PEER, *command], folder))
            command = [folder, method, work.dtype, work.duration, 1]
            ours.append(ask([sys.executable, __file__, *command], folder))
    slow, fast = ([statistics.median(each.seconds) for each in side] for side in (theirs, ours))
    ratio = statistics.median(one / other for one, other in zip(slow, fast))
    same = float(np.mean(ours[0].spikes == theirs[0].spikes))
    compiling = theirs[0].first, ours[0].first - ours[0].seconds[0]
    for title, who, side, first in zip(
        (work.title, ""), ("Brian2", "labkit"), (theirs, ours), compiling
    ):
        print(
            f"{title:<22} {who} {statistics.median(each.seconds[0] for each in side):7.3f} s, "
            f"all cores {statistics.median(each.cpu[0] for each in side):7.3f} s, "
            f"compiling {first:5.1f} s, {statistics.median(each.peak for each in side):5.0f} MB, "
            f"{side[0].spikes.sum()} spikes"
        )
    print(f"{'':<22} {ratio:.1f} times as fast, {same:.1%} of neurons spike alike", flush=True)


def main() -> None:
    if len(sys.argv) == 6:
        folder, method, dtype, duration, rounds = sys.argv[1:]
        simulate(Path(folder), method, dtype, float(duration), int(rounds))
        return
    python = environment()
    for method in sys.argv[1:] or METHODS:
        print(method)
        for work in (*WORKS, LONG) if method == METHODS[0] else (WORKS[0], WORKS[3]):
            compare(work, method, python)


if __name__ == "__main__":
    main()
