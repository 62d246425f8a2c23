"""The peer of `layers_hodgkin_huxley.py`: the same neurons in Brian2, run by the Python that has it.

    python benchmarks/layers_hodgkin_huxley_brian2.py FOLDER METHOD DTYPE MILLISECONDS ROUNDS RECORD

FOLDER holds currents.npy, a current a neuron in µA/cm², constant over the run; spikes.npy, the number
of spikes of each neuron, is written there, and what it took is printed as JSON. Brian2 compiles its
code at the first step: that is timed apart, with a cache that is FOLDER's own. With RECORD 1 it keeps
the potential of all neurons at every step, as the layer always does.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import brian2
import numpy as np

EQUATIONS = """
dv/dt = (current - 120*m**3*h*(v - 50) - 36*n**4*(v + 77) - 0.3*(v + 54.387))/ms : 1
dm/dt = (1/exprel(-(v + 40)/10)*(1 - m) - 4*exp(-(v + 65)/18)*m)/ms : 1
dh/dt = (0.07*exp(-(v + 65)/20)*(1 - h) - h/(1 + exp(-(v + 35)/10)))/ms : 1
dn/dt = (0.1/exprel(-(v + 55)/10)*(1 - n) - 0.125*exp(-(v + 65)/80)*n)/ms : 1
current : 1
"""


def network(currents: np.ndarray, method: str, record: bool) -> tuple[Any, Any]:
    """Neurons at rest, and the monitor that counts their spikes."""
    brian2.start_scope()
    neurons = brian2.NeuronGroup(
        len(currents), EQUATIONS, method=method, threshold="v >= 0", refractory="v >= 0"
    )
    neurons.v, neurons.m, neurons.h, neurons.n = -65, 0.05293249, 0.59612075, 0.31767691
    neurons.current = currents
    spikes = brian2.SpikeMonitor(neurons)
    parts = [neurons, spikes]
    if record:
        parts.append(brian2.StateMonitor(neurons, "v", record=True))
    return brian2.Network(*parts), spikes


def peak_mb() -> float:
    """The most memory held so far, MB; not a number where the system does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    folder, method, dtype, milliseconds, rounds, record = sys.argv[1:]
    place = Path(folder)
    brian2.prefs.codegen.target = "cython"
    brian2.prefs.codegen.runtime.cython.cache_dir = str(place / "cython")
    brian2.prefs.core.default_float_dtype = np.dtype(dtype).type
    brian2.defaultclock.dt = 0.01 * brian2.ms
    currents = np.load(place / "currents.npy")

    begun = time.perf_counter()
    network(currents, method, record == "1")[0].run(0.01 * brian2.ms)
    first = time.perf_counter() - begun
    taken, used = [], []
    for _round in range(int(rounds)):
        run, spikes = network(currents, method, record == "1")
        run.run(0 * brian2.ms)  # all that is done once belongs to the building
        begun, begun_cpu = time.perf_counter(), time.process_time()
        run.run(float(milliseconds) * brian2.ms)
        taken.append(time.perf_counter() - begun)
        used.append(time.process_time() - begun_cpu)
        np.save(place / "spikes.npy", np.asarray(spikes.count))
    print(json.dumps({"first": first, "seconds": taken, "cpu": used, "peak": peak_mb()}))


if __name__ == "__main__":
    main()
