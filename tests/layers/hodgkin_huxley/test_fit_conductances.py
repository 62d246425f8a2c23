"""The example of the layer: `examples/fit_conductances.py`."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "fit_conductances.py"


@pytest.mark.slow
def test_fit_finds_the_conductances_behind_a_noisy_recording(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    _title, *lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    for line in lines:
        _name, before, after, true = line.split()
        assert float(after) == pytest.approx(float(true), rel=0.03)
        assert abs(float(after) - float(true)) < abs(float(before) - float(true)) / 4
