"""Model files handed in alone, made so that loading them does something else."""

from __future__ import annotations

import base64
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.submissions.base import HONEST_POINTS, Hostile, Make, written
from tests.submissions.modelfile import CONFIG, config, model, model_file

__all__ = ["CASES"]

_REFUSED = ("refused", "cannot", "which is neither", "xpected", "do not fit")


class _Owned:
    """Runs a program when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return print, ("ESC" + "APED by a pickle",)


def _model(name: str, why: str, make: Make, *says: str, leaves: str = "") -> Hostile:
    """A model alone has no functions to run; where it is refused it earns nothing at all."""
    return Hostile(name, make, "graded", 0.0, says or _REFUSED, why=why, leaves=leaves)


def _last(**fields: Any) -> Make:
    """The last layer's entry, changed."""
    return config(lambda description: description["config"]["layers"][-1].update(fields))


def _setting(**fields: Any) -> Make:
    """The last layer's settings, changed."""
    return config(lambda description: description["config"]["layers"][-1]["config"].update(fields))


def _before_the_last(kind: str, **fields: Any) -> Make:
    """Another layer, before the last."""
    entry = {"class_name": kind, "config": {"name": "way_out", **fields}}
    return config(lambda description: description["config"]["layers"].insert(-1, entry))


def _text(text: str) -> Make:
    def change(file: h5py.File) -> None:
        file.attrs["model_config"] = text

    return model(change)


def _kernel(values: np.ndarray, bias: np.ndarray | None = None) -> Make:
    def change(file: h5py.File) -> None:
        dense = file["model_weights/dense"]
        del dense["dense/kernel"]
        dense["dense/kernel"] = values
        if bias is not None:
            del dense["dense/bias"]
            dense["dense/bias"] = bias

    return model(change)


def _nested(depth: int) -> str:
    """A Sequential model in a Sequential model, as text: `json` itself would not write it."""
    opening = '{"class_name": "Sequential", "config": {"name": "s", "layers": ['
    return opening * depth + json.dumps(CONFIG) + "]}}" * depth


def _cut(share: float) -> Make:
    def make(folder: Path) -> Path:
        path = model_file(folder / "model.h5")
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        return path

    return make


def _dataset(**fields: Any) -> Make:
    return model(lambda file: file["model_weights"].create_dataset("more", **fields))


def _link(target: object) -> Make:
    def change(file: h5py.File) -> None:
        file["model_weights/more"] = target

    return model(change)


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((10,), "float32")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (10,))
    file["model_weights"].create_virtual_dataset("more", layout)


def _deep_groups(file: h5py.File) -> None:
    group = file["model_weights"]
    for _level in range(2_000):
        group = group.create_group("g")


def _ring(file: h5py.File) -> None:
    file["model_weights/dense/ring"] = file["model_weights"]


_CODE_OF_A_FUNCTION = base64.b64encode(b"\xe3" + bytes(40)).decode()
_LAMBDA = {
    "class_name": "__lambda__",
    "config": {"code": _CODE_OF_A_FUNCTION, "defaults": None, "closure": None},
}
_PICKLE = base64.b64encode(pickle.dumps(_Owned())).decode()

_CODE = (
    _model("model_lambda", "code of a function, marshalled", _before_the_last("Lambda",
           function=_LAMBDA), "Lambda"),
    _model("model_lambda_old", "the same as Keras 2 wrote it",
           _before_the_last("Lambda", function=[_CODE_OF_A_FUNCTION, None, None],
                            function_type="lambda", module="os"), "Lambda"),
    _model("model_lambda_within", "a Lambda inside another layer",
           _before_the_last("TimeDistributed", layer={"class_name": "Lambda",
           "config": {"function": _LAMBDA}}),
           "Lambda"),
    _model("model_lambda_by_prefix", "a Lambda by its registered name",
           _before_the_last("keras>Lambda", function=_LAMBDA), "Lambda"),
    _model("model_pickle", "a pickle where a layer's setting is expected",
           _before_the_last("TorchModuleWrapper", module=_PICKLE), "TorchModuleWrapper"),
    _model("model_pickled_weights", "weights that are Python objects",
           _dataset(data=np.void(pickle.dumps(_Owned()))), *_REFUSED),
    _model("model_saved_model", "a layer that loads a SavedModel from a path",
           _before_the_last("TFSMLayer", filepath="/tmp/way_out"), "TFSMLayer"),
    _model("model_module_os", "a class of Keras' name from another module",
           _last(module="os", class_name="system"), "system"),
    _model("model_dense_of_os", "a name that is allowed from a module that is not",
           _last(module="os.path", registered_name="Dense"), "neither"),
    _model("model_registered_name", "a registered name that is not the class'",
           _last(registered_name="builtins>eval"), "neither"),
    _model("model_of_keras_internals", "a function of Keras' own that opens files",
           _last(module="keras.src.saving.saving_lib", class_name="load_model"), "load_model"),
    _model("model_custom_object", "a layer that only its author has", _last(class_name="OwnLayer"),
           "OwnLayer"),
    _model("model_function", "an activation that is any function",
           _setting(activation={"module": "builtins", "class_name": "function", "config": "eval",
                                "registered_name": "function"}), "function"),
    _model("model_initializer", "an initializer of another module",
           _setting(kernel_initializer={"module": "subprocess", "class_name": "Popen",
           "config": {"args": "id"}}),
           "Popen"),
    _model("model_tensor_in_config", "numbers of a tensor instead of a setting, four billion of them",
           _setting(units={"class_name": "__tensor__", "config": {"value": [0], "dtype": "float32"}}),
           "__tensor__"),
    _model("model_bytes_in_config", "bytes to be decoded as a setting",
           _setting(activation={"class_name": "__bytes__", "config": {"value": "gASVAA=="}}),
           "__bytes__"),
    _model("model_reads_a_vocabulary", "words of a file, as the words of a layer",
           _before_the_last("StringLookup", vocabulary="/etc/passwd"), "StringLookup"),
    _model("model_reads_a_text", "the same with another layer",
           _before_the_last("TextVectorization", vocabulary="/etc/shadow"), "TextVectorization"),
)  # fmt: skip

