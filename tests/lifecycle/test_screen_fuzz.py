"""Made-up model files: each is loaded or refused, and nothing else happens.

The files are read in a process of their own, as the kit reads them, for HDF5's library may crash on
damaged structures. Run as a program, this file is that process: it answers paths, line by line.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import h5py
import keras
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from labkit.errors import ModelFileError
from labkit.lifecycle.h5 import load, save
from labkit.lifecycle.screen import inspect

SECONDS = 60  # that one file may take on a busy machine
MEGABYTES = 400  # that all of them together may take in addition

fuzz = partial(
    settings, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


# The process that reads the files


def _answer(path: str) -> str:
    try:
        inspect(path)
        load(path)
    except ModelFileError as error:
        str(error).encode()  # can be shown
        return "refused"
    except BaseException:  # what is looked for
        return f"raised {traceback.format_exc()}"
    return "loaded"


def _serve() -> None:
    """Answer the paths of standard input, and tell of every file, program and address touched."""
    here = str(Path(__file__).resolve().parents[2])
    own = (sys.prefix, sys.base_prefix, here, *map(str, keras.__path__))
    touched: list[str] = []
    path = ""

    def watch(what: str, details: tuple[Any, ...]) -> None:
        place = str(details[0]) if details else ""
        if what in ("subprocess.Popen", "os.system", "socket.connect", "pickle.find_class"):
            touched.append(f"{what} {place}")
        if what == "open" and not place.startswith((*own, path)) and not place.isdecimal():
            touched.append(f"{what} {place}")

    sys.addaudithook(watch)
    for line in sys.stdin:
        path = json.loads(line)
        touched.clear()
        answer = _answer(path)
        answer = f"touched {touched}" if touched else answer
        print(json.dumps([answer, _megabytes()]), file=sys.__stdout__, flush=True)


def _megabytes() -> float:
    """The most memory that this process has held; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10


class Reader:
    """A warm process that reads model files; a new one takes its place when it dies."""

    def __init__(self, folder: Path, good: bytes) -> None:
        self.path = folder / "made up.h5"
        self.good = good
        self.deaths = 0
        self._start()

    def _start(self) -> None:
        command = [sys.executable, __file__]
        pipe = subprocess.PIPE
        self.child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        self.path.write_bytes(self.good)
        answer, self.most = self._ask()
        assert answer == "loaded"
        self.most += MEGABYTES

    def read(self) -> str:
        """What becomes of the file at `path`: loaded, refused, or something that must not be."""
        try:
            answer, megabytes = self._ask()
        except ValueError:  # half a line or none
            self.close()
            self.deaths += 1
            self._start()
            return "died"
        return answer if megabytes <= self.most else f"took {megabytes} MB"

    def _ask(self) -> tuple[str, float]:
        assert self.child.stdin and self.child.stdout
        overtime = threading.Timer(SECONDS, self.child.kill)
        overtime.start()
        with contextlib.suppress(BrokenPipeError):
            self.child.stdin.write(json.dumps(str(self.path)).encode() + b"\n")
            self.child.stdin.flush()
        line = self.child.stdout.readline()
        overtime.cancel()
        answer, megabytes = json.loads(line)
        return answer, megabytes

    def close(self) -> None:
        """End the process."""
        self.child.kill()
        self.child.communicate()


# Files that are made up


def _graph() -> keras.Model:
    inputs = keras.Input((3,), name="in")
    shared = keras.layers.Dense(3, "relu", kernel_regularizer="l2", name="shared")
    both = keras.layers.Concatenate(name="both")([shared(shared(inputs)), inputs])
    model = keras.Model(inputs, keras.layers.Dense(1, name="out")(both))
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=[keras.metrics.AUC(num_thresholds=5)])
    return model


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("fuzz")
    save(_graph(), folder / "good.h5")
    reader = Reader(folder, (folder / "good.h5").read_bytes())
    yield reader
    reader.close()


