"""Makes the compressed arrays and the manifest from the original files.

    python datasets/build.py mnist PATH_OF_THE_FOUR_IDX_FILES
    python datasets/build.py fashion_mnist PATH_OF_THE_FOUR_IDX_GZ_FILES

The same originals give the same bytes. Only needed to check or rebuild what is committed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import struct
import sys
from pathlib import Path

HERE = Path(__file__).parent
PARTS = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def read_idx(path: Path) -> tuple[tuple[int, ...], bytes]:
    """Read the shape and the bytes of an IDX file of unsigned bytes, compressed or not."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    kind, dimensions = content[2], content[3]
    if content[:2] != b"\0\0" or kind != 0x08:
        sys.exit(f"{path} is not an IDX file of unsigned bytes")
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    return shape, content[4 + 4 * dimensions :]


def build(name: str, originals: Path) -> dict[str, dict[str, object]]:
    """Compress the four arrays of one data set and return their entries for the manifest."""
    entries: dict[str, dict[str, object]] = {}
    (HERE / name).mkdir(exist_ok=True)
    for array, stem in PARTS.items():
        path = next(path for path in originals.iterdir() if path.name.startswith(stem))
        shape, raw = read_idx(path)
        file = f"{name}/{array}.xz"
        (HERE / file).write_bytes(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME))
        digest = hashlib.sha256(raw).hexdigest()
        entries[array] = {"file": file, "shape": shape, "dtype": "uint8", "sha256": digest}
    return entries


if __name__ == "__main__":
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    manifest[sys.argv[1]]["arrays"] = build(sys.argv[1], Path(sys.argv[2]))
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (HERE / "manifest.json").write_text(text, encoding="utf-8")
