"""Lab 17's game for a whole population in one graph against Gymnasium's CartPole-v1, one by one.

    python benchmarks/neuroevolution.py

Both play the same networks from the same start, to the same total reward. In the environment a network
is asked in NumPy, with its weights taken apart beforehand, and the environment's own time limit is on;
`unwrapped` is the environment without its wrappers, the fastest way to use it. Each round plays both in
turn; medians of the times and of their ratios are printed, and the first call, compiling included, too.
Needs pip install gymnasium.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import gymnasium
import numpy as np
import tensorflow as tf

from labkit.rubric import find

ROUNDS = 5
PLAYERS, STEPS = 500, 500
LAB = find.lab("lab17")


def solution() -> Any:
    spec = importlib.util.spec_from_file_location("lab17_solution", find.solution(LAB))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def populations(lab: Any) -> dict[str, np.ndarray]:
    """Newcomers, of which most fall soon, and descendants of one that lasts: all of them last."""
    rng = np.random.default_rng(17)
    first = rng.normal(size=(PLAYERS, 25))
    shape = (10, PLAYERS - 5, 25)
    champion, _history = lab.balance(
        first, rng.uniform(-0.05, 0.05, (4, 4)), STEPS,
        rng.integers(0, PLAYERS, (10, 2, PLAYERS - 5, 5)), rng.random(shape) < 0.5,
        rng.normal(0, 0.5, shape), rng.random(shape) < 0.1,
    )  # fmt: skip
    return {"first generation": first, "all last": champion + 0.003 * rng.normal(size=first.shape)}


def one_by_one(environment: Any, genes: np.ndarray, start: np.ndarray) -> list[int]:
    """The reward of each network in the environment, which may be `unwrapped`."""
    cart, totals = environment.unwrapped, []
    for one in genes:
        w, b, v, c = one[:16].reshape(4, 4), one[16:20], one[20:24], one[24]
        environment.reset()
        state = cart.state = start.copy()
        total, over = 0, False
        while not over and total < STEPS:
            push = int(np.tanh(state @ w + b) @ v + c > 0)
            _seen, reward, over, _late, _more = environment.step(push)
            total += int(reward)
            state = cart.state
        totals.append(total)
    return totals


def seconds(action: Callable[[], Any]) -> tuple[float, np.ndarray]:
    begun = time.perf_counter()
    found = np.ravel(action())
    return time.perf_counter() - begun, found


def main() -> None:
    lab = solution()
    start = np.array([0.01, -0.02, 0.03, 0.01])
    made = gymnasium.make("CartPole-v1")
    for title, genes in populations(lab).items():
        inputs = tf.constant(genes), tf.constant(start[None])
        first, _lasted = seconds(lambda inputs=inputs: lab.play(*inputs, STEPS))
        for name, environment in (("as made", made), ("unwrapped", made.unwrapped)):
            times = []
            for _round in range(ROUNDS):
                mine, lasted = seconds(lambda inputs=inputs: lab.play(*inputs, STEPS))
                other, totals = seconds(lambda genes=genes, e=environment: one_by_one(e, genes, start))
                times.append((mine, other))
            mine, other = (statistics.median(column) for column in zip(*times))
            ratio = statistics.median(theirs / ours for ours, theirs in times)
            print(
                f"{title:<17} {lasted.sum():>7,} steps: "
                f"labkit {mine:6.4f} s (first call {first:5.2f} s), "
                f"gymnasium {name:<9} {totals.sum():>7,} steps {other:6.2f} s: "
                f"{ratio:5.0f} times as fast, {np.sum(lasted != totals)} games differ",
                flush=True,
            )


if __name__ == "__main__":
    main()
