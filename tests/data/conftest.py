from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from labkit.root import root


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("LABKIT_CACHE", str(folder))
    return folder


@pytest.fixture
def kit(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with the table and MNIST's labels, and an empty cache."""
    own, datasets = tmp_path / "kit", root() / "datasets"
    (own / "labs").mkdir(parents=True)
    (own / "datasets" / "mnist").mkdir(parents=True)
    manifest = json.loads((datasets / "manifest.json").read_text(encoding="utf-8"))
    manifest = {name: manifest[name] for name in ("gasoline", "mnist")}
    arrays = manifest["mnist"]["arrays"]
    manifest["mnist"]["arrays"] = {name: arrays[name] for name in ("y_train", "y_test")}
    (own / "datasets" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for file in ("gasoline.csv", "mnist/y_train.xz", "mnist/y_test.xz"):
        shutil.copy(datasets / file, own / "datasets" / file)
    monkeypatch.setenv("LABKIT_ROOT", str(own))
    return own
