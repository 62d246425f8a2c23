from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from labkit import layers


def test_every_public_layer_is_behind_the_front_door() -> None:
    import keras

    for name in layers.__all__:
        layer = getattr(layers, name)
        assert issubclass(layer, keras.layers.Layer)
        assert keras.saving.get_registered_name(layer) == f"labkit>{name}"
    assert dir(layers) == layers.__all__ == sorted(layers._HOMES)


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Dense'"):
        layers.Dense  # noqa: B018


def test_importing_it_imports_nothing_heavy() -> None:
    program = "import sys, labkit.layers; print({'tensorflow', 'keras', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_process_that_never_saw_the_layer_loads_the_model(tmp_path: Path) -> None:
    import keras

    from labkit.lifecycle import h5

    inputs = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)
    model = keras.Sequential([keras.Input((4,)), layers.Maxout(2), keras.layers.Dense(1)])
    h5.save(model, tmp_path / "m.h5")
    program = (
        "import numpy as np; from labkit.lifecycle import h5; "
        f"model = h5.load({str(tmp_path / 'm.h5')!r}); "
        "x = np.linspace(-1, 1, 12, dtype='float32').reshape(3, 4); "
        "print(model.predict(x, verbose=0).tolist())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    np.testing.assert_allclose(json.loads(done.stdout), model.predict(inputs, verbose=0), rtol=1e-6)


def test_keras_alone_loads_the_model_once_the_class_was_imported(tmp_path: Path) -> None:
    import keras

    from labkit.lifecycle import h5

    h5.save(keras.Sequential([keras.Input((4,)), layers.Maxout(2)]), tmp_path / "m.h5")
    program = f"""if True:
        import keras
        from labkit import layers
        try:
            keras.models.load_model({str(tmp_path / "m.h5")!r})
        except Exception as error:
            print("labkit>Maxout" in str(error))
        from labkit.layers import Maxout
        print(type(keras.models.load_model({str(tmp_path / "m.h5")!r}).layers[0]) is Maxout)
        """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
