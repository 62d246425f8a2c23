"""How many patterns a Hopfield network of 1,000 neurons holds under Hebb's rule, against theory.

Three measures: how many bits of a pattern are unstable (Hertz, Krogh and Palmer 1991, table 2.1), how
far recall drifts from a pattern (Amit, Gutfreund and Sompolinsky 1985), and where recall breaks down.
A finite network breaks down gradually, so the last is told by comparison: up to the capacity a larger
network recalls more of its patterns than a smaller one, beyond it fewer.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import erf, logit
from scipy.stats import binom

from labkit.layers.hopfield import Hopfield
from tests.layers.hopfield.memory import adapted, random_patterns


def network(neurons: int, load: float, seed: int) -> tuple[Hopfield, np.ndarray]:
    patterns = random_patterns(round(load * neurons), neurons, seed)
    return adapted(patterns, max_steps=15), patterns


def overlaps(neurons: int, load: float, networks: int) -> np.ndarray:
    """Of every pattern with what is recalled from it."""
    found = [network(neurons, load, seed) for seed in range(networks)]
    return np.concatenate([(layer(x).numpy() * x).mean(axis=1) for layer, x in found])


def recalled(neurons: int, load: float, networks: int) -> float:
    """The share of patterns that recall leaves nearly as they are, as a logit."""
    good = overlaps(neurons, load, networks) > 0.9
    return float(logit((good.sum() + 0.5) / (good.size + 1)))


def theoretical_overlap(load: float) -> float:
    """m = erf(y) with y (√(2α) + (2/√π) exp(−y²)) = erf(y), its largest solution; 0 beyond capacity."""
    y = np.linspace(0.1, 6, 60_000)
    left = y * (np.sqrt(2 * load) + 2 / np.sqrt(np.pi) * np.exp(-(y**2))) - erf(y)
    roots = np.flatnonzero(left[:-1] * left[1:] < 0)
    return float(erf(y[roots[-1]])) if len(roots) else 0.0


def test_the_theory_ends_at_0138() -> None:
    assert theoretical_overlap(0.1379) == pytest.approx(0.967, abs=0.003)
    assert theoretical_overlap(0.1381) == 0


@pytest.mark.parametrize(
    ("load", "rate"), [(0.105, 0.001), (0.138, 0.0036), (0.185, 0.01), (0.37, 0.05), (0.61, 0.1)]
)
def test_so_many_bits_are_unstable(load: float, rate: float) -> None:
    wrong = total = 0
    for seed in range(4):
        layer, patterns = network(1000, load, seed)
        changed = patterns * (patterns @ layer.get_weights()[0]) < -1e-6
        wrong, total = wrong + changed.sum(), total + changed.size
    signs = 999 * (round(1000 * load) - 1)  # of other neurons and patterns; their sum turns the bit
    expected = binom.cdf(np.ceil((signs - 999) / 2) - 1, signs, 0.5)
    assert expected == pytest.approx(rate, rel=0.08)
    assert wrong / total == pytest.approx(expected, abs=4 * np.sqrt(expected / total))


@pytest.mark.parametrize("load", [0.05, 0.08, 0.11])
def test_recall_drifts_as_far_as_the_theory_says(load: float) -> None:
    assert overlaps(1000, load, 3).mean() == pytest.approx(theoretical_overlap(load), abs=1e-3)


def test_recall_breaks_down_at_0138_within_the_sampling_error() -> None:
    """Twenty networks of 1,000 neurons gave 0.139; three have a standard error of 0.003."""
    loads = [0.12, 0.135, 0.15]
    gain = [recalled(1000, load, 3) - recalled(250, load, 24) for load in loads]
    slope, start = np.polyfit(loads, gain, 1)
    assert slope < 0
    assert -start / slope == pytest.approx(0.138, abs=2 * 0.003)
