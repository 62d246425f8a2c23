"""What the page of lab 6 walks through, and what it says of it."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("gradio")

import keras
from keras import layers

from labkit.errors import ModelFileError
from labkit.playground.pages.latent import PAGE, generator, place, told
from labkit.playground.pictures import tiles


def test_a_line_leads_from_one_end_to_the_other() -> None:
    here = place(4, 16)
    noise = here.noise(np.array([0.0, 0.5, 1.0]), np.zeros((3, 2)))
    np.testing.assert_allclose(noise[[0, 2]], here.ends, rtol=1e-6)
    np.testing.assert_allclose(noise[1], np.mean(here.ends, axis=0), rtol=1e-5)


def test_directions_are_of_length_one_and_at_right_angles() -> None:
    directions = np.array(place(4, 16).directions)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-12)


def test_a_seed_is_one_place() -> None:
    np.testing.assert_array_equal(place(4, 16).ends, place(4, 16).ends)
    assert not np.allclose(place(4, 16).ends, place(5, 16).ends)


def images(*shades: float) -> np.ndarray:
    """Images of 28 × 28 pixels, each of one shade."""
    return np.ones((len(shades), 28, 28)) * np.array(shades)[:, None, None]


def test_even_steps_are_smooth() -> None:
    assert str(told(images(0.1, 0.2, 0.3, 0.4), images(0.1))).startswith("Smooth: ")


def test_one_step_that_is_much_greater_is_a_jump_and_is_named() -> None:
    assert "from image 3" in str(told(images(0.1, 0.12, 0.14, 0.9, 0.92), images(0.1)))


def test_images_nearer_than_one_are_the_same_everywhere() -> None:
    assert "collapsed" in str(told(images(0.5, 0.51, 0.5), images(0.49)))
    assert "collapsed" not in str(told(images(0.5, 0.51, 0.5), images(0.9)))


def test_the_framed_tile_has_a_frame_and_no_other() -> None:
    orange = (tiles(images(0, 0, 0), 3, 1) == (213, 94, 0)).all(axis=-1)
    columns = np.flatnonzero(orange.any(axis=0))
    assert (columns.min(), columns.max()) == (30, 61)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1)])
def test_images_may_have_a_channel_and_are_kept_from_0_to_1(shape: tuple[int, ...]) -> None:
    wide = layers.Dense(784, kernel_initializer="ones")
    made, latent = generator(keras.Sequential([keras.Input((7,)), wide, layers.Reshape(shape)]))
    assert latent == 7
    assert made(np.array([[3.0] * 7, [-3.0] * 7], "float32")).tolist() == images(1, 0).tolist()


def test_a_model_that_makes_no_images_is_refused() -> None:
    with pytest.raises(ModelFileError, match=r"gives \(None, 10\)") as refused:
        PAGE.build(keras.Sequential([keras.Input((16,)), layers.Dense(10)]))
    assert "28 × 28" in str(refused.value.expected)
