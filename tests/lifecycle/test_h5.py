"""Models through a file and back, and files that must not be let in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers
from keras.src.backend.common import global_state

from labkit.errors import ModelFileDamaged, ModelFileError, ModelFileUnsafe, StorageError
from labkit.lifecycle.fit import fit
from labkit.lifecycle.h5 import load, save
from labkit.lifecycle.predict import predict
from labkit.lifecycle.screen import Limits, inspect

X = np.random.default_rng(0).normal(size=(40, 6, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(40, 1)).astype("float32")


def dense() -> keras.Model:
    model = keras.Sequential(
        [layers.Input((6, 4)), layers.Flatten(), layers.Dense(5, "relu"), layers.Dense(1)]
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model


def recurrent() -> keras.Model:
    inputs = keras.Input((6, 4))
    inner = keras.Sequential([layers.Dense(4, kernel_regularizer="l2"), layers.BatchNormalization()])
    x = layers.Bidirectional(layers.LSTM(3))(inner(inputs))
    model = keras.Model(inputs, layers.Dense(1)(x))
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), keras.losses.Huber())
    return model


def scaled() -> keras.Model:
    normalization = layers.Normalization()
    normalization.adapt(X)
    model = keras.Sequential([layers.Input((6, 4)), normalization, layers.Flatten(), layers.Dense(1)])
    model.compile("rmsprop", "mae")
    return model


@pytest.mark.parametrize("build", [dense, recurrent, scaled])
def test_a_model_comes_back_as_it_was_and_trains_on_where_it_was(
    build: Callable[[], keras.Model], tmp_path: Path
) -> None:
    model = build()
    model.fit(X, Y, epochs=2, verbose=0)
    save(model, tmp_path / "modelo español.h5")
    back = load(tmp_path / "modelo español.h5")
    for one, other in zip(back.get_weights(), model.get_weights()):
        assert np.array_equal(one, other)
    assert np.array_equal(predict(back, X), predict(model, X))
    for each in (model, back):
        each.fit(X, Y, shuffle=False, verbose=0)
    for one, other in zip(back.get_weights(), model.get_weights()):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_what_was_only_looked_at_is_never_allocated_by_a_later_fit(tmp_path: Path) -> None:
    model = dense()
    save(model, tmp_path / "m.h5")
    fit(model, X, Y, verbose=0)  # from here on Keras keeps a list of what is to be allocated
    inspect(tmp_path / "m.h5")
    assert not global_state.get_global_attribute("uninitialized_variables")


def test_the_card_tells_what_the_file_holds(tmp_path: Path) -> None:
    save(dense(), tmp_path / "m.h5")
    card = inspect(tmp_path / "m.h5")
    assert card.parameters == 24 * 5 + 5 + 5 + 1
    assert [layer.class_name for layer in card.layers] == ["Flatten", "Dense", "Dense"]
    assert (card.layers[1].units, card.layers[1].activation) == (5, "relu")
    assert (card.loss, card.optimizer) == ("mean_squared_error", "Adam")


class OwnMetric(keras.metrics.MeanSquaredError):
    pass


class OwnLoss(keras.losses.Loss):
    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.abs(y_true - y_pred), axis=-1)


@pytest.mark.parametrize(
    ("compiled", "loss"),
    [
        ({"loss": "mse", "metrics": [OwnMetric()]}, "mean_squared_error"),
        ({"loss": OwnLoss()}, "OwnLoss"),
    ],
)
def test_losses_and_metrics_of_ones_own_are_refused_only_where_they_are_loaded(
    compiled: dict[str, Any], loss: str, tmp_path: Path
) -> None:
    model = dense()
    model.compile("adam", **compiled)
    model.fit(X, Y, verbose=0)
    save(model, tmp_path / "m.h5")
    with pytest.raises(ModelFileUnsafe, match="neither Keras' nor the kit's"):
        load(tmp_path / "m.h5")
    back = load(tmp_path / "m.h5", compile=False)
    assert np.array_equal(predict(back, X), predict(model, X))
    card = inspect(tmp_path / "m.h5", compile=False)
    assert (loss in card.loss, card.optimizer) == (True, "Adam")


@pytest.mark.parametrize(
    ("optimizer", "shown"), [("\x1b[2J" + "a" * 200, "\ufffd[2J" + "a" * 76), ([[]], "")]
)
def test_the_name_of_an_optimizer_nobody_looked_at_can_be_shown(
    optimizer: Any, shown: str, tmp_path: Path
) -> None:
    save(dense(), tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "r+") as file:
        file.attrs["training_config"] = json.dumps({"optimizer_config": {"class_name": optimizer}})
    assert inspect(tmp_path / "m.h5", compile=False).optimizer == shown


def test_a_subclassed_model_is_refused_when_saved(tmp_path: Path) -> None:
    class Own(keras.Model):
        pass

    with pytest.raises(ModelFileError, match="Sequential or functional"):
        save(Own(), tmp_path / "m.h5")
    assert not list(tmp_path.iterdir())


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    save(dense(), tmp_path / "m.h5")
    before = (tmp_path / "m.h5").read_bytes()
    program = (
        "import resource, signal, sys; from labkit.lifecycle.h5 import save; import keras\n"
        "from labkit.errors import StorageError\n"
        "model = keras.Sequential([keras.layers.Input((1000,)), keras.layers.Dense(1000)])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: save(model, sys.argv[1])\n"
        "except StorageError: sys.exit(5)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "m.h5")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 5
    assert (tmp_path / "m.h5").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["m.h5"]


def test_a_folder_that_is_not_there_is_an_error_of_storage(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        save(dense(), tmp_path / "nowhere" / "m.h5")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a good file."""
    path = tmp_path_factory.mktemp("good") / "m.h5"
    save(dense(), path)
    return path.read_bytes()


