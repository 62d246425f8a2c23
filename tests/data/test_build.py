"""`datasets/build.py` makes from the original IDX files what the kit unpacks."""

from __future__ import annotations

import gzip
import json
import lzma
import shutil
import struct
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from labkit import data
from labkit.root import root

_STEMS = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def _idx(array: str) -> bytes:
    """The array as its authors publish it, but of the images a hundred will do."""
    values = getattr(data.load("mnist"), array)
    values = values[:100] if array.startswith("x") else values
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


def _build(kit: Path, originals: Path) -> dict[str, dict[str, object]]:
    script = kit / "datasets" / "build.py"
    shutil.copy(root() / "datasets" / "build.py", script)
    subprocess.run([sys.executable, script, "mnist", originals], check=True, timeout=60)
    manifest = json.loads((kit / "datasets/manifest.json").read_text(encoding="utf-8"))
    return manifest["mnist"]["arrays"]


@pytest.mark.parametrize("compressed", [False, True])
def test_the_originals_give_the_digests_of_the_manifest_and_the_bytes(tmp_path, compressed):
    stated, originals = data.describe("mnist").arrays, tmp_path / "originals"
    kit = tmp_path / "kit"
    (kit / "datasets").mkdir(parents=True)
    shutil.copy(root() / "datasets/manifest.json", kit / "datasets/manifest.json")
    originals.mkdir()
    for array, stem in _STEMS.items():
        file = originals / (stem + ".gz" * compressed)
        file.write_bytes(gzip.compress(_idx(array), 1) if compressed else _idx(array))
    built = _build(kit, originals)
    for array in ("y_train", "y_test"):
        assert built[array] == {**asdict(stated[array]), "shape": list(stated[array].shape)}
    raw = lzma.decompress((kit / "datasets/mnist/x_test.xz").read_bytes())
    assert raw == data.load("mnist").x_test[:100].tobytes()
    assert built["x_test"]["shape"] == [100, 28, 28]
