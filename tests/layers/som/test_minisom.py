"""The online rule, its schedules and the measures against MiniSom, which gives the reference values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labkit.layers.som.decay import Decay
from labkit.layers.som.map import SelfOrganizingMap

minisom = pytest.importorskip("minisom")

X = np.random.default_rng(0).normal(size=(150, 7))
STEPS = 450


def pair(
    topology: str, kind: str, dtype: str, columns: int = 6, **decays: Any
) -> tuple[Any, SelfOrganizingMap]:
    """MiniSom trained, and our map from the same start with the same samples in the same order."""
    rate = 0.05 if kind == "mexican_hat" else 0.5
    peer = minisom.MiniSom(
        5, columns, 7, sigma=3, learning_rate=rate, topology=topology, neighborhood_function=kind,
        random_seed=1, **decays.get("peer", {}),
    )  # fmt: skip
    som = SelfOrganizingMap(
        5, columns, topology=topology, neighbourhood=kind, dtype=dtype,
        radius=decays.get("radius", Decay.asymptotic(3.0)),
        learning_rate=decays.get("rate", Decay.asymptotic(rate)),
    )  # fmt: skip
    som.build((None, 7))
    som.set_weights([peer.get_weights()])
    steps = 60 if kind == "mexican_hat" else STEPS  # later on its units run away, in both
    peer.train(X[: min(steps, 150)], steps)
    som.adapt(X[: min(steps, 150)], steps // min(steps, 150), "online", shuffle=False, resume=True)
    return peer, som


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-6)])
@pytest.mark.parametrize(
    ("topology", "kind"),
    [
        ("rectangular", "gaussian"),
        ("rectangular", "bubble"),
        ("rectangular", "mexican_hat"),
        ("hexagonal", "gaussian"),
        ("hexagonal", "mexican_hat"),
    ],
)
def test_the_weights_are_minisoms(topology: str, kind: str, dtype: str, tolerance: float) -> None:
    peer, som = pair(topology, kind, dtype)
    np.testing.assert_allclose(som.get_weights()[0], peer.get_weights(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("names", "radius", "rate"),
    [
        (
            {"decay_function": "linear_decay_to_zero", "sigma_decay_function": "linear_decay_to_one"},
            Decay(3.0, 1.0, "linear"),
            Decay(0.5, 0.0, "linear"),
        ),
        (
            {"decay_function": "inverse_decay_to_zero", "sigma_decay_function": "inverse_decay_to_one"},
            Decay(3.0, 1.0, "inverse"),
            Decay(0.5, 0.5 / 101, "inverse"),
        ),
    ],
)
def test_its_other_schedules_are_offered_too(names: dict[str, str], radius: Decay, rate: Decay) -> None:
    peer, som = pair("rectangular", "gaussian", "float64", peer=names, radius=radius, rate=rate)
    np.testing.assert_allclose(som.get_weights()[0], peer.get_weights(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
def test_the_measures_are_minisoms(topology: str) -> None:
    """On an odd number of columns: on an even one its hexagonal U-matrix does not fit its own grid."""
    peer, som = pair(topology, "gaussian", "float64", columns=5)
    assert som.quantization_error(X) == pytest.approx(peer.quantization_error(X), rel=1e-12)
    assert som.topographic_error(X) == pytest.approx(peer.topographic_error(X), abs=1e-12)
    assert (som.hit_map(X) == peer.activation_response(X)).all()
    scaled = som.u_matrix() / som.u_matrix().max()
    np.testing.assert_allclose(scaled, peer.distance_map(scaling="mean"), rtol=1e-12)
    assert [tuple(place) for place in som(X).numpy()] == [peer.winner(sample) for sample in X]