def _change(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        change(config)
        file.attrs["model_config"] = json.dumps(config)


def _dense_layer(config: dict[str, Any]) -> dict[str, Any]:
    return next(layer for layer in config["config"]["layers"] if layer["class_name"] == "Dense")


def _nest(config: dict[str, Any], depth: int = 500) -> None:
    inner: dict[str, Any] = {}
    for _level in range(depth):
        inner = {"a": inner}
    config["config"]["deep"] = inner


def test_a_description_nested_too_deep_for_json_is_refused(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(good)
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    with pytest.raises(ModelFileUnsafe, match="nested"):
        load(path)


def _rename(name: str, **more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda config: _dense_layer(config).update({"class_name": name, **more})


def _set(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda config: _dense_layer(config)["config"].update(values)


def _many(config: dict[str, Any]) -> None:
    config["config"]["layers"] += [_dense_layer(config)] * 2_000


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], Any], type[ModelFileError], str]] = {
    "a Lambda": (_rename("Lambda"), ModelFileUnsafe, "Lambda"),
    "a Lambda by another door": (_rename("keras>Lambda"), ModelFileUnsafe, "Lambda"),
    "a foreign layer": (_rename("Custom"), ModelFileUnsafe, "Custom"),
    "a foreign module": (_rename("Dense", module="os.path"), ModelFileUnsafe, "Dense"),
    "a registered name": (_rename("Dense", registered_name="evil>Dense"), ModelFileUnsafe, "Dense"),
    "a saved model": (_rename("TFSMLayer"), ModelFileUnsafe, "TFSMLayer"),
    "a vocabulary file": (_rename("StringLookup"), ModelFileUnsafe, "StringLookup"),
    "a function": (
        _set(activation={"class_name": "function", "config": "eval"}), ModelFileUnsafe, "function"),
    "an initializer": (
        _set(kernel_initializer={"class_name": "Evil", "config": {}}), ModelFileUnsafe, "Evil"),
    "a billion units": (_set(units=10**9), ModelFileUnsafe, "parameters"),
    "too many units to count": (_set(units=10**30), ModelFileError, "."),
    "units below zero": (_set(units=-1), ModelFileDamaged, "build"),
    "other units than weights": (_set(units=6), ModelFileDamaged, "do not fit"),
    "two thousand layers": (_many, ModelFileUnsafe, "layers"),
    "five hundred levels": (_nest, ModelFileUnsafe, "nested"),
    "a layer of no kind": (_rename(None), ModelFileUnsafe, "without a name"),  # type: ignore[arg-type]
    "an odd model": (lambda config: config.update({"class_name": "Dense"}), ModelFileError, "."),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_description_is_refused_with_its_reason(
    name: str, good: bytes, tmp_path: Path
) -> None:
    change, error, words = HOSTILE[name]
    path = tmp_path / "m.h5"
    path.write_bytes(good)
    _change(path, change)
    with pytest.raises(error, match=words):
        load(path)


def test_a_reshape_to_a_huge_output_is_refused(tmp_path: Path) -> None:
    model = keras.Sequential([layers.Input((4,)), layers.RepeatVector(50)])
    save(model, tmp_path / "m.h5")
    with pytest.raises(ModelFileUnsafe, match="output"):
        inspect(tmp_path / "m.h5", Limits(activations=199))
    assert inspect(tmp_path / "m.h5", Limits(activations=200)).parameters == 0


def test_weights_that_are_no_numbers_are_refused(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(good)
    with h5py.File(path, "r+") as file:
        names: list[str] = []
        file["model_weights"].visit(names.append)
        kernel = next(name for name in names if name.endswith("kernel"))
        file["model_weights"][kernel][0, 0] = np.nan
    with pytest.raises(ModelFileDamaged, match="NaN"):
        load(path)


@pytest.mark.parametrize("link", ["external", "soft"])
def test_links_are_refused(link: str, good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(good)
    with h5py.File(path, "r+") as file:
        target = h5py.ExternalLink("/etc/passwd", "/") if link == "external" else h5py.SoftLink("/")
        file["model_weights/way_out"] = target
    with pytest.raises(ModelFileUnsafe, match="link"):
        load(path)


def test_numbers_kept_in_another_file_are_refused(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(good)
    with h5py.File(path, "r+") as file:
        place = [(str(tmp_path / "elsewhere"), 0, 40)]
        file.create_dataset("model_weights/away", (10,), "float32", external=place)
    with pytest.raises(ModelFileUnsafe, match="another file"):
        load(path)


def test_a_compression_bomb_is_refused_unread(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(good)
    with h5py.File(path, "r+") as file:
        file.create_dataset("model_weights/bomb", (10**9,), "float32", chunks=(10**6,), compression=9)
    with pytest.raises(ModelFileUnsafe, match="bytes unpacked"):
        load(path)


def test_weights_alone_are_no_model(tmp_path: Path) -> None:
    dense().save_weights(tmp_path / "m.weights.h5")
    with pytest.raises(ModelFileDamaged, match="no Keras model"):
        load(tmp_path / "m.weights.h5")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"x" * 5_000])
def test_what_is_no_hdf5_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.h5").write_bytes(content)
    with pytest.raises(ModelFileDamaged):
        load(tmp_path / "m.h5")


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.h5", tmp_path):
        with pytest.raises(ModelFileDamaged):
            load(path)


def test_half_a_download_is_refused_wherever_it_was_cut(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    for share in np.linspace(0.02, 0.98, 40):
        path.write_bytes(good[: int(share * len(good))])
        with pytest.raises(ModelFileError):
            inspect(path)


def test_flipped_bytes_are_refused_or_harmless(good: bytes, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    path = tmp_path / "m.h5"
    refused = 0
    for _case in range(150):
        content = bytearray(good)
        for place in generator.integers(0, len(content), 3):
            content[place] = int(generator.integers(0, 256))
        path.write_bytes(bytes(content))
        try:
            inspect(path)
        except ModelFileError:
            refused += 1
    assert refused > 0
