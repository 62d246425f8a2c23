"""How long MNIST takes to open: the kit's cache against the usual files, in one run.

python benchmarks/data.py
"""

from __future__ import annotations

import gzip
import os
import statistics
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from labkit import data

ROUNDS = 5


def seconds(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of the wall-clock time of an action."""
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def write_idx(file: Path, values: np.ndarray) -> None:
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    file.write_bytes(gzip.compress(header + values.tobytes(), 6))


def read_idx(file: Path) -> np.ndarray:
    content = gzip.decompress(file.read_bytes())
    shape = struct.unpack_from(f">{content[3]}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def unpack_anew(name: str) -> None:
    data.clean()
    data.load(name)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        arrays = data.load("mnist")
        parts = {name: getattr(arrays, name) for name in data.describe("mnist").arrays}
        np.savez_compressed(folder / "mnist.npz", **parts)
        for name, values in parts.items():
            write_idx(folder / f"{name}.gz", values)

        def read_npz() -> None:
            with np.load(folder / "mnist.npz") as stored:
                for name in parts:
                    stored[name]

        opened = seconds(lambda: data.load("mnist"))
        npz = seconds(read_npz)
        idx = seconds(lambda: [read_idx(folder / f"{name}.gz") for name in parts])
        read = seconds(lambda: np.array(data.load("mnist").x_train))
        os.environ["LABKIT_CACHE"] = str(folder / "cache")
        first = {name: seconds(lambda n=name: unpack_anew(n), 3) for name in ("mnist", "fashion_mnist")}

    print("Opening MNIST, all four arrays            ms   times the kit's")
    print(f"  labkit.data.load, mapped           {opened * 1e3:8.1f}   1")
    print(f"  the same, all training images read {read * 1e3:8.1f}   {read / opened:.0f}")
    print(f"  NumPy: compressed .npz             {npz * 1e3:8.1f}   {npz / opened:.0f}")
    print(f"  the original IDX files, gzip       {idx * 1e3:8.1f}   {idx / opened:.0f}")
    for name, duration in first.items():
        print(f"First use of {name}, with digests: {duration:.2f} s")


if __name__ == "__main__":
    main()
