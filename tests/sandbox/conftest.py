from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from labkit.sandbox.job import Job, Outcome
from labkit.sandbox.launch import Launcher

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """A few thousand rows in the shape of MNIST, on which a line can be learnt."""
    folder = tmp_path_factory.mktemp("rows")
    generator = np.random.default_rng(0)
    y = generator.integers(0, 10, 2_400).astype("uint8")
    x = generator.integers(0, 80, (2_400, 28, 28)).astype("uint8")
    x[np.arange(len(y)), y] += 150
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    return {"x": str(folder / "x.npy"), "y": str(folder / "y.npy"), "start": 0, "stop": 2_000}


@pytest.fixture
def work(
    launcher: Launcher, rows: dict[str, object], tmp_path: Path
) -> Callable[..., tuple[Outcome, Path]]:
    """Run a student's file in a worker; gives how it ended and its evidence folder."""

    def run(source: str | bytes, **limits: int) -> tuple[Outcome, Path]:
        path = tmp_path / "práctica.py"
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        task = {
            "submission": str(path),
            "steps": ["define", "compile", "fit", "evaluate", "predict"],
            "train": rows,
            "holdout": {**rows, "start": 2_000, "stop": None},
            "seed": 0,
            "threads": 1,
        }
        job = Job("main", "worker", tmp_path / "evidence", task, **limits)
        return launcher.run([job])["main"], job.folder

    return run
