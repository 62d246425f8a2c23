from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.layers.som.decay import Decay

VALUES = st.floats(1e-3, 1e3)


@settings(derandomize=True, deadline=None)
@given(VALUES, VALUES, st.sampled_from(["linear", "exponential", "inverse"]))
def test_a_decay_runs_from_start_to_end_without_turning(start: float, end: float, kind: str) -> None:
    values = Decay(start, end, kind).at(np.linspace(0, 1, 11))
    assert values[0] == pytest.approx(start) and values[-1] == pytest.approx(end)
    slopes = np.sign(np.round(np.diff(values) / (start + end), 12))
    assert len(set(slopes[slopes != 0])) <= 1


def test_a_constant_stays() -> None:
    assert Decay(2.0, 1.0, "constant").at([0, 1]).tolist() == [2, 2]


def test_nothing_stays_nothing() -> None:
    assert Decay(0.0, 1.0).at([0, 0.5]).tolist() == [0, 0]


def test_a_number_falls_exponentially_but_never_rises() -> None:
    assert Decay.of(4, 0.5) == Decay(4.0, 0.5, "exponential")
    assert Decay.of(0.2, 0.5).at([0, 1]).tolist() == pytest.approx([0.2, 0.2])


def test_a_decay_comes_back_from_its_configuration() -> None:
    decay = Decay(3.0, 1.0, "inverse")
    assert Decay.of(decay.config(), 0.5) == decay


@pytest.mark.parametrize(
    "options",
    [
        (-1.0, 1.0),
        (1.0, 0.0),
        (1.0, np.inf),
        (np.nan, 1.0),
        (1.0, 0.5, "cosine"),
        (1.0, -1.0, "linear"),
    ],
)
def test_a_decay_that_cannot_be_is_refused(options: Any) -> None:
    with pytest.raises(ValueError, match="Received: "):
        Decay(*options)


@pytest.mark.parametrize("value", ["fast", True, None, [1.0]])
def test_what_is_no_decay_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="Received: "):
        Decay.of(value, 1.0)
