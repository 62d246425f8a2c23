"""Find the conductances of a neuron from a recorded membrane potential, by plain `model.fit`.

    python examples/fit_conductances.py

The recording is made here: a neuron whose conductances are not those of the textbook, and the noise
of an electrode, 0.5 mV. The fit begins at the textbook's values and sees current and potential only.
The current is weak and inward at first, which tells of the leak, and then elicits a spike, which tells
of sodium and potassium.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from labkit.layers import HodgkinHuxley

DT = 0.05  # ms
TRUE = {"g_na": 105.0, "g_k": 31.0, "g_leak": 0.36}  # mS/cm²


def recording(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A current (1, time) in µA/cm² and the potential that was measured, in mV."""
    current = np.zeros((1, 240), "float32")
    current[:, 20:100], current[:, 120:200] = -3.0, 12.0
    potential = np.asarray(HodgkinHuxley(DT, "exponential_euler", **TRUE)(current))
    return current, potential + np.random.default_rng(seed).normal(0, 0.5, potential.shape)


def fit(current: np.ndarray, potential: np.ndarray, epochs: int = 80) -> HodgkinHuxley:
    """A neuron whose conductances are fitted to the recording."""
    neuron = HodgkinHuxley(DT, "exponential_euler", trainable_parameters=list(TRUE))
    model = keras.Sequential([keras.Input(current.shape[1:]), neuron])
    model.compile(keras.optimizers.Adam(0.03), "mse")
    model.fit(current, potential, epochs=epochs, verbose=0)
    return neuron


def main() -> None:
    """Print the conductances before and after the fit, beside those behind the recording."""
    current, potential = recording()
    before, after = HodgkinHuxley(DT), fit(current, potential)
    print("mS/cm²   before   after    true")
    for name, true in TRUE.items():
        first, last = (float(neuron.parameters()[name]) for neuron in (before, after))
        print(f"{name:<7} {first:7.2f} {last:7.2f} {true:7.2f}")


if __name__ == "__main__":
    main()
