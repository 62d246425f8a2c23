"""How long `labkit --help` and `labkit list` take, against importing TensorFlow and against Python.

python benchmarks/start.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 7
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "labkit --help": ["-m", "labkit", "--help"],
    "labkit list": ["-m", "labkit", "list"],
    "import tensorflow": ["-c", "import tensorflow"],
}


def run(arguments: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _round in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            times[name].append(run(arguments))
    whole = statistics.median(times["import tensorflow"])
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        print(f"{name:<20} {middle:6.3f} s  {middle / whole:6.1%} of importing TensorFlow")
