"""Ctrl-C in a real process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
import keras, numpy as np
from labkit.lifecycle.fit import accelerated
keras.utils.set_random_seed(0)
x = np.random.normal(size=(64, 3)); y = x.sum(axis=1)
model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.05), "mse")
losses = []
class Tell(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        losses.append(logs["val_loss"])
        if epoch == 40:
            self.model.optimizer.learning_rate = -0.05   # from here on it gets worse
        if epoch == 60:
            print("now", flush=True)
with accelerated() as records:
    history = model.fit(x, y, epochs=10_000_000, verbose=0, validation_data=(x, y), callbacks=[Tell()])
print(json.dumps({"best": min(losses), "now": model.evaluate(x, y, verbose=0),
    "interrupted": records[0].interrupted, "epochs": len(history.epoch), "seen": len(losses)}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_keeps_the_best_weights_and_says_so() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGINT)
    printed, complaint = process.communicate(timeout=60)
    told = json.loads(printed)
    assert process.returncode == 0
    assert "best weights so far are kept" in complaint
    assert told["interrupted"]
    assert told["seen"] > 60
    assert told["now"] == pytest.approx(told["best"], rel=1e-4)
