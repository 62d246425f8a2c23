"""The trusted side never imports TensorFlow: looked at in fresh processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("tensorflow", "keras")


def modules_after(program: str) -> list[str]:
    """Names of all modules that a fresh process has imported after ``program``."""
    report = "\nimport json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    command = [sys.executable, "-c", program + report]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[str] = json.loads(done.stderr.strip().splitlines()[-1])
    return found


@pytest.mark.parametrize(
    "program",
    [
        "import labkit",
        "import labkit.lifecycle, labkit.layers, labkit.data",
        "import labkit.grading.pipeline, labkit.grading.verify, labkit.sandbox.launch",
        "import labkit.report.html, labkit.report.terminal, labkit.report.files",
        "import labkit.cli.magics, labkit.cli.notebook, labkit.grading.notebooks.making",
        "import labkit.grading.cluster.coordinator",
        "from labkit.rubric import find; find.labs()",
        *(
            f"from labkit.cli.main import _run; import sys; sys.argv = ['labkit', {arguments}]; _run()"
            for arguments in ("'--help'", "'list'", "'hint', 'lab2'", "'doctor'", "'data', 'list'")
        ),
    ],
)
def test_the_trusted_side_stays_free_of_tensorflow(program: str) -> None:
    assert not set(HEAVY) & set(modules_after(program))


@pytest.mark.parametrize("arguments", ["'--help'", "'list'"])
def test_what_is_typed_often_starts_without_numpy(arguments: str) -> None:
    program = (
        f"from labkit.cli.main import _run; import sys; sys.argv = ['labkit', {arguments}]; _run()"
    )
    assert "numpy._core" not in modules_after(program)


@pytest.mark.slow
def test_dask_is_for_clusters_alone(tmp_path: Path) -> None:
    (tmp_path / "ana.py").write_text("def neuron(:")
    arguments = ["labkit", "grade", "lab10", str(tmp_path), "--into", str(tmp_path / "class")]
    program = f"from labkit.cli.main import _run; import sys; sys.argv = {arguments}; assert not _run()"
    assert not {"dask", "distributed", "fsspec"} & set(modules_after(program))
