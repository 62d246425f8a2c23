from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.rubric.curves import share

_finite = st.floats(-1e6, 1e6)


def test_a_falling_curve_gives_full_points_below_its_lower_knot() -> None:
    falling = {0.45: 0.0, 0.30: 1.0}
    assert share(falling, 0.2) == 1.0
    assert share(falling, 0.5) == 0.0
    assert share(falling, 0.375) == pytest.approx(0.5)


def test_the_knots_themselves_are_exact() -> None:
    curve = {0.90: 0.0, 0.95: 0.4, 0.97: 1.0}
    assert [share(curve, knot) for knot in curve] == [0.0, 0.4, 1.0]


def test_a_value_that_is_not_a_number_earns_nothing() -> None:
    assert share({0.45: 0, 0.30: 1}, math.nan) == 0.0


@pytest.mark.parametrize("curve", [{}, {1.0: 1.0}, {0.0: 0.0, 1.0: 1.5}, {0.0: -0.1, 1.0: 1.0}])
def test_a_curve_that_cannot_be_one_is_refused(curve: dict[float, float]) -> None:
    with pytest.raises(ValueError, match="knots"):
        share(curve, 0.5)


@given(st.dictionaries(_finite, st.floats(0, 1), min_size=2, max_size=6), _finite)
def test_a_share_lies_within_the_curve(curve: dict[float, float], value: float) -> None:
    assert min(curve.values()) - 1e-6 <= share(curve, value) <= max(curve.values()) + 1e-6


@given(_finite, _finite)
def test_a_rising_curve_never_rewards_less_for_more(one: float, other: float) -> None:
    low, high = sorted((one, other))
    curve = {-10.0: 0.0, 0.0: 0.3, 10.0: 1.0}
    assert share(curve, low) <= share(curve, high)