PLACES = st.integers(0, 2**20)
KINDS = sorted(name for name in vars(keras.layers) if name[0].isupper())
MORE_KINDS = [
    "SGD",
    "AUC",
    "MeanIoU",
    "Huber",
    "Zeros",
    "STFT",
    "DTypePolicy",
    "keras>Lambda",
    "function",
]
MORE_KINDS += ["__tuple__", "__tensor__", "__keras_tensor__", "labkit>Dense", "TypeSpec"]
NAMES = st.sampled_from(["in", "shared", "both", "out", "nobody"])
REFERENCES = st.tuples(NAMES, st.integers(-2, 3), st.integers(-1, 2)).map(list)
ODD = st.one_of(
    st.sampled_from([None, True, 0, -1, 1, 2**31, 2**63, 10**30, 10**4299, 1e308, -1.5]),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), "", "x" * 9_999, "\ud800", "\x1b[2J"]),
    st.sampled_from([[], {}, [[]], "@whole", "@deep", "/etc/passwd", "__class__", "keras>Dense"]),
    st.sampled_from([*KINDS, *MORE_KINDS, "keras", "keras.src.ops.numpy", "os", "builtins"]),
    st.builds(lambda kind: {"class_name": kind, "config": {}}, st.sampled_from(KINDS + MORE_KINDS)),
    REFERENCES,
    st.lists(st.lists(REFERENCES.map(lambda to: [*to, {}]), max_size=3), max_size=3),
    st.recursive(st.none() | st.integers() | st.floats() | st.text(max_size=4),
                 lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=4), part)),
)  # fmt: skip
DEEP = "[" * 20_000 + "]" * 20_000


def _damaged(good: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    content = bytearray(good)
    for how, place, other in changes:
        start = place % max(1, len(content))
        end = start + len(other)
        if how == "write":
            content[start:end] = other[: len(content) - start]
        elif how == "flip" and content:
            content[start] ^= 1 << place % 8
        elif how == "zero":
            content[start:end] = bytes(len(content[start:end]))
        elif how == "insert":
            content[start:start] = other
        elif how == "drop":
            del content[start:end]
        elif how == "copy":
            content[start:end] = content[place // 7 % len(content) :][: len(other)] if content else b""
        elif how == "cut":
            del content[start:]
    return bytes(content)


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in JSON at which something else could stand: container and key."""
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _spots(part)


def _described(config: Any, changes: list[tuple[int, Any]], twice: int | None) -> str:
    """The JSON of a description with other values here and there, and perhaps a key twice."""
    for place, other in changes:
        if spots := list(_spots(config)):
            container, key = spots[place % len(spots)]
            container[key] = copy.deepcopy(config if other == "@whole" else other)
    text = json.dumps(config).replace('"@deep"', DEEP)
    keys = text.split('": ')
    if twice is not None and len(keys) > 2:
        number = 1 + twice % (len(keys) - 2)
        name = keys[number].rsplit('"', 1)[1]
        keys[number] += f'": {json.dumps(changes[0][1] if changes else None)}, "{name}'
    return '": '.join(keys)


@fuzz(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["write", "flip", "zero", "insert", "drop", "copy", "cut"]),
            PLACES,
            st.binary(min_size=1, max_size=16),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_file_of_damaged_bytes_is_loaded_or_refused(reader: Reader, changes: list[Any]) -> None:
    reader.path.write_bytes(_damaged(reader.good, changes))
    answer = reader.read()
    event(answer)
    assert answer in ("loaded", "refused", "died")
    assert reader.deaths < 10


@fuzz(max_examples=150)
@given(
    st.sampled_from(["model_config", "model_config", "training_config"]),
    st.lists(st.tuples(PLACES, ODD), min_size=1, max_size=3),
    st.none() | PLACES,
)
def test_a_made_up_description_is_loaded_or_refused(
    reader: Reader, which: str, changes: list[Any], twice: int | None
) -> None:
    reader.path.write_bytes(reader.good)
    with h5py.File(reader.path, "r+") as file:
        config = json.loads(file.attrs[which])
        file.attrs[which] = _described(config, changes, twice)
    answer = reader.read()
    event(answer)
    assert answer in ("loaded", "refused")


if __name__ == "__main__":
    _serve()
