"""Keras' own tests of its trainer and callbacks, with the fast loop underneath and without.

They ship inside the installed package. Each must end the same way both times: this is the slowest
test of the kit.
"""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import keras
import pytest

FILES = ("trainers/trainer_test.py", "callbacks")
NO_JAX = """
import sys, types
import keras

sys.modules.setdefault("jax", types.ModuleType("jax"))  # imported, not used, by the trainer's tests
"""
OTHERWISE = {
    # Counts how often `train_step` is traced: a subclass with one of its own is traced once for the
    # loop over the batches and once for the last one, where Keras traces one batch.
    "test_retracing",
}
PLUGIN = """
import pytest
from labkit.lifecycle.fit import accelerated

@pytest.fixture(autouse=True)
def fast_loop():
    with accelerated():
        yield
"""


def _start(folder: Path, name: str, plugins: list[str]) -> tuple[subprocess.Popen[bytes], Path]:
    source = Path(keras.__file__).parent / "src"
    report = folder / f"{name}.xml"
    wanted = [str(source / FILES[0]), *map(str, sorted((source / FILES[1]).glob("*_test.py")))]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command += ["--rootdir", str(source), "-p", "no_jax", f"--junitxml={report}"]
    command += ["--continue-on-collection-errors", "-k", "not TensorBoard and not Orbax"]
    process = subprocess.Popen(
        [*command, *plugins, *wanted],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return process, report


def _outcomes(report: Path) -> dict[str, str]:
    """Test -> how it ended."""
    outcomes = {}
    for case in ET.parse(report).iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        outcomes[f"{case.get('classname')}.{case.get('name')}"] = kinds[0] if kinds else "passed"
    return outcomes


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="needs /dev/null")
def test_they_end_the_same_way_with_the_fast_loop_as_without(tmp_path: Path) -> None:
    (tmp_path / "no_jax.py").write_text(NO_JAX)
    (tmp_path / "fast_loop.py").write_text(PLUGIN)
    plain, plain_report = _start(tmp_path, "plain", [])
    fast, fast_report = _start(tmp_path, "fast", ["-p", "fast_loop"])
    plain.wait()
    fast.wait()
    expected, found = _outcomes(plain_report), _outcomes(fast_report)
    assert sum(outcome == "passed" for outcome in expected.values()) > 100
    changed = {name for name in expected if found.get(name) != expected[name]}
    assert {name.rpartition(".")[2] for name in changed} == OTHERWISE
    assert found.keys() == expected.keys()