_FILES = (
    _model("model_external_link", "weights that are another file",
           _link(h5py.ExternalLink("/etc/passwd", "/")),
           "link"),
    _model("model_soft_link", "weights that are a link to nothing", _link(h5py.SoftLink("/nowhere")),
           "link"),
    _model("model_ring", "a group that holds itself", model(_ring)),
    _model("model_external_storage", "numbers that lie in a file of the system",
           _dataset(shape=(10,), dtype="uint8", external=[("/etc/passwd", 0, 10)]), "another file"),
    _model("model_virtual", "numbers put together from other files", model(_virtual), "another file"),
    _model("model_reference", "a reference instead of numbers",
           model(lambda file: file["model_weights"].create_dataset("more", data=file.ref,
           dtype=h5py.ref_dtype))),
    _model("model_named_type", "a type where weights are expected",
           model(lambda file: file["model_weights"].__setitem__("more", np.dtype("f4")))),
    _model("model_deep_groups", "groups in groups, two thousand deep", model(_deep_groups), "nested"),
    _model("model_shape_bomb", "a petabyte of numbers of which none is written",
           _dataset(shape=(10**14,), dtype="float64", chunks=(10**6,)), "bytes unpacked"),
    _model("model_compression_bomb", "300 MB of zeros, compressed",
           _dataset(shape=(3 * 10**8,), dtype="float32", chunks=(10**7,), compression="gzip"),
           "bytes unpacked"),
    _model("model_of_many_layers", "a million layers",
           _text('{"class_name": "Sequential", "config": {"layers": ['
                 + ",".join(['{"class_name":"Flatten","config":{}}'] * 60_000) + "]}}"), "layers"),
    _model("model_description_of_4_mb", "a description that is mostly spaces",
           _text(" " * 4_000_000 + "{")),
    _model("model_nested", "a model in a model, a thousand deep", _text(_nested(1_000)), "nested"),
    _model("model_nested_lists", "brackets, a hundred thousand deep",
           _text('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"), "nested"),
)  # fmt: skip

_WRONG = (
    *(_model(f"model_cut_at_{percent}", "half a download", _cut(percent / 100)) for percent in (3, 30,
    60, 95)),
    _model("model_of_no_value", "weights that are NaN",
           _kernel(np.full((784, 10), np.nan, "float32")), "NaN"),
    _model("model_of_infinity", "weights that are infinite",
           _kernel(np.full((784, 10), np.inf, "float32")), "infinite"),
    _model("model_of_other_weights", "weights for another layer",
           _kernel(np.zeros((784, 11), "float32"), np.zeros(11, "float32")), "do not fit"),
    _model("model_of_words", "weights that are words",
           _kernel(np.array([[b"word"] * 10] * 784)), "do not fit", *_REFUSED),
    _model("model_of_a_billion_units", "a size that no machine has", _setting(units=10**9),
           "parameters",
           *_REFUSED),
    _model("model_of_negative_units", "a size below zero", _setting(units=-1)),
    _model("model_of_a_huge_number", "a size of thirty digits", _setting(units=10**30), "parameters",
           *_REFUSED),
    _model("model_is_text", "a text with another ending", written("Here is my model.\n", "model.h5"),
           "not an HDF5 file"),
    _model("model_is_a_zip", "the other format of Keras with this one's ending",
           written(b"PK\x05\x06" + bytes(18), "model.h5"), "not an HDF5 file"),
    Hostile("model_is_empty", written(b"", "model.h5"), "refused", 0.0, ("empty",),
            why="a file without a byte"),
    _model("model_is_a_header", "eight bytes of a model", written(b"\x89HDF\r\n\x1a\n", "model.h5")),
    _model("model_without_description", "weights alone",
           model(lambda file: file.attrs.__delitem__("model_config")), "no Keras model"),
    _model("model_of_broken_json", "a description that ends too early",
           _text('{"class_name": "Sequential", ')),
    _model("model_of_a_list", "a description that is a list", _text("[1, 2, 3]")),
    _model("model_of_a_number", "a description that is no text",
           model(lambda file: file.attrs.__setitem__("model_config", 7))),
)  # fmt: skip

_ANSWERS = (
    Hostile("model_honest", model(), "graded", HONEST_POINTS, why="an untrained model handed in alone"),
    Hostile("model_of_other_inputs", config(lambda d: d["config"]["layers"][0]["config"].update(
        batch_shape=[None, 784])), "graded", HONEST_POINTS,
        why="a model that expects rows of 784 numbers"),
    Hostile("model_of_one_image", config(lambda d: d["config"]["layers"][0]["config"].update(
        batch_shape=[7, 28, 28])), "graded", HONEST_POINTS, why="a model for seven images at a time"),
)  # fmt: skip

CASES = _CODE + _FILES + _WRONG + _ANSWERS
