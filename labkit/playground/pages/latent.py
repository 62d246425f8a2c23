"""Lab 6: walk through the space that a generator makes its images of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit import data
from labkit.errors import ModelFileError
from labkit.i18n import Text, texts
from labkit.lifecycle import h5
from labkit.playground.images import SIDE
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import image, percent, said, tiles

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "Place", "generator", "place", "told"]

_ = texts(__file__)

_STEPS, _ACROSS, _REACH = 11, 5, 3.0  # of the line; of the plane, and how far it goes
_SAME = 1.0  # closer together two images are one, as in the lab's rubric
_JUMP = 3.0  # so many times the middle step

Generator = Callable[[np.ndarray], np.ndarray]
"""From noise, (n, latent), to images, (n, 28, 28), of 0 to 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """Two points of the latent space and two directions, each (latent,).

    Args:
        ends: A and B, drawn like the noise of training.
        directions: Of length 1, and at right angles.
    """

    ends: tuple[np.ndarray, np.ndarray]
    directions: tuple[np.ndarray, np.ndarray]

    def noise(self, way: np.ndarray, aside: np.ndarray) -> np.ndarray:
        """Noise, (n, latent): so much of the way from A to B, and so far along the two directions.

        Args:
            way: From 0 to 1, (n,).
            aside: (n, 2).
        """
        a, b = self.ends
        return np.asarray(a + way[:, None] * (b - a) + aside @ np.array(self.directions), "float32")


def place(seed: int, latent: int) -> Place:
    """The place of a seed; the same one each time.

    Args:
        seed: 0 or more.
        latent: Numbers that an image is made from, at least 2.
    """
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, latent))
    u, v = np.linalg.qr(rng.normal(size=(latent, 2)))[0].T
    return Place((a, b), (u, v))


def _lengths(differences: np.ndarray) -> np.ndarray:
    """How great each difference of two images is: the root of its summed squares."""
    return np.linalg.norm(differences.reshape(len(differences), -1), axis=1)


def generator(model: keras.Model | None) -> tuple[Generator, int]:
    """The function from noise to images, and how many numbers an image is made from.

    Raises:
        ModelFileError: The model takes or gives something else.
    """
    given: Any = None if model is None else model.input_shape
    answered: Any = None if model is None else model.output_shape
    fits = isinstance(given, tuple) and isinstance(answered, tuple) and len(given) == 2
    fits = fits and given[1] is not None and given[1] >= 2
    if model is None or not fits or answered[1:] not in ((SIDE, SIDE), (SIDE, SIDE, 1)):
        raise ModelFileError(
            _("The model takes {given} and gives {answered}.", given=given, answered=answered),
            _("This page needs a generator: from a row of noise to an image of 28 × 28 pixels."),
            _("Open a model that the lab exported, or name one with --model."),
        )
    network = model

    def made(noise: np.ndarray) -> np.ndarray:
        images = np.asarray(network(noise, training=False)).reshape(-1, SIDE, SIDE)
        return np.clip(np.nan_to_num(images), 0, 1)

    return made, int(given[1])


def build(model: keras.Model | None) -> None:
    """Where to stand, the line from A to B, and the plane of two directions."""
    made, latent = generator(model)
    reader = h5.load(data.model("mnist", "classifier"), compile=False)

    @in_this_language
    def look(seed: float | None, way: float, first: float, second: float) -> tuple[str, ...]:
        here = place(max(0, int(seed or 0)), latent)
        return _looked_at(made, reader, here, np.array([way / 100, first, second], float))

    start = (1, 0.0, 0.0, 0.0)
    with gr.Row():
        with gr.Column(scale=2, min_width=300):
            way = gr.Slider(
                0, 100, value=0, step=2, label=str(_("From A to B (% of the way)")), elem_id="way",
                buttons=[],
            )  # fmt: skip
            asides = [
                gr.Slider(
                    -_REACH, _REACH, value=0, step=0.25, label=str(label), elem_id=name, buttons=[]
                )
                for name, label in (
                    ("first", _("Along the first direction")),
                    ("second", _("Along the second direction")),
                )
            ]
            with gr.Row(equal_height=True):
                seed = gr.Number(
                    start[0], label=str(_("Seed of the place")), precision=0, minimum=0, elem_id="seed",
                    min_width=120,
                )  # fmt: skip
                another = gr.Button(
                    str(_("Another place")), variant="primary", elem_id="another", min_width=120
                )
            shown = look(*start)
            here = gr.HTML(shown[1], apply_default_css=False, elem_id="here", elem_classes="large")
        with gr.Column(scale=3, min_width=420):
            words = gr.HTML(shown[0], apply_default_css=False, elem_id="said")
            line = gr.HTML(shown[2], apply_default_css=False, elem_id="line", elem_classes="full")
            plane = gr.HTML(shown[3], apply_default_css=False, elem_id="plane", elem_classes="full")
    for knob in (seed, way, *asides):
        knob.change(
            look, [seed, way, *asides], [words, here, line, plane],
            show_progress="hidden", trigger_mode="always_last",
        )  # fmt: skip
    another.click(lambda seed: int(seed or 0) + 1, [seed], [seed], show_progress="hidden")


