"""Draws the picture of every layer for docs/layers.md.

    python docs/layers/draw.py [NAME …]

Each function uses its layer as the page shows it; the same seeds give the same pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from matplotlib.figure import Figure

from labkit import data, layers

HERE = Path(__file__).parent
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#595959"
LETTERS = (
    ".####. ##..## ##..## ###### ##..## ##..##",
    "###### ##.... #####. ##.... ##.... ######",
    "##..## ##..## ##..## ##..## ##..## .####.",
)


def strip(
    figure: Figure, rows: list[tuple[str, Any]], shape: tuple[int, int], titles: list[str]
) -> None:
    """Images in rows, a name beside each row and a title over each column."""
    grid = figure.subplots(len(rows), len(titles), squeeze=False)
    for axes_row, (name, images) in zip(grid, rows):
        for axes, image in zip(axes_row, images):
            axes.imshow(np.reshape(image, shape), cmap="Greys")
            axes.set(xticks=[], yticks=[])
        axes_row[0].set_ylabel(name, fontsize=9)
    for axes, title in zip(grid[0], titles):
        axes.set_title(title, fontsize=9)


def digits(count: int) -> np.ndarray:
    """The first training digits, (count, 784), from 0 to 1."""
    return data.load("mnist").x_train[:count].reshape(count, -1) / np.float32(255)


def hopfield() -> Figure:
    """Three letters, damaged and recalled."""
    letters = np.array([[1.0 if p == "#" else -1.0 for p in word.replace(" ", "")] for word in LETTERS])
    memory = layers.Hopfield(rule="pseudo_inverse")
    memory.adapt(letters)
    damaged = np.where(np.random.default_rng(3).random(letters.shape) < 0.2, -letters, letters)
    figure = Figure((5.2, 5.0), layout="constrained")
    recalled = memory(damaged).numpy()
    strip(
        figure, [("stored", letters), ("damaged", damaged), ("recalled", recalled)], (6, 6), list("AEU")
    )
    return figure


def modern_hopfield() -> Figure:
    """Half a digit, and what softmax attention makes of it."""
    stored = digits(200)
    memory = layers.ModernHopfield(beta=8.0)
    memory.adapt(stored)
    chosen = stored[[1, 7, 9, 13, 17]]
    half = chosen.reshape(-1, 28, 28).copy()
    half[:, 14:] = 0
    answers = memory(half.reshape(-1, 784)).numpy()
    figure = Figure((6.0, 3.8), layout="constrained")
    strip(figure, [("stored", chosen), ("shown", half), ("answer", answers)], (28, 28), [""] * 5)
    return figure


def som() -> Figure:
    """A map of digits and its U-matrix."""
    x = digits(3_000)
    units = layers.SelfOrganizingMap(10, 14, start="pca", seed=0)
    units.adapt(x, epochs=15, rule="batch")
    sheet = units.codebook.numpy().reshape(10, 14, 28, 28).swapaxes(1, 2).reshape(280, 392)
    figure = Figure((9.0, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    left.imshow(sheet, cmap="Greys")
    left.set(xticks=[], yticks=[], title="weights of 10 × 14 units")
    shown = right.imshow(units.u_matrix(), cmap="cividis")
    right.set(title="U-matrix", xlabel="column", ylabel="row")
    figure.colorbar(shown, ax=right, label="mean distance to the neighbours")
    return figure


def hodgkin_huxley() -> Figure:
    """A spike train and its gates."""
    neuron = layers.HodgkinHuxley(dt=0.05, return_gates=True, jit_compile=False)
    current = np.where(np.arange(1_200) * 0.05 > 5, 10.0, 0.0)[None].astype("float32")
    voltage, *gates = (np.asarray(values)[0] for values in neuron(current))
    time = np.arange(1_200) * 0.05
    figure = Figure((7.0, 4.2), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot(time, voltage, color=BLUE)
    above.set_ylabel("potential (mV)")
    for values, name, line, colour in zip(gates, "mhn", ("-", "--", ":"), (ORANGE, BLUE, "black")):
        below.plot(time, values, line, color=colour, label=name)
    below.set(xlabel="time (ms); 10 µA/cm² from 5 ms on", ylabel="gates")
    below.legend(frameon=False, ncols=3)
    return figure


def hodgkin_huxley_network() -> Figure:
    """A ring of neurons along which activity travels, and the synapses that let it."""
    count, dt = 60, 0.05
    ring = layers.HodgkinHuxleyNetwork(dt, "exponential_euler", return_spikes=True, jit_compile=False)
    ring.build((None, 1_600, count))
    coupling = np.zeros((count, count), "float32")
    for reach in (1, 2):
        coupling[np.arange(count), (np.arange(count) + reach) % count] = 0.25
    ring.coupling.assign(coupling)
    current = np.zeros((1, 1_600, count), "float32")
    current[0, 40:80, :2] = 30.0
    _voltage, spikes = ring(current)
    time, neuron = np.nonzero(np.asarray(spikes)[0])
    figure = Figure((7.0, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.plot(time * dt, neuron, "|", color=BLUE, markersize=5)
    axes.set(
        xlabel="time (ms)", ylabel="neuron", title="two neurons are pushed once; a pulse runs round"
    )
    return figure


def restricted_boltzmann_machine() -> Figure:
    """Filters and dreams of a machine that saw digits."""
    x = (digits(10_000) > 0.5).astype("float32")
    machine = layers.RestrictedBoltzmannMachine(128, persistent=True, learning_rate=0.05, seed=1)
    machine.adapt(x, epochs=25)
    dreams = machine.sample(20, steps=1_000)
    filters = machine.kernel.numpy().T[:20]
    figure = Figure((8.0, 3.6), layout="constrained")
    halves = figure.subfigures(1, 2)
    for part, images, title in zip(
        halves, (filters, dreams), ("couplings of 20 hidden units", "20 dreams")
    ):
        part.suptitle(title, fontsize=10)
        for axes, image in zip(part.subplots(4, 5).flat, images):
            axes.imshow(np.reshape(image, (28, 28)), cmap="Greys")
            axes.set_axis_off()
    return figure


def boltzmann_machine() -> Figure:
    """How often each of eight states comes: in the data, and in two machines."""
    rng = np.random.default_rng(0)
    states = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)])
    x = states[rng.choice([0, 3, 5, 6], 200)]  # an even number of ones
    pairs, hidden = layers.BoltzmannMachine(seed=1), layers.BoltzmannMachine(3, seed=1)
    for machine in (pairs, hidden):  # all couplings near 0 is a place that learning leaves slowly
        machine.build((None, 3))
        upper = np.triu(rng.normal(size=machine.kernel.shape), 1)
        machine.kernel.assign(upper + upper.T)
    figure = Figure((7.0, 3.0), layout="constrained")
    axes = figure.subplots()
    place = np.arange(8)
    axes.bar(place - 0.27, (x @ [4, 2, 1] == place[:, None]).mean(1), 0.25, color=GREY, label="data")
    for shift, machine, colour, name, hatch in (
        (0, pairs, BLUE, "no hidden units", ""),
        (0.27, hidden, ORANGE, "3 hidden units", "//"),
    ):
        machine.adapt(x, epochs=3_000, resume=True)
        chances = np.exp(machine.log_likelihood(states))
        axes.bar(place + shift, chances, 0.25, color=colour, label=name, hatch=hatch)
    axes.set_xticks(place, ["".join(map(str, state)) for state in states])
    axes.set(xlabel="state of three units", ylabel="probability")
    axes.legend(frameon=False)
    return figure


def maxout() -> Figure:
    """One unit of four pieces, fitted to a parabola."""
    keras.utils.set_random_seed(0)
    x = np.linspace(-2, 2, 256, dtype="float32")[:, None]
    model = keras.Sequential([keras.Input((1,)), layers.Maxout(1, pieces=4)])
    model.compile(keras.optimizers.Adam(0.03), "mse")
    model.fit(x, x**2, epochs=150, batch_size=64, verbose=0)
    unit = model.layers[0]
    figure = Figure((5.6, 3.4), layout="constrained")
    axes = figure.subplots()
    for slope, bias in zip(unit.kernel.numpy().ravel(), unit.bias.numpy()):
        axes.plot(x, slope * x + bias, color=GREY, linewidth=0.8, linestyle=":")
    axes.plot(x, x**2, color=BLUE, label="wanted")
    axes.plot(x, model.predict(x, verbose=0), "--", color=ORANGE, label="largest of four lines")
    axes.set(ylim=(-2, 4.2), xlabel="input", ylabel="output")
    axes.legend(frameon=False)
    return figure


def hebbian() -> Figure:
    """Under Oja's rule one unit turns to the first principal component."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(600, 2)) @ [[1.6, 0.9], [0.0, 0.5]]
    neuron = layers.Hebbian(1, rule="oja", learning_rate=0.01)
    neuron.build((None, 2))
    neuron.kernel.assign([[-0.4], [0.7]])
    path = [neuron.kernel.numpy()[:, 0]]
    for part in np.split(x, 60):
        neuron.adapt(part)
        path.append(neuron.kernel.numpy()[:, 0])
    figure = Figure((5.0, 4.0), layout="constrained")
    axes = figure.subplots()
    axes.plot(*x.T, ".", color=GREY, markersize=2)
    axes.plot(*np.transpose(path), "-o", color=ORANGE, markersize=3, label="weights, every 10 samples")
    axis = np.linalg.svd(x - x.mean(0))[2][0]
    axes.axline((0, 0), axis, color=BLUE, linestyle="--", label="first principal component")
    axes.set(xlabel="input 1", ylabel="input 2", xlim=(-3, 3), ylim=(-2.4, 2.4))
    axes.set_aspect("equal")
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    return figure


DRAWN = (
    hopfield, modern_hopfield, som, hodgkin_huxley, hodgkin_huxley_network,
    restricted_boltzmann_machine, boltzmann_machine, maxout, hebbian,
)  # fmt: skip


def main(wanted: list[str]) -> None:
    """Draw those that are named, or all."""
    for draw in DRAWN:
        if not wanted or draw.__name__ in wanted:
            draw().savefig(HERE / f"{draw.__name__}.png", dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main(sys.argv[1:])