def _looked_at(
    made: Generator, reader: keras.Model, here: Place, at: np.ndarray
) -> tuple[str, str, str, str]:
    """What is said, the image here, those on the line, and those of the plane around it."""
    way, aside = at[0], at[1:]
    along, around = np.linspace(0, 1, _STEPS), _around()
    line, plane = np.full((_STEPS, 2), aside), np.full(len(around), way)
    noise = [here.noise(at[:1], at[None, 1:]), here.noise(along, line), here.noise(plane, around)]
    images = made(np.concatenate(noise))
    answers = np.asarray(reader(images, training=False))[:, -10:]
    digits, ends = answers.argmax(axis=1), (1, 1 + _STEPS)
    caption = _(
        "Here. A classifier takes it for a {digit}, with {share}.",
        digit=digits[0],
        share=percent(answers[0].max()),
    )
    (_one, on_line, in_plane), (_first, line_digits, plane_digits) = (
        np.split(each, ends) for each in (images, digits)
    )
    return (
        said(told(on_line, in_plane)),
        _captioned(caption, np.round(255 * (1 - images[0])).astype(np.uint8), caption),
        _captioned(
            _("From A to B; framed: nearest to here"),
            tiles(on_line, _STEPS, int(np.argmin(np.abs(along - way)))),
            _("From A to B, as a classifier reads them: {digits}", digits=_listed(line_digits)),
        ),
        _captioned(
            _("Around that point of the line: the first direction to the right, the second one down"),
            tiles(in_plane, _ACROSS, int(np.argmin(np.sum((around - aside) ** 2, axis=1)))),
            _("Around it, row by row: {digits}", digits=_listed(plane_digits)),
        ),
    )


def _around() -> np.ndarray:
    """How far each image of the plane lies along the two directions, row by row: (25, 2)."""
    across = np.linspace(-_REACH, _REACH, _ACROSS)
    return np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)


def told(line: np.ndarray, plane: np.ndarray) -> Text:
    """Whether a generator is smooth, jumps, or makes the same everywhere.

    Args:
        line: Images of a line, in order.
        plane: Others, of a plane.
    """
    far, all_of_them = _lengths(np.diff(line, axis=0)), np.concatenate([line, plane])
    fields = {"least": far.min(), "most": far.max(), "same": _SAME}
    if _lengths(all_of_them - line[0]).max() < _SAME:
        return _(
            "The same image everywhere, less than {same:g} from one to the other: so looks a generator "
            "that has collapsed.",
            **fields,
        )
    if far.max() > _JUMP * np.median(far):
        jump = int(far.argmax()) + 1
        return _(
            "A jump: from image {jump} of the line to the next one it is {most:.1f}; the least step is "
            "{least:.1f}.",
            jump=jump,
            **fields,
        )
    return _(
        "Smooth: from one image of the line to the next it is {least:.1f} to {most:.1f}. (Below "
        "{same:g} two images count as the same.)",
        **fields,
    )


def _captioned(caption: object, pixels: np.ndarray, words: object) -> str:
    return f'<p class="small">{escape(str(caption))}</p>{image(pixels, words, ink=False)}'


def _listed(digits: np.ndarray) -> str:
    return ", ".join(map(str, digits))


PAGE = Page(
    _("A walk through latent space"),
    _(
        "Each image is made of a row of random numbers. Move one slider: a good generator changes its "
        "image smoothly, and somewhere on the way a 3 turns into an 8. Where it jumps, it has learnt "
        "images and nothing between them; where all places look alike, it has collapsed."
    ),
    build,
)
